import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../support/commandLine.ts';

describe('roundtrip parse --resolved', () => {
  let directory: string;
  const shown = async (text: string, ...more: string[]) => {
    const path = join(directory, 'a.http');
    writeFileSync(path, text);
    const { code, stdout, stderr } = await run(['parse', path, '--resolved', '--json', ...more]);
    equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const problems = ({ requests }: { requests: { problems: { code: string; line: number }[] }[] }) =>
    requests.map((request) => request.problems.map(({ code, line }) => `${code} ${line}`));

  before(() => { directory = mkdtempSync(join(tmpdir(), 'roundtrip-obstacles-')); });
  after(() => rmSync(directory, { recursive: true }));

  const asking = '# @prompt user Who?\nGET http://a.test/{{user}}?b={{$input Place}}&c={{$pick One $value: x,y}}\n';

  it('says of what is asked for that it is, not that it has no value', async () => {
    const file = await shown(asking);
    deepEqual(problems(file), [['prompt-asked 2', 'prompt-asked 2', 'prompt-asked 2']]);
    const [{ message }] = file.requests[0].problems;
    match(message, /^user is asked for when the request is sent\. Give --var "user=value"/);
    deepEqual(file.requests[0].names.map(({ fault, origin }: any) => [fault.code, origin.kind]),
      [['prompt-asked', 'prompt'], ['prompt-asked', 'prompt'], ['prompt-asked', 'prompt']]);
  });

  it('puts in what --var answers', async () => {
    const file = await shown(asking, '--var', 'user=ada', '--var', 'Place=here', '--var', 'One=y');
    deepEqual(problems(file), [[]]);
    equal(file.requests[0].url, 'http://a.test/ada?b=here&c=y');
  });

  it('tells of files that are not there, and of requests that need each other', async () => {
    writeFileSync(join(directory, 'here.json'), '{}');
    const files = await shown('@d = ./n\nPOST http://a.test/\n\n< ./here.json\n< {{d}}ope.json\n');
    deepEqual(problems(files), [['body-file-missing 5']]);
    const needs = await shown(
      '# @name a\n# @ref b\nGET http://a.test/\n###\n# @name b\n# @ref a\nGET http://a.test/\n###\n# @ref c\nGET http://a.test/\n',
    );
    deepEqual(problems(needs), [['ref-cycle 2'], ['ref-cycle 6'], ['ref-unknown 9']]);
  });
});
