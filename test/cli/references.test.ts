import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { jsonLines, run } from '../support/commandLine.ts';

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** Sent in order: `METHOD /path status`, and what the server got or said. */
function shown(stdout: string): string[] {
  return jsonLines(stdout).map(({ request, response }) =>
    `${request.method} ${new URL(request.url).pathname}${new URL(request.url).search} ${response?.statusCode ?? '–'}`);
}

describe('roundtrip send, from one response into the next request', () => {
  let folder: string;
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'roundtrip-references-'));
    write(
      'login.http',
      '@lab = {{$lab.https}}\n\n### Log in\n# @name log-in\nPOST {{lab}}/token\nContent-Type: application/json\n\n{ "user": "ada", "password": "lovelace" }\n',
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const account = 'GET {{lab}}/account\nAuthorization: Bearer {{login.response.body.$.access_token}}\n';
  const login = '### Log in\n# @name login\nPOST {{lab}}/token\nContent-Type: application/json\n\n{ "user": "ada", "password": "lovelace" }\n\n';

  it('takes a token from a body into a header', async () => {
    const path = write(
      'flow.http',
      `@lab = {{$lab.https}}\n\n${login}### Account\n# @name account\n${account}\n### Again\nGET {{lab}}/search?user={{account.response.body.$.user}}&first={{account.orders[0].item}}&type={{%accountResponse.headers['content-type']}}\n`,
    );
    const { code, stdout, stderr } = await run(['send', path, '--json']);
    equal(stderr, '');
    equal(code, 0);
    deepEqual(
      shown(stdout),
      ['POST /token 200', 'GET /account 200', 'GET /search?user=ada&first=2&type=application%2Fjson 200'],
    );
  });

  it('never sends the other request by itself, and says what to do', async () => {
    const path = write('alone.http', `@lab = {{$lab.https}}\n\n${login}### Account\n# @name account\n${account}`);
    const { code, stdout, stderr } = await run(['send', `${path}#account`, '--json']);
    deepEqual([code, stdout], [1, '']);
    match(stderr, /alone\.http:13:23: .*Send login first, or add # @ref login\./);
  });

  it('sends what @ref names first, once, and what @forceRef names always', async () => {
    const path = write(
      'ref.http',
      `@lab = {{$lab.https}}\n\n${login}### Account\n# @name account\n# @ref login\n${account}\n### Forced\n# @name forced\n# @forceRef login\n# @ref account\n${account}`,
    );
    deepEqual(
      shown((await run(['send', `${path}#account`, '--json'])).stdout), ['POST /token 200', 'GET /account 200'],
    );
    deepEqual(
      shown((await run(['send', `${path}#forced`, '--json'])).stdout),
      ['POST /token 200', 'GET /account 200', 'GET /account 200'],
    );
    deepEqual(
      shown((await run(['send', path, '--json'])).stdout),
      ['POST /token 200', 'GET /account 200', 'POST /token 200', 'GET /account 200'],
    );
  });

  it('knows the requests and variables of imported files', async () => {
    const path = write(
      'imports.http', `import ./login.http\n\n### Account\n# @ref logIn\n${account.replace('login', 'logIn')}`,
    );
    const { code, stdout, stderr } = await run(['send', path, '--json']);
    equal(stderr, '');
    deepEqual([code, shown(stdout)], [0, ['POST /token 200', 'GET /account 200']]);
    const missing = await run(['send', write('missing.http', 'import ./gone.http\n\n###\nGET {{lab}}/\n'), '--json']);
    match(missing.stderr, /missing\.http:1:1: \.\/gone\.http cannot be read.*\n.*missing\.http:4:5: lab has no value/);
  });

  it('does not go on when what is needed gets no response', async () => {
    const path = write(
      'failed.http',
      '### \n# @name login\nGET http://127.0.0.1:1/\n\n### \n# @name me\n# @ref login\nGET http://127.0.0.1:1/me\n',
    );
    const { code, stdout, stderr } = await run(['send', `${path}#me`, '--json']);
    deepEqual([code, shown(stdout)], [1, ['GET / –']]);
    match(stderr, /failed\.http:7:1: login, which this request needs, got no response/);
  });

  it('sends names without a value as they are written with --anyway', async () => {
    const path = write('anyway.http', 'POST {{$lab.http}}/echo\n\n{{nobody}}');
    equal((await run(['send', path, '--json'])).code, 1);
    const { code, stdout } = await run(['send', path, '--json', '--anyway']);
    equal(code, 0);
    ok(jsonLines(stdout)[0].response.content.includes('{{nobody}}'));
  });

  it('sends a request with a note only when that is confirmed', async () => {
    const path = write('note.http', '# @note This costs money.\nGET {{$lab.http}}/search\n');
    const { code, stderr } = await run(['send', path, '--json']);
    equal(code, 1);
    match(stderr, /note\.http:2:1: .*This costs money\..*--yes/);
    equal((await run(['send', path, '--json', '--yes'])).code, 0);
  });

  it('takes answers from --var, and says so where nobody can be asked', async () => {
    const path = write('ask.http', '# @prompt who\nPOST {{$lab.http}}/echo\n\n{{who}} {{$input Your city}}\n');
    const { code, stderr } = await run(['send', path, '--json']);
    equal(code, 1);
    match(stderr, /--var "who=value".*\n.*--var "Your city=value"/);
    const { stdout } = await run(['send', path, '--json', '--var', 'who=ada', '--var', 'Your city=Seoul']);
    ok(jsonLines(stdout)[0].response.content.includes('ada Seoul'));
  });

  it('asks at a terminal, and shows no secret there', async () => {
    const path = write(
      'terminal.http',
      '# @prompt who Who are you?\n# @secret code\n# @note Costs money.\nPOST {{$lab.http}}/echo\n\n{{who}}-{{code}}-{{$pick Which? $value: one,two}}-{{$input city $value: Seoul}}\n',
    );
    const answers: [string, string][] = [
      ['Who are you?: ', 'ada'], ['code: ', 's3cr3t'], ['Which? [1]: ', '2'], ['city [Seoul]: ', ''], ['(y/N) ', 'y'],
    ];
    const { code, seen } = await atTerminal(['send', path, '--json'], answers);
    equal(code, 0);
    match(seen, /ada-•••-two-Seoul/);
    ok(!seen.includes('s3cr3t'), seen);
  }).timeout(60_000);

  it('ends the run when a question is answered by Ctrl+C', async () => {
    const path = write(
      'cancel.http', '# @prompt who\nGET {{$lab.http}}/search?q={{who}}\n\n###\nGET {{$lab.http}}/search\n',
    );
    const { code, seen } = await atTerminal(['send', path, '--json'], [['who: ', '\x03']]);
    equal(code, 130);
    ok(!seen.includes('"request"'), seen);
  }).timeout(60_000);
});

/** A run in a terminal of its own (util-linux `script`): each answer is typed when its question is seen. */
function atTerminal(
  words: readonly string[], answers: readonly [question: string, answer: string][],
): Promise<{ code: number | null; seen: string }> {
  const quoted = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const waiting = [...answers];
  let seen = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    const [next] = waiting;
    const at = next ? seen.indexOf(next[0], from) : -1;
    if (!next || at < 0) return;
    from = at + next[0].length;
    waiting.shift();
    child.stdin.write(`${next[1]}\r`);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, seen }));
  });
}
