import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthorizationServer } from '../support/authorizationServer.ts';
import { createDigestServer } from '../support/digestServer.ts';
import { jsonLines, run, start } from '../support/commandLine.ts';
import { createBench } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';

describe('credentials from the command line', function () {
  this.timeout(30_000);
  let bench: Bench;
  let directory: string;
  beforeEach(() => {
    bench = createBench();
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-cli-'));
  });
  afterEach(async () => {
    await bench.close();
    rmSync(directory, { recursive: true });
  });

  function write(text: string): string {
    const path = join(directory, 'a.http');
    writeFileSync(path, text);
    return path;
  }

  it('answers a Digest challenge that a file has credentials for', async () => {
    const { server, seen } = createDigestServer({
      user: 'me', password: 'a secret', qop: 'auth', algorithms: ['SHA-256'],
    });
    const url = `http://127.0.0.1:${await bench.serve(server)}`;
    const path = write(`@p = a secret\nGET ${url}/x\nAuthorization: Digest me {{p}}\n`);
    const { code, stdout } = await run(['send', path, '--json']);
    const lines = jsonLines(stdout);
    assert.equal(code, 0);
    assert.deepEqual(lines.map(({ response }) => response.statusCode), [401, 200]);
    assert.equal(lines[1].resendOf, lines[0].id);
    assert.equal(lines[0].challenge.exchangeId, lines[1].id);
    assert.equal(lines[1].authorization.algorithm, 'SHA-256');
    assert(!stdout.includes('a secret'));
    assert.equal(seen.length, 2);
    const text = (await run(['send', path])).stdout;
    assert.match(text, /The next request answers this challenge/);
    assert.match(text, /asked for Digest credentials for “lab realm”, so the request was sent again/);
    assert(!text.includes('a secret'));
  });

  it('gets tokens by exchanges of their own, which come first', async () => {
    const { server, seen } = createAuthorizationServer({ clientSecret: 'the client secret' });
    const url = `http://127.0.0.1:${await bench.serve(server)}`;
    const auth = {
      'Type': 'OAuth2', 'Grant Type': 'Client Credentials', 'Token URL': `${url}/token`, 'Client ID': 'client',
    };
    writeFileSync(
      join(directory, 'http-client.env.json'), JSON.stringify({ dev: { Security: { Auth: { 'my-api': auth } } } }),
    );
    writeFileSync(join(directory, 'http-client.private.env.json'),
      JSON.stringify({ dev: { Security: { Auth: { 'my-api': { 'Client Secret': 'the client secret' } } } } }));
    const path = write(
      `GET ${url}/api\nAuthorization: Bearer {{$auth.token("my-api")}}\n\n### again\nGET ${url}/api\nAuthorization: Bearer {{$auth.token("my-api")}}\n`,
    );
    const { code, stdout, stderr } = await run(['send', path, '--json', '--env', 'dev']);
    assert.equal(code, 0, stderr);
    const lines = jsonLines(stdout);
    assert.deepEqual(
      lines.map(({ request, response }) => [request.method, response.statusCode]),
      [['POST', 200], ['GET', 200], ['GET', 200]],
    );
    assert(!stdout.includes('the client secret') && !stdout.includes('the+client+secret'));
    const token = seen[0]!.slice('Bearer '.length);
    assert(!JSON.stringify(lines.slice(1)).includes(token));
    const none = await run(['send', path]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /There is no authorization “my-api”/);
  });

  it('prints where to sign in, and waits for the browser', async () => {
    const { server } = createAuthorizationServer();
    const url = `http://127.0.0.1:${await bench.serve(server)}`;
    const auth = {
      'Grant Type': 'Authorization Code', 'Auth URL': `${url}/authorize`, 'Token URL': `${url}/token`,
      'Client ID': 'client',
    };
    writeFileSync(
      join(directory, 'http-client.env.json'), JSON.stringify({ $shared: { Security: { Auth: { site: auth } } } }),
    );
    const path = write(`GET ${url}/api\nAuthorization: Bearer {{$auth.token("site")}}\n`);
    const { child, ended } = start(['send', path, '--json']);
    child.stderr!.on('data', (text: string) => {
      const page = /in a browser: (\S+)/.exec(text)?.[1];
      if (page) void fetch(page);
    });
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(jsonLines(stdout).map(({ response }) => response.statusCode), [200, 200]);
  });

  it('signs for AWS', async () => {
    let authorization: string | undefined;
    const port = await bench.raw((socket) => socket.on('data', (chunk) => {
      authorization ??= /^authorization: (.*)\r$/im.exec(chunk.toString())?.[1];
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    }));
    const path = write(`GET http://127.0.0.1:${port}/\nAuthorization: AWS KEY SECRETKEY service:s3 region:eu-west-1\n`);
    const { stdout } = await run(['send', path, '--json']);
    const [line] = jsonLines(stdout);
    assert.match(authorization ?? '', /^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/eu-west-1\/s3\/aws4_request, /);
    assert.equal(line.authorization.region, 'eu-west-1');
    assert.match(line.authorization.canonicalRequest, /^GET\n\/\n\nhost:127\.0\.0\.1:\d+\n/);
    assert(!stdout.includes('SECRETKEY'));
  });
});
