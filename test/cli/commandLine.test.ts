import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

import { jsonLines, run, start } from '../support/commandLine.ts';
import { createOpened } from '../support/sockets.ts';

// The built command line as a user runs it, against a real server.

let directory: string;
const opened = createOpened();
const server = createServer((request, response) => void answer(request, response));
let origin: string;
const seen: { method: string | undefined; body: string }[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  seen.push({ method: request.method, body: Buffer.concat(chunks).toString() });
  switch (request.url) {
    case '/slow': return;
    case '/binary':
      response.end(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
      return;
    case '/korean':
      response.setHeader('content-type', 'text/plain; charset=euc-kr');
      response.end(Buffer.from([0x8c, 0x63])); // 똠, a syllable of CP949
      return;
    default:
      response.setHeader('Set-Cookie', 'a=s3cret');
      response.end(`hello ${request.url}`);
  }
}

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('roundtrip', () => {
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-cli-'));
    origin = `http://127.0.0.1:${await opened.serve(server)}`;
  });

  after(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  describe('send', () => {
    it('leaves disabled requests out of all, and sends one that is chosen', async () => {
    const path = file('disabled.http', `# @disabled\nGET ${origin}/off\n\n###\nGET ${origin}/on\n`);
    const all = await run(['send', path, '--json']);
    deepEqual(jsonLines(all.stdout).map(({ request }) => new URL(request.url).pathname), ['/on']);
    match(all.stderr, /disabled\.http:2:1: left out: disabled\./);
    equal(all.code, 0);
    const one = await run(['send', `${path}:2`, '--json']);
    deepEqual(jsonLines(one.stdout).map(({ request }) => new URL(request.url).pathname), ['/off']);
    equal(one.stderr, '');
  });

  it('sends every request in order and prints one line of JSON for each', async () => {
      const path = file(
        'two.http',
        `@origin = ${origin}\n\n### One\nGET {{origin}}/one\n\n### Two\n# @name two\nPOST {{origin}}/two\nContent-Type: text/plain\n\nbody\n`,
      );
      const { code, stdout, stderr } = await run(['send', path, '--json']);
      equal(code, 0, stderr);
      const [one, two] = jsonLines(stdout);
      equal(one.response.statusCode, 200);
      equal(one.response.content, 'hello /one');
      equal(one.response.contentSize, 10);
      equal(one.request.sent, true);
      deepEqual(one.phases.map((phase: { name: string }) => phase.name), ['blocked', 'tcp', 'send', 'wait', 'receive']);
      ok(one.phases.every((phase: { start: number; duration: number }) => phase.start >= 0 && phase.duration >= 0));
      equal(two.name, 'two');
      equal(two.request.method, 'POST');
      equal(two.reused, true);
      deepEqual(two.phases.map((phase: { name: string }) => phase.name), ['blocked', 'send', 'wait', 'receive']);
      equal(two.connection.id, one.connection.id);
      equal(seen.at(-1)?.body, 'body');
    });

    it('sends one of them by its line, its name or its title', async () => {
      const path = file(
        'three.http',
        `### First\nGET ${origin}/1\n\n### Second\n# @name b\nGET ${origin}/2\n\n###\n\nGET ${origin}/3\n`,
      );
      for (const [selection, target] of [[':2', '/1'], [':6', '/2'], ['#b', '/2'], ['#First', '/1'], [':10', '/3']]) {
        const { stdout } = await run(['send', `${path}${selection}`, '--json']);
        deepEqual(jsonLines(stdout).map((line) => line.request.requestTarget), [target], selection);
      }
    });

    it('reads standard input', async () => {
      const { code, stdout } = await run(['send', '-', '--json'], { input: `GET ${origin}/stdin\n` });
      equal(code, 0);
      equal(jsonLines(stdout)[0].response.content, 'hello /stdin');
    });

    it('cuts the content at --max-content and says its whole size', async () => {
      const { stdout } = await run(['send', '-', '--json', '--max-content', '5'], { input: `GET ${origin}/long\n` });
      const { response } = jsonLines(stdout)[0];
      deepEqual([response.content, response.contentSize], ['hello', 11]);
    });

    it('gives bytes that are not text in base64, and decodes charsets', async () => {
      const { stdout } = await run(['send', '-', '--json'], {
        input: `GET ${origin}/binary\n###\nGET ${origin}/korean\n`,
      });
      const [binary, korean] = jsonLines(stdout);
      deepEqual([binary.response.content, binary.response.contentEncoding], ['//4AgA==', 'base64']);
      equal(korean.response.content, '똠');
    });

    it('draws phases and response for a person', async () => {
      const { code, stdout } = await run(['send', '-'], { input: `GET ${origin}/person\n` });
      equal(code, 0);
      match(stdout, /GET http:\/\/127\.0\.0\.1:\d+\/person → 200 OK/);
      match(stdout, /Waiting \(TTFB\)/);
      match(stdout, /hello \/person/);
      ok(!stdout.includes('\u001b'), 'no colours without a terminal');
    });

    it('speaks Korean in a Korean locale', async () => {
      const { stdout } = await run(['send', '-'], { input: `GET ${origin}/ko\n`, env: { LC_ALL: 'ko_KR.UTF-8' } });
      match(stdout, /응답 대기/);
    });

    it('fails with code 1, one line and a next step when nobody listens', async () => {
      const { code, stdout, stderr } = await run(['send', '-', '--json'], { input: 'GET http://127.0.0.1:1/\n' });
      equal(code, 1);
      const [line] = jsonLines(stdout);
      equal(line.failure.phase, 'tcp');
      equal(line.failure.code, 'connection-refused');
      match(line.failure.message, /127\.0\.0\.1:1/);
      deepEqual(line.request, { sent: false, method: 'GET', url: 'http://127.0.0.1:1/', headers: [] });
      match(stderr, /^roundtrip: -:1: .*→ .*\n$/);
    });

    it('goes on after a failure, and the code says that one failed', async () => {
      const { code, stdout } = await run(['send', '-', '--json'], {
        input: `GET http://127.0.0.1:1/\n###\nGET ${origin}/next\n`,
      });
      equal(code, 1);
      equal(jsonLines(stdout)[1].response.statusCode, 200);
    });

    it('takes a 404 for an answer like any other', async () => {
      const { code } = await run(['send', '-', '--json'], { input: 'GET {{$lab.http}}/status/404\n' });
      equal(code, 0);
    });

    it('stops at --timeout', async () => {
      const { code, stdout } = await run(['send', '-', '--json', '--timeout', '200ms'], {
        input: `GET ${origin}/slow\n`,
      });
      equal(code, 1);
      const { failure } = jsonLines(stdout)[0];
      deepEqual([failure.phase, failure.code], ['wait', 'total-timeout']);
    });

    it('ends at Ctrl+C with what was seen and code 130', async () => {
      const { child, ended } = start(['send', '-', '--json'], { input: `GET ${origin}/slow\n` });
      await once(server, 'request');
      child.kill('SIGINT');
      const { code, stdout } = await ended;
      equal(code, 130);
      equal(jsonLines(stdout)[0].failure.code, 'cancelled');
    });

    it('refuses an undefined variable, with its place, and sends nothing', async () => {
      const before = seen.length;
      const { code, stdout, stderr } = await run(['send', '-', '--json'], { input: `GET ${origin}/{{nobody}}\n` });
      equal(code, 1);
      equal(stdout, '');
      match(stderr, /^roundtrip: Not sent, -:1:\d+: nobody has no value.*\n$/);
      equal(seen.length, before);
    });

    it('writes an HTTP Archive with credentials masked', async () => {
      const har = join(directory, 'out.har');
      const input = `GET ${origin}/har\nAuthorization: Bearer tok3n\n`;
      equal((await run(['send', '-', '--json', '--har', har], { input })).code, 0);
      const text = readFileSync(har, 'utf8');
      ok(!text.includes('tok3n') && !text.includes('s3cret'));
      const [entry] = JSON.parse(text).log.entries;
      equal(entry.response.content.text, 'hello /har');
      equal((await run(['send', '-', '--har', har, '--include-secrets'], { input })).code, 0);
      ok(readFileSync(har, 'utf8').includes('tok3n'));
    });

    const wrong: [string, string[], string, RegExp][] = [
      ['a file that is not there', ['/nowhere/x.http'], '', /cannot be read.*Check the path/],
      ['an empty file', ['-'], '', /holds no request/],
      ['a file for --cacert that holds no certificate', ['-', '--cacert', '/dev/null'], 'GET http://x/\n', /holds no certificate/],
    ];
    for (const [name, words, input, message] of wrong) {
      it(`says in one line what is wrong with ${name}`, async () => {
        const { code, stderr } = await run(['send', ...words], { input });
        equal(code, 2);
        match(stderr, message);
        equal(stderr.trimEnd().split('\n').length, 1);
      });
    }

    it('says which lines and names there are', async () => {
      const path = file('named.http', `### A\n# @name a\nGET ${origin}/\n`);
      match((await run(['send', `${path}#b`])).stderr, /no request named “b”.*: a\./);
      match((await run(['send', `${path}:99`])).stderr, /no request at line 99.*lines 3/);
    });
  });

  describe('send, with the lab', () => {
    it('starts it for a {{$lab…}} variable, trusts it, and shows its side', async () => {
      const input = [
        'POST {{$lab.https}}/login', 'Content-Type: application/json', '', '{"user":"ada","password":"lovelace"}', '',
        '###', 'GET {{$lab.https}}/me', '',
      ].join('\n');
      const { code, stdout, stderr } = await run(['send', '-', '--json'], { input });
      equal(code, 0, stderr);
      const [login, me] = jsonLines(stdout);
      equal(login.request.httpVersion, '2');
      equal(login.connection.tls.facts.verified, true);
      equal(login.cookies.received[0].accepted, true);
      equal(me.cookies.sent[0].name, login.cookies.received[0].name);
      const session = me.servers[0].events.find((event: { type: string }) => event.type === 'session-loaded');
      deepEqual([session.outcome, session.user], ['found', 'ada']);
      const finished = me.servers[0].events.at(-1);
      ok(finished.at >= me.startAt, 'both ends lie on one axis');
    });

    it('says that each end sent before the other end has read it', async () => {
      for (const origin of ['{{$lab.http}}', '{{$lab.https}}']) {
        const input = Array.from({ length: 10 }, () => `GET ${origin}/json\n`).join('\n###\n');
        const { stdout } = await run(['send', '-', '--json'], { input });
        for (const { startAt, endAt, phases, servers } of jsonLines(stdout)) {
          const side = servers.at(-1);
          const send = phases.find((phase: { name: string }) => phase.name === 'send');
          const parsed = side.events.find((event: { type: string }) => event.type === 'head-parsed');
          ok(startAt + send.start + send.duration <= parsed.at);
          const finished = side.events.find((event: { type: string }) => event.type === 'response-finished');
          ok(finished.at <= endAt);
        }
      }
    });

    it('speaks the version asked for', async () => {
      for (const [option, version] of [['--http1.1', '1.1'], ['--http2', '2']] as const) {
        const { stdout } = await run(['send', '-', '--json', option], { input: 'GET {{$lab.https}}/json\n' });
        equal(jsonLines(stdout)[0].response.httpVersion, version);
      }
    });
  });

  describe('parse', () => {
    it('gives the text as written, and after substitution with --resolved', async () => {
      const path = file(
        'parse.http',
        '@host = h.test\n\n### T\n# @name n\nPUT http://{{host}}/x HTTP/1.1\nA: {{host}}\n\n{"h":"{{host}}"}\n',
      );
      const written = JSON.parse((await run(['parse', path, '--json'])).stdout);
      const [request] = written.requests;
      deepEqual([request.line, request.name, request.method, request.url, request.httpVersion],
        [5, 'n', 'PUT', 'http://{{host}}/x', 'HTTP/1.1']);
      deepEqual(request.headers, [['A', '{{host}}']]);
      equal(request.body, '{"h":"{{host}}"}');
      deepEqual(written.variables, [{ name: 'host', value: 'h.test', line: 1 }]);
      const resolved = JSON.parse((await run(['parse', path, '--json', '--resolved'])).stdout).requests[0];
      deepEqual(
        [resolved.url, resolved.headers, resolved.body], ['http://h.test/x', [['A', 'h.test']], '{"h":"h.test"}'],
      );
    });
  });

  describe('lab', () => {
    it('prints addresses, authority and ports first, serves, and ends when told to', async () => {
      const { child, ended } = start(['lab', '--json']);
      const [chunk] = await once(child.stdout!, 'data') as [string];
      const addresses = JSON.parse(chunk);
      match(addresses.certificateAuthority.pem, /BEGIN CERTIFICATE/);
      const response = await fetch(`http://127.0.0.1:${addresses.http.port}/json`);
      equal(response.status, 200);
      await response.arrayBuffer();
      child.kill('SIGTERM');
      equal((await ended).code, 0);
    });
  });
});
