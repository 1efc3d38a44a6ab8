import assert from 'node:assert/strict';
import { converse, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// What is no request, or too large a one, is told what was wrong with it, by the lab and by the servers in front of it.

describe('what the lab cannot read', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const servers = {
    lab: () => running.lab.addresses.http.port,
    relay: () => running.lab.addresses.parts.relay!.port,
    proxy: () => running.lab.addresses.parts.proxy!.port,
  };
  const large = `GET /json HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(90_000)}\r\n\r\n`;
  const cases: readonly (readonly [string, string | Buffer, number, RegExp])[] = [
    ['a head that is too large', large, 431, /larger than the 65536 bytes that are read: \d{5,6} bytes had come/],
    ['bytes of another protocol', 'SSH-2.0-x\r\n', 400, /do not begin with a method/],
    ['TLS', Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0]), 400, /TLS came where HTTP is spoken in the clear/],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400, /Content-Length/],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, /more than once/],
    ['a field name with a space', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400, /A field line/],
    ['no version', 'GET / FTP/1\r\n\r\n', 400, /no version of HTTP/],
  ];
  for (const [name, port] of Object.entries(servers)) {
    for (const [what, bytes, status, detail] of cases) {
      it(`is told by the ${name}: ${what}`, async () => {
        const { text } = await converse(port(), bytes);
        const [head = '', body = ''] = text.split('\r\n\r\n');
        assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
        const told = JSON.parse(body) as { status: number; detail: string };
        assert.equal(told.status, status);
        assert.match(told.detail, detail);
        assert.doesNotMatch(told.detail, /too long/);
      });
    }
  }
});

describe('what comes too late to the lab', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab({ limits: { headTimeout: 300, requestTimeout: 600 } });
  });
  after(() => running.stop());

  const ports = {
    lab: () => running.lab.addresses.http.port,
    relay: () => running.lab.addresses.parts.relay!.port,
    cluster: () => running.lab.addresses.parts.cluster!.port,
  };
  for (const [server, portOf] of Object.entries(ports)) it(`is told by the ${server} whether it was the head or the body`, async () => {
    const port = portOf();
    const [head, body] = await Promise.all([
      converse(port, 'GET / HTTP/1.1\r\nHost: '),
      converse(port, `POST /echo HTTP/1.1\r\nHost: lab.test:${port}\r\nContent-Length: 9\r\n\r\nabc`),
    ]);
    assert.match(head.text, /^HTTP\/1\.1 408 [^]*The head of a request may take 300 ms/);
    assert.match(body.text, /^HTTP\/1\.1 408 [^]*A whole request may take 600 ms; its body had not ended by then\./);
  });
});
