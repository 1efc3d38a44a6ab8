import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jsonLines, run } from '../support/commandLine.ts';
import { createOpened } from '../support/sockets.ts';

// Environments, variables and secrets of the built command line.

describe('roundtrip with environments', () => {
  const opened = createOpened();
  let directory: string;
  let path: string;
  let origin: string;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-environments-'));
    // What was asked comes back in the content.
    const server = createServer((request, response) => response.end(`${request.url} ${request.headers['x-key']}`));
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
    const write = (name: string, content: unknown) =>
      writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
    mkdirSync(join(directory, '.git'));
    mkdirSync(join(directory, 'api'));
    write('http-client.env.json', { dev: { origin, who: 'dev' }, stage: { origin: 'http://127.0.0.1:1' } });
    write('http-client.private.env.json', { dev: { key: 's3cr3t/key', who: 'private' } });
    write('extra.env.txt', 'who=extra\nmore=1');
    path = join(directory, 'api', 'a.http');
    write('api/a.http', '@mine = {{who}}!\n### T\n# @name n\nGET {{origin}}/{{mine}}?k={{%key}}\nX-Key: {{key}}\n');
  });

  after(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  it('sends what the environment says, and shows no secret of it', async () => {
    const { code, stdout, stderr } = await run(['send', path, '--env', 'dev', '--json']);
    equal(code, 0, stderr);
    const [sent] = jsonLines(stdout);
    match(sent.request.url, /^http:\/\/127\.0\.0\.1:\d+\/•••!\?k=•••$/);
    equal(sent.response.content, '/•••!?k=••• •••');
    doesNotMatch(stdout, /s3cr3t|"secrets"/);
    const shown = await run(['send', path, '--env', 'dev', '--json', '--include-secrets']);
    match(jsonLines(shown.stdout)[0].response.content, /^\/private!\?k=s3cr3t%2Fkey s3cr3t\/key$/);
  });

  it('draws no secret and writes none into an archive', async () => {
    const har = join(directory, 'out.har');
    const { code, stdout, stderr } = await run(['send', path, '--env', 'dev', '--har', har]);
    equal(code, 0, stderr);
    match(stdout, /\/•••!\?k=•••/);
    doesNotMatch(stdout, /more bytes/);
    doesNotMatch(stdout + stderr + readFileSync(har, 'utf8'), /s3cr3t/);
  });

  it('takes variables from the command line before all others', async () => {
    const words = ['--env', 'dev', '--var', 'who=a=b', '--var', 'key=none', '--json'];
    const { stdout, stderr } = await run(['send', path, ...words]);
    equal(jsonLines(stdout)[0]?.response.content, '/a=b!?k=••• •••', stderr);
  });

  it('refuses what has no value in the environment', async () => {
    const { code, stderr } = await run(['send', path, '--env', 'stage']);
    equal(code, 1);
    match(stderr, /a\.http:4:.*who.* has no value/);
  });

  it('names the environments when there is no such one', async () => {
    const { code, stdout, stderr } = await run(['send', path, '--env', 'prod']);
    deepEqual([code, stdout], [2, '']);
    match(
      stderr, /^roundtrip: There is no environment “prod” for .*: dev, stage\. They were looked for in [^\n]*api, [^\n]*\.\n$/,
    );
    const none = await run(['parse', '-', '--env', 'prod', '--var-file', join(directory, 'nothing')], {
      input: 'GET http://h.test/',
    });
    equal(none.code, 2);
    match(none.stderr, /nothing cannot be read.*--var-file/);
    match((await run(['send', path, '--var', 'x'])).stderr, /--var takes NAME=VALUE, not “x”/);
  });

  it('tells what each name stands for and what it shadows', async () => {
    const { stdout } = await run([
      'parse', path, '--json', '--env', 'dev', '--var-file', join(directory, 'extra.env.txt'),
    ]);
    const parsed = JSON.parse(stdout);
    deepEqual([parsed.environments, parsed.environment], [['dev', 'stage'], 'dev']);
    deepEqual(
      parsed.environmentProblems.map(({ code, line }: { code: string; line: number }) => [code, line]),
      [['environment-private-wins', 1]],
    );
    const [request] = parsed.requests;
    match(request.url, /\/•••!\?k=•••$/);
    const names = Object.fromEntries(request.names.map((one: { name: string }) => [one.name, one]));
    deepEqual(Object.keys(names), ['origin', 'mine', 'who', 'key']);
    deepEqual([names.mine.value, names.mine.written, names.mine.origin], ['•••', undefined, { kind: 'file', line: 1 }]);
    deepEqual([names.key.value, names.key.secret, names.key.origin.layer], ['•••', true, 'private']);
    deepEqual(names.who.shadows.map(({ value, origin }: { value: string; origin: { layer: string; line: number } }) =>
      [value, origin.layer, origin.line]), [['dev', 'public', 1], ['•••', 'dotenv', 1]]);
    doesNotMatch(stdout, /s3cr3t/);
    const shown = JSON.parse(
      (await run(['parse', path, '--json', '--env', 'dev', '--include-secrets'])).stdout,
    ).requests[0];
    match(shown.url, /private!\?k=s3cr3t%2Fkey$/);
  });

  it('says why a name has no value', async () => {
    const [request] = JSON.parse((await run(['parse', path, '--json', '--resolved'])).stdout).requests;
    equal(request.names[0].name, 'origin');
    deepEqual([request.names[0].value, request.names[0].fault.code], [null, 'variable-undefined']);
    match(request.names[0].fault.message, /has no value/);
  });

  it('tells the same to a person', async () => {
    const { stdout } = await run(['parse', path, '--env', 'dev']);
    match(stdout, /Environments\n {2}dev \*, stage\n/);
    match(stdout, /who = •••  \(.*private\.env\.json:1 \(dev\), instead of .*http-client\.env\.json:1 \(dev\)\)/);
    const korean = await run(['parse', path, '--env', 'dev'], { env: { LC_ALL: 'ko_KR.UTF-8' } });
    match(korean.stdout, /4번째 줄의 요청에 쓰인 값/);
  });

  it('reads REST Client’s environments from the project’s settings', async () => {
    mkdirSync(join(directory, '.vscode'));
    const settings = join(directory, '.vscode', 'settings.json');
    writeFileSync(settings, '{ // of the project\n"rest-client.environmentVariables": {"$shared": {"v": "1"},'
      + '"rc": {"who": "{{$shared v}}.{{v}}", "origin": "http://h.test"},} }');
    const [request] = JSON.parse(
      (await run(['parse', path, '--json', '--env', 'rc', '--var', 'key=x'])).stdout,
    ).requests;
    rmSync(settings);
    equal(request.url, 'http://h.test/1.1!?k=x');
    deepEqual(request.names.find(({ name }: { name: string }) => name === 'who').origin,
      { kind: 'environment', layer: 'settings', environment: 'rc', source: 'rest-client.environmentVariables' });
  });

  it('finds REST Client’s settings beside the file and above it, its headers too', async () => {
    mkdirSync(join(directory, 'api', '.vscode'));
    mkdirSync(join(directory, '.vscode'), { recursive: true });
    const near = join(directory, 'api', '.vscode', 'settings.json');
    const far = join(directory, '.vscode', 'settings.json');
    writeFileSync(near, '{ "rest-client.environmentVariables": { "near": { "who": "n" } } }');
    writeFileSync(
      far, '{ "rest-client.environmentVariables": { "far": {} }, "rest-client.defaultHeaders": { "x-key": "default", "X-More": "m", "X-No": 1 } }',
    );
    const words = ['--env', 'near', '--var', 'key=own', '--json'];
    const { stdout, stderr } = await run(['send', path, ...words, '--include-secrets', '--var', `origin=${origin}`]);
    const [sent] = jsonLines(stdout);
    rmSync(near);
    rmSync(far);
    equal(sent?.response.content, '/n!?k=own own', stderr);
    const headers = new Map(sent.request.headers.map(([name, value]: [string, string]) => [name.toLowerCase(), value]));
    deepEqual([headers.get('x-more'), headers.has('x-no')], ['m', false]);
  });

  it('gives the place of everything', async () => {
    const { requests: [request], nodes } = JSON.parse((await run(['parse', path, '--json'])).stdout);
    deepEqual(nodes.variables[0].valueRange, { start: { line: 0, character: 8 }, end: { line: 0, character: 16 } });
    deepEqual(request.nodes.headers[0].nameRange, { start: { line: 4, character: 0 }, end: { line: 4, character: 5 } });
    deepEqual(request.nodes.metadata[0].key, 'name');
    equal(request.nodes.url.text, '{{origin}}/{{mine}}?k={{%key}}');
    equal(request.url, request.nodes.url.text);
    equal(request.names, undefined);
  });
});
