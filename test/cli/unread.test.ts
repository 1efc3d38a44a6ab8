import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jsonLines, run } from '../support/commandLine.ts';
import { createOpened } from '../support/sockets.ts';

// What of a file cannot be read is never passed over in silence.

describe('roundtrip with what it cannot read', () => {
  const opened = createOpened();
  let directory: string;
  let origin: string;
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const sent = (stdout: string) => jsonLines(stdout).map(({ request }) => request.url.slice(origin.length));

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-unread-'));
    origin = `http://127.0.0.1:${await opened.serve(createServer((_, response) => response.end()))}`;
  });

  after(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  it('names the blocks that hold no request, sends the others, and the code says so', async () => {
    const path = file(
      'd.http', `### one\nGET ${origin}/1\n\n### two\n< {%\n  a();\nGET ${origin}/2\n\n### three\nnothing here\n`,
    );
    const { code, stdout, stderr } = await run(['send', path, '--json']);
    deepEqual([code, sent(stdout)], [1, ['/1']]);
    const lines = stderr.trimEnd().split('\n');
    equal(lines.length, 2, stderr);
    match(lines[0]!, /^roundtrip: No request is read here, .*d\.http:5:1: This script is not closed/);
    match(lines[1]!, /d\.http:10:1: This line is neither/);
    const two = await run(['send', `${path}#two`]);
    equal(two.code, 2);
    match(
      two.stderr, /d\.http:5:1: This script is not closed[^\n]*\n[^\n]*d\.http:10:1[^\n]*\n.*no request named “two”/,
    );
    deepEqual(await run(['send', `${path}#one`]).then(({ code, stderr }) => [code, stderr]), [0, '']);
  });

  it('reads on after a line that is no variable, and says that it is none', async () => {
    const path = file('v.http', `@my var = 1\n@host ${origin}\n@ok = 1\n### one\nGET ${origin}/{{ok}}\n`);
    const { code, stdout, stderr } = await run(['send', path, '--json']);
    deepEqual([code, sent(stdout)], [1, ['/1']]);
    match(stderr, /v\.http:1:1: The name of a variable has no spaces.*\n.*v\.http:2:1: .*= is missing/);
  });

  it('says of a file that is too large that it is', async () => {
    const { code, stderr } = await run(['send', file('big.http', `GET ${origin}/\n\n${'a'.repeat(5 * 1024 * 1024)}`)]);
    equal(code, 2);
    match(stderr, /^roundtrip: .*big\.http is larger than 5 MiB[^\n]*\n$/);
  });

  it('reads UTF-16 with a byte order mark, also of what is imported', async () => {
    const little = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
    const big = (text: string) => little(text).swap16();
    file('imported.http', big('@path = imported\r\n'));
    const one = file('le.http', little(`import ./imported.http\r\n\r\nGET ${origin}/é/{{path}}\r\n`));
    const other = file('be.http', big(`GET ${origin}/be\r\n`));
    for (const [path, url] of [[one, '/%C3%A9/imported'], [other, '/be']] as const) {
      const { code, stdout, stderr } = await run(['send', path, '--json']);
      deepEqual([code, sent(stdout), stderr], [0, [url], '']);
    }
  });

  it('names the encoding of a file that it cannot read', async () => {
    const text = Buffer.from(`GET ${origin}/\r\n`, 'utf16le');
    for (const [bytes, said] of [
      [text, /its bytes look like UTF-16LE\. Save it as UTF-8/], [Buffer.from(text).swap16(), /UTF-16BE/],
      [Buffer.from('GET http://a/\n\n\0'), /holds NUL bytes/],
      [Buffer.from([0xff, 0xfe, 0, 0, 0x47, 0, 0, 0]), /UTF-32/],
    ] as const) {
      const { code, stderr } = await run(['send', file('nul.http', bytes)]);
      equal(code, 2);
      match(stderr, said);
    }
  });
});
