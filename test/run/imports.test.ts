import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile } from '../../src/httpFile/syntax.ts';
import { importLines, loadImports } from '../../src/run/imports.ts';
import type { Imports } from '../../src/run/imports.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';

describe('imports', () => {
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'roundtrip-imports-'));
    await mkdir(join(root, 'inner/deeper'), { recursive: true });
    const files: Record<string, string> = {
      'outside.http': '@outside = 1\n',
      'inner/base.http': '@host = {{scheme}}://base.test\n@scheme = http\n@twice = base\n\n### Log in\n# @name login\nPOST {{host}}/login\n',
      'inner/more.http': 'import ./deeper/last.http\n@twice = more\n',
      'inner/deeper/last.http': 'import ../base.http\nimport ../more.http\n@last = {{host}}/last\n',
      'inner/self.http': 'import ./self.http\n@self = 1\n',
      'inner/broken.http': 'import ./gone.http\n',
      'inner/한 글.http': '@korean = 1\n',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
    await symlink(join(root, 'outside.http'), join(root, 'inner/link.http'));
    for (let at = 0; at < 40; at++) await writeFile(
      join(root, `inner/chain${at}.http`), `import ./chain${at + 1}.http\n`,
    );
  });
  after(() => rm(root, { recursive: true }));

  const uri = (name = 'main.http') => pathToFileURL(join(root, 'inner', name)).href;
  const read = async (wanted: string): Promise<HttpFile | undefined> => {
    try {
      return parse(await readFile(fileURLToPath(wanted), 'utf8'));
    } catch {
      return undefined;
    }
  };
  const load = (input: string, inside?: string): Promise<Imports> =>
    loadImports(parse(input), uri(), { read, ...(inside === undefined ? {} : { inside }) });
  const namesIn = ({ files }: Imports): string[] => files.map((one) => decodeURI(one.uri.slice(uri('').length + 1)));

  it('are found wherever they are written', () => {
    const input = 'import ./a.http\n# @import ./b.http\n\n###\n// @import = "./c d.http"\nGET http://a.test/\n\n###\nimport \'e.http\'\nimport ../f.rest\n';
    assert.deepEqual(importLines(parse(input)).map(({ path, range }) => `${path} ${range.start.line}`),
      ['./a.http 0', './b.http 1', './c d.http 4', 'e.http 8', '../f.rest 9']);
    assert.deepEqual(parse(input).problems, []);
  });

  it('are read once each, those of imported files too', async () => {
    const imports = await load('import ./base.http\nimport ./more.http\nimport ./한 글.http\nimport ./base.http\n');
    assert.deepEqual(namesIn(imports), ['base.http', 'more.http', 'deeper/last.http', '한 글.http']);
    assert.deepEqual(imports.problems, []);
  });

  it('may go round in a circle', async () => {
    assert.deepEqual(namesIn(await load('import ./self.http\nimport ./main.http\n')), ['self.http']);
  });

  it('say at their line what cannot be read', async () => {
    const { problems } = await load(
      'import ./base.http\n\nimport ./nowhere.http\nimport ./broken.http\nimport ./deeper\n',
    );
    assert.deepEqual(problems.map(({ code, places, range }) => `${code} ${places.path} ${range.start.line}`),
      ['import-missing ./nowhere.http 2', 'import-missing ./gone.http 3', 'import-missing ./deeper 4']);
  });

  it('go at most 32 deep', async () => {
    const imports = await load('import ./chain0.http\n');
    assert.equal(imports.files.length, 32);
    assert.deepEqual(imports.problems.map(({ code, range }) => `${code} ${range.start.line}`), ['import-too-deep 0']);
  });

  it('stay inside the folder of a workspace that is not trusted', async () => {
    const imports = await load(
      'import ../outside.http\nimport ./link.http\nimport ../not-there.http\nimport ./base.http\n', join(root, 'inner'),
    );
    assert.deepEqual(namesIn(imports), ['base.http']);
    assert.deepEqual(
      imports.problems.map(({ code, range }) => `${code} ${range.start.line}`),
      [0, 1, 2].map((line) => `import-outside ${line}`),
    );
    assert.equal((await load('import ../outside.http\nimport ./link.http\n')).files.length, 2);
  });

  it('make variables known, after the file’s own', async () => {
    const input = '@scheme = https\nimport ./more.http\nGET {{last}}?{{twice}}';
    const file = parse(input);
    const { files } = await load(input);
    const result = await prepare(file.requests[0]!, {
      file, uri: uri(), directory: root, options: {}, trusted: true, newId: () => 'id', imported: files,
    });
    assert.ok(result.ok, JSON.stringify(result.problems));
    assert.equal(result.spec.url, 'https://base.test/last?more');
  });
});
