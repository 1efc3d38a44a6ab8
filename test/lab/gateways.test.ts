import assert from 'node:assert/strict';
import type { LabPartId, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { converse, isOf, newTrace, run, runLab } from './running.ts';
import type { Run, RunningLab } from './running.ts';

describe('lab gateways', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
  const to = (id: LabPartId, path: string, host = 'lab.test'): string => {
    const { origin } = running.lab.addresses.parts[id]!;
    return `${origin.replace('lab.test', host)}${path}`;
  };
  const curl = (...args: string[]): Promise<Run> => run(requireDebian('curl', 'curl'),
    ['-sS', '--max-time', '10', '--noproxy', '*', '--cacert', running.rootFile, '--connect-to', '::127.0.0.1:', ...args]);
  const body = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await curl(...args);
    assert.equal(stderr, '');
    return stdout.toString();
  };
  const status = (...args: string[]): Promise<string> => body('-o', '/dev/null', '-w', '%{http_code}', ...args);
  const eventsOf = (traceId: string, server: string): readonly ServerEvent[] =>
    running.accounts.filter((account) => account.server === server && isOf(account, traceId)).flatMap(({ events }) => events);
  const traced = async (...args: string[]): Promise<[string, (server: string) => readonly ServerEvent[]]> => {
    const { traceId, field } = newTrace();
    const text = await body('-H', `traceparent: ${field}`, ...args);
    return [text, (server) => eventsOf(traceId, server)];
  };
  const types = (events: readonly ServerEvent[]): string[] => events.map(({ type }) => type);

  describe('that speak HTTP on both sides', () => {
    const ids = ['accelerator', 'securityGateway', 'reverseProxy'] as const;

    it('pass requests and responses on, with an account of their own', async () => {
      for (const id of ids) {
        const [text, account] = await traced('--http1.1', '-d', 'some body', to(id, '/echo?a=b%20c'));
        assert.match(text, /some body/, id);
        assert.match(text, /a=b%20c/, id);
        assert.match(text, new RegExp(`1\\.1 ${id.toLowerCase()}\\.lab\\.test`), id);
        assert.match(text, /for=/, id);
        assert.deepEqual(types(account(id)), ['accepted', 'head-parsed', 'forwarded', 'response-started', 'response-finished']);
        const forwarded = account(id).find((event) => event.type === 'forwarded');
        assert.equal(forwarded?.statusCode, 200);
        assert.ok(account('lab').length > 0, id);
      }
    });

    it('speak HTTP/1.1 alone, whatever else a client knows', async () => {
      assert.equal(await body('-o', '/dev/null', '-w', '%{http_version} %{ssl_verify_result}', to('accelerator', '/json')), '1.1 0');
    });

    it('take off TLS or put it on, and say what the client spoke', async () => {
      const accelerated = await body(to('accelerator', '/headers'));
      assert.match(accelerated, /proto=https/);
      const [secured, account] = await traced(to('securityGateway', '/headers'));
      assert.match(secured, /proto=http;/);
      const forwarded = account('securityGateway').find((event) => event.type === 'forwarded');
      assert.equal(forwarded?.to, `lab.test:${running.lab.addresses.https.port}`);
    });

    it('look at the certificate of the server behind', async () => {
      const reasons = { 'expired': /expired/, 'selfsigned': /self-signed/, 'wrong': /altnames/, 'incomplete': /verify|issuer/ };
      for (const [name, reason] of Object.entries(reasons)) {
        const answer = await body('-w', '%{http_code}', to('securityGateway', '/json', `${name}.lab.test`));
        assert.match(answer, /502$/, name);
        assert.match(answer, reason, name);
      }
      assert.equal(await status(to('securityGateway', '/json', 'tls12.lab.test')), '200');
    });

    it('ask the application under its own name and tell it what the client wanted', async () => {
      const { headers } = JSON.parse(await body('-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'Forwarded: for=203.0.113.9',
        '-H', 'X-Forwarded-Proto: https', '-H', 'X-Real-IP: 203.0.113.9', to('reverseProxy', '/headers'))) as { headers: unknown };
      const text = JSON.stringify(headers).toLowerCase();
      assert.ok(!text.includes('203.0.113.9'), 'what a client claims is not passed on');
      const front = `lab.test:${portOf('reverseProxy')}`;
      assert.ok(text.includes(`"lab.test:${running.lab.addresses.http.port}"`));
      assert.match(text, new RegExp(`"x-forwarded-host"[^a-z]*"?${front}`));
      assert.match(text, /"x-forwarded-proto"[^a-z]*"?http"/);
      assert.match(text, /"x-forwarded-for"[^0-9]*127\.0\.0\.1/);
    });

    it('explain a server that breaks down or does not answer', async () => {
      for (const id of ids) {
        const [text, account] = await traced('-w', '%{http_code}', to(id, '/faults/reset'));
        assert.match(text, /gave no response[^]*502$/, id);
        assert.ok(types(account(id)).includes('forwarded'));
      }
      const late = await body('-w', '%{http_code}', to('reverseProxy', '/delay/9000'));
      assert.match(late, /did not answer in time[^]*504$/);
    }).timeout(20_000);

    it('refuse foreign hosts and what comes round again', async () => {
      for (const id of ids) {
        assert.equal(await status('-H', 'Host: evil.example', to(id, '/json')), '421', id);
        assert.equal(await status('-H', 'Host: lab.test:1', to(id, '/json')), '421', id);
        assert.equal(await status('-H', `Via: 1.1 ${id.toLowerCase()}.lab.test`, to(id, '/json')), '508', id);
      }
      for (const id of ['securityGateway', 'reverseProxy'] as const) {
        const port = portOf(id);
        const twice = await converse(port, `GET / HTTP/1.1\r\nHost: lab.test:${port}\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(twice.text, /^HTTP\/1\.1 400/);
        const both = await converse(port, `POST /echo HTTP/1.1\r\nHost: lab.test:${port}\r\nContent-Length: 4\r\n`
          + 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
        assert.match(both.text, /^HTTP\/1\.1 400/);
        const absolute = await converse(port, `GET http://example.com/ HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
        assert.match(absolute.text, /^HTTP\/1\.1 421/);
      }
    });
  });
});
