import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import type { Failure } from '../../src/trace/failure.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { faultTexts } from '../../src/explain/text/fault.ts';
import { alertNames } from '../../src/lab/faults/tlsAlerts.ts';
import { faultRoutes } from '../../src/lab/routes/faults.ts';
import { debianOrSkip } from '../support/debian.ts';
import { contentOf, createBench, sendOne, silent, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { converse, curl, dial, newTrace, receive, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

type Outcome = readonly [phase: Failure['phase'], code: Failure['code']] | 'complete' | number;

// What our own client makes of each fault, over HTTP/1.1 and HTTP/2; a number is the status of a response.
const expected: Readonly<Record<string, readonly [http1: Outcome, http2: Outcome]>> = {
  'close': [['wait', 'connection-closed'], ['wait', 'connection-closed']],
  'reset': [['wait', 'connection-reset'], ['wait', 'connection-reset']],
  'half-close': [['wait', 'connection-closed'], ['wait', 'connection-closed']],
  'truncated': [['receive', 'response-truncated'], ['receive', 'stream-reset']],
  'malformed': [['receive', 'malformed-response'], ['wait', 'malformed-response']],
  'invalid-head': [['receive', 'malformed-response'], ['wait', 'malformed-response']],
  'huge-head': [['receive', 'response-head-too-large'], ['wait', 'response-head-too-large']],
  'two-lengths': [['receive', 'malformed-response'], ['wait', 'malformed-response']],
  'bad-chunk': [['receive', 'malformed-response'], 400],
  'length-and-chunks': [['receive', 'malformed-response'], 400],
  'interim-flood': [['wait', 'malformed-response'], ['wait', 'malformed-response']],
  'slow-drip': [['receive', 'total-timeout'], ['receive', 'total-timeout']],
  'gzip-bomb': [['receive', 'content-too-large'], ['receive', 'content-too-large']],
  'cut-gzip': [['receive', 'response-truncated'], ['receive', 'response-truncated']],
  'wrong-coding': [['receive', 'decoding-failed'], ['receive', 'decoding-failed']],
  'wrong-charset': ['complete', 'complete'],
  'bad-frame': [400, ['wait', 'malformed-response']],
  'goaway': [400, ['wait', 'goaway']],
  'rst-stream': [400, ['wait', 'stream-reset']],
};

describe('lab faults', () => {
  let running: RunningLab;
  let bench: Bench;
  before(async () => {
    running = await runLab();
    bench = createBench();
  });
  after(async () => {
    await bench.close();
    await running.stop();
  });

  const plain = (path: string): string => `http://localhost:${running.lab.addresses.http.port}${path}`;
  const send = async (path: string, version: '1.1' | '2', field: string): Promise<Exchange> => {
    const patience = path.includes('slow-drip') ? { timeouts: { total: 400 } } : {};
    const httpVersion = version === '2' ? '2-prior-knowledge' : '1.1';
    return sendOne(bench.client, specOf(plain(path), { httpVersion, headers: [['traceparent', field]], options: patience }));
  };
  const outcomeOf = ({ failure, response }: Exchange): Outcome =>
    failure ? [failure.phase, failure.code] : response?.statusCode === 200 ? 'complete' : response!.statusCode;
  const openNow = async (): Promise<number> => {
    const { traceId, field } = newTrace();
    await (await fetch(plain('/ip'), { headers: { traceparent: field, connection: 'close' } })).arrayBuffer();
    const accepted = (await running.account(traceId)).find((event) => event.type === 'accepted');
    assert(accepted?.type === 'accepted');
    return accepted.openConnections;
  };

  for (const [fault, outcomes] of Object.entries(expected)) {
    for (const [index, version] of (['1.1', '2'] as const).entries()) {
      it(`break a response by ${fault} over HTTP/${version}, and say so`, async () => {
        const { traceId, field } = newTrace();
        const outcome = outcomeOf(await send(`/faults/${fault}`, version, field));
        // How far a reset is ahead of the bytes before it depends on the system.
        const wanted = outcomes[index]!;
        const isCut = ['close', 'half-close'].includes(fault) && String(outcome) === 'wait,connection-reset';
        if (!isCut) assert.deepEqual(outcome, wanted);
        const events = await running.account(traceId);
        const told = events.flatMap((event) => (event.type === 'broken' ? [event.fault] : []));
        assert.deepEqual(told, wanted === 400 ? [] : [fault]);
      });
    }
  }

  it('have a sentence each for the server lane', () => {
    const names = faultRoutes.map(({ name }) => name.replace('faults/', ''));
    assert.deepEqual(names.filter((name) => !Object.hasOwn(faultTexts, name)), []);
    assert.deepEqual(names.filter((name) => !Object.hasOwn(expected, name)).sort(), ['refused', 'stall', 'tls-alert']);
  });

  it('lead to a port on which nobody listens', async () => {
    const { stdout } = await curl(running, plain('/faults/refused'));
    const { location } = JSON.parse(stdout.toString()) as { location: string };
    assert.match(location, /^http:\/\/lab\.test:\d+\/$/);
    await assert.rejects(dial(Number(new URL(location).port)), { code: 'ECONNREFUSED' });
  });

  it('answer the ClientHello by the alert that the name says, told by the port of the client', async function () {
    const { https } = running.lab.addresses;
    const openssl = debianOrSkip(this, 'openssl', 'openssl');
    for (const name of ['handshake-failure', 'unrecognized-name', 'internal-error', 'protocol-version']) {
      const { stderr, stdout } = await run(openssl,
        ['s_client', '-connect', `127.0.0.1:${https.port}`, '-servername', `${name}.alert.lab.test`, '-brief']);
      assert.match(stderr + stdout.toString(), new RegExp(name.replaceAll('-', '[ _]'), 'i'));
    }
    const told = running.accounts.filter((account) => 'clientPort' in account && account.events.some(({ type }) => type === 'broken'));
    assert.equal(told.length, 4);
    const { code } = await curl(running, '--resolve', `alert.lab.test:${https.port}:127.0.0.1`, `https://alert.lab.test:${https.port}/`);
    assert.equal(code, 35);
    const lead = await curl(running, '-o', '/dev/null', '-w', '%{redirect_url}', plain(`/faults/tls-alert?alert=${alertNames[0]}`));
    assert.equal(lead.stdout.toString(), `https://${alertNames[0]}.alert.lab.test:${https.port}/`);
    assert.match((await curl(running, plain('/faults/tls-alert?alert=x'))).stdout.toString(), /"status": 400/);
  });

  it('say what RFC 9113 calls it, by name or number', async () => {
    const session = connect(plain(''));
    const codeOf = (path: string) => new Promise<number | undefined>((resolve) => {
      const stream = session.request({ ':path': path });
      stream.on('error', () => {});
      stream.on('close', () => resolve(stream.rstCode)).resume();
    });
    assert.equal(await codeOf('/faults/rst-stream?code=refused-stream'), 7);
    assert.equal(await codeOf('/faults/rst-stream?code=13'), 13);
    assert.equal(await codeOf('/faults/rst-stream?code=nothing'), 0);
    const goaway = new Promise((resolve) => session.on('goaway', (code, last) => resolve([code, last])));
    session.on('error', () => {});
    void codeOf('/faults/goaway?code=settings-timeout');
    const [code, last] = await goaway as [number, number];
    assert.equal(code, 4);
    assert.ok(last > 1);
    session.destroy();
  });

  it('stop an upload by flow control, and take the rest in the end', async () => {
    const session = connect(plain(''));
    const stream = session.request({ ':path': '/faults/stall?ms=800', ':method': 'POST' });
    stream.end(Buffer.alloc(500_000));
    let text = '';
    const answered = new Promise<void>((resolve) => stream.on('data', (chunk: Buffer) => { text += chunk; }).on('end', resolve));
    // RFC 9113 §6.9.2: a stream may carry 65,535 bytes before its window is opened again, and here nobody reads them.
    let stalled = 0;
    const look = setInterval(() => {
      const written = session.socket.bytesWritten;
      if (written > 65_535 && written < 70_000) stalled += 1;
    }, 5);
    await answered;
    clearInterval(look);
    assert.ok(stalled >= 5, `${stalled}`);
    assert.deepEqual(JSON.parse(text), { stalled: 800, size: 500_000 });
    session.close();
    assert.match((await curl(running, '-X', 'POST', plain('/faults/stall?ms=10001'))).stdout.toString(), /"status": 400/);
  });

  it('hold an upload of our client back, and do not fail it', async () => {
    const exchange = await sendOne(bench.client, specOf(plain('/faults/stall?ms=100'), {
      method: 'POST', httpVersion: '2-prior-knowledge', body: [{ kind: 'bytes', bytes: Buffer.alloc(500_000) }],
    }));
    assert.deepEqual([exchange.failure, exchange.response?.statusCode], [undefined, 200]);
    assert.match(await contentOf(bench.client, exchange), /"size":500000/);
  });

  it('keep a bomb small until somebody lights it', async () => {
    const { stdout } = await curl(running, plain('/faults/gzip-bomb'));
    assert.ok(stdout.length < 2000);
    assert.equal(gunzipSync(gunzipSync(stdout)).length, 256 * 1_048_576);
  });

  it('write what they say', async () => {
    const { port } = running.lab.addresses.http;
    const bytesOf = (name: string) =>
      converse(port, `GET /faults/${name} HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
    assert.match((await bytesOf('two-lengths')).text, /Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello, $/);
    assert.match((await bytesOf('length-and-chunks')).text, /Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello/);
    assert.equal((await bytesOf('interim-flood')).text.match(/HTTP\/1\.1 102/g)?.length, 200);
    assert.ok((await bytesOf('huge-head')).text.length > 100_000);
    assert.match((await bytesOf('invalid-head')).text, /Not a name: 1\r\nX-Nul: a\0b\r\n/);
    assert.equal((await bytesOf('reset')).error?.code, 'ECONNRESET');
    const half = await dial(port);
    half.write(`GET /faults/half-close HTTP/1.1\r\nHost: lab.test:${port}\r\n\r\n`);
    assert.deepEqual(await receive(half), { text: '', error: undefined });
  });

  it('leave nothing behind after 200 of them', async () => {
    const names = Object.keys(expected).filter((name) => name !== 'slow-drip');
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => {
        const httpVersion = index % 2 === 0 ? '1.1' : '2-prior-knowledge';
        const name = names[(round * 20 + index) % names.length]!;
        return bench.client.send(specOf(plain(`/faults/${name}`), { httpVersion }), silent);
      }));
    }
    await bench.close();
    bench = createBench();
    for (let tries = 0; tries < 50 && await openNow() > 1; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(await openNow(), 1);
    assert.equal((await fetch(plain('/json'))).status, 200);
  });
});
