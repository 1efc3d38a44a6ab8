import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldLine, RequestSpec } from '../../../../src/trace/request.ts';
import { maskExchange } from '../../../../src/trace/secrets.ts';
import { createAuthenticator } from '../../../../src/wire/http/authentication/authenticator.ts';
import { bytesBody } from '../../../../src/wire/http/requestBody.ts';
import { debianOrSkip } from '../../../support/debian.ts';
import { assertComplete, bytes, createBench, sendOne, specOf } from '../support.ts';
import type { Bench } from '../support.ts';

const accessKeyId = 'AKIDEXAMPLE';
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('AWS Signature Version 4', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  async function serve(): Promise<{ url: string; received: Received[] }> {
    const received: Received[] = [];
    const port = await bench.serve(http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        received.push({ method: method!, target: url!, headers, body: Buffer.concat(chunks) });
        response.end('ok');
      });
    }));
    return { url: `http://127.0.0.1:${port}`, received };
  }

  function signed(service: string, more: { sessionToken?: string } = {}): RequestSpec['options'] {
    return { authentication: { scheme: 'aws', accessKeyId, secretAccessKey, region: 'eu-west-1', service, ...more } };
  }

  /** Our fields for a request, at the time that another client put into its own. */
  async function fieldsFor(spec: RequestSpec, authority: string, date: string): Promise<ReadonlyMap<string, string>> {
    const now = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const authenticator = createAuthenticator({ now: () => now, cnonce: () => '' });
    const body = bytesBody(spec.body ?? []);
    const found = await authenticator.authorize(
      { spec, url: new URL(spec.url), authority, body, signal: undefined }, false,
    );
    return new Map(found!.fields.map(([name, value]) => [name.toLowerCase(), value]));
  }

  const targets = [
    '/', '/a/b', '/?b=2&a=1&a=0', '/a%20b/c?x=%2F%20y&empty&z=', '/~tilde-._/1?A=1&a=2', '/%ED%95%9C?q=%EA%B8%80',
  ];

  describe('beside curl --aws-sigv4', () => {
    let curl: string;
    before(function () { curl = debianOrSkip(this, 'curl', 'curl'); });
    // curl 7.88 signs the path and query as they are written; so only such targets as need no other form.
    for (const target of ['/', '/a/b', '/a/b?a=1&b=2']) {
      for (const [method, body, type] of [
        ['GET', undefined, undefined], ['POST', '{"a":1}', 'application/json'], ['PUT', '', 'text/plain'],
      ] as const) {
        it(`${method} ${target}`, async () => {
          const { url, received } = await serve();
          await run(curl, [
            '--silent', '--fail', '--request', method, '--aws-sigv4', 'aws:amz:eu-west-1:execute-api',
            '--user', `${accessKeyId}:${secretAccessKey}`,
            ...(body === undefined ? [] : ['--header', `Content-Type: ${type}`, '--data-binary', body]),
            `${url}${target}`,
          ]);
          const { authorization, 'x-amz-date': date, host, 'content-type': sentType } = received[0]!.headers;
          const headers: FieldLine[] = sentType === undefined ? [] : [['Content-Type', sentType]];
          const spec = specOf(`${url}${target}`, {
            method, headers, options: signed('execute-api'), ...(body === undefined ? {} : { body: [bytes(body)] }),
          });
          const ours = await fieldsFor(spec, host!, date as string);
          assert.equal(ours.get('x-amz-date'), date);
          assert.equal(ours.get('authorization'), authorization);
        });
      }
    }
  });

  describe('beside the library that REST Client uses', () => {
    const { sign } = createRequire(import.meta.url)('aws4') as
      { sign: (request: object, credentials: object) => { headers: Record<string, string> } };
    for (const service of ['execute-api', 's3']) {
      for (const target of targets) {
        it(`${service} ${target}, sent and signed`, async () => {
          const { url, received } = await serve();
          const headers: FieldLine[] = [
            ['Content-Type', 'text/plain;  charset=utf-8'], ['X-Amz-Meta-A', ' b '], ['X-Other', 'not signed'],
          ];
          const spec = specOf(url + target, {
            method: 'POST', headers, body: [bytes('{'), bytes('}')],
            options: signed(service, { sessionToken: 'session+token/=' }),
          });
          const exchange = await sendOne(bench.client, spec);
          assertComplete(exchange);
          const { method, target: seen, headers: fields, body } = received[0]!;
          const names = ['host', 'content-type', 'x-amz-meta-a', 'x-amz-date', 'x-amz-security-token'];
          const given = Object.fromEntries(names.map((name) => [name, fields[name] as string]));
          // It signs the length too, when there is a body, and we do not.
          const theirs = sign(
            { service, region: 'eu-west-1', method, path: seen, host: given['host'], headers: given, body: body.toString(), extraHeadersToIgnore: { 'content-length': true } },
            { accessKeyId, secretAccessKey, sessionToken: 'session+token/=' });
          assert.equal(fields.authorization, theirs.headers['Authorization']);
          const facts = exchange.authorization!;
          assert(facts.scheme === 'aws');
          assert(fields.authorization!.endsWith(`Signature=${facts.signature}`));
          assert(!facts.canonicalRequest.includes('session+token/='));
          assert.equal(fields['x-amz-content-sha256'] !== undefined, service === 's3');
        });
      }
    }
  });

  it('signs what a file holds', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'roundtrip-aws-'));
    try {
      const path = join(directory, 'body');
      writeFileSync(path, 'y'.repeat(2_500_000));
      const { url, received } = await serve();
      const send = (body: RequestSpec['body']) => sendOne(bench.client, specOf(url, {
        method: 'PUT', body, headers: [['X-Amz-Date', '20300101T000000Z']], options: signed('s3'),
      }));
      await send([{ kind: 'file', path }]);
      await send([bytes('y'.repeat(2_500_000))]);
      assert.equal(received[0]!.headers.authorization, received[1]!.headers.authorization);
      assert.equal(received[0]!.headers['x-amz-date'], '20300101T000000Z');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('signs each hop of its own origin anew, and none of another', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve();
    const port = await bench.serve(http.createServer((request, response) => {
      seen.push(request.headers.authorization);
      const location = request.url === '/1' ? '/2' : `${other.url}/3`;
      response.writeHead(302, { Location: location }).end();
    }));
    const exchanges = await bench.client.send(specOf(`http://127.0.0.1:${port}/1`, { options: signed('s3') }), {
      onExchange: () => undefined, onConnection: () => undefined,
    });
    assert.equal(exchanges.length, 3);
    assert(seen[0] && seen[1] && seen[0] !== seen[1]);
    assert.equal(other.received[0]!.headers.authorization, undefined);
    assert.equal(other.received[0]!.headers['x-amz-date'], undefined);
  });

  it('shows neither secret nor token', async () => {
    const { url } = await serve();
    const exchange = await sendOne(bench.client, specOf(url, { options: signed('s3', { sessionToken: 'tok' }) }));
    const shown = JSON.stringify(maskExchange(exchange));
    assert(!shown.includes(secretAccessKey));
    assert(!/Signature=[0-9a-f]/.test(shown));
  });
});

function run(program: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'ignore', timeout: 10_000 });
    child.once('error', reject);
    child.once('close', (code) => code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`)));
  });
}
