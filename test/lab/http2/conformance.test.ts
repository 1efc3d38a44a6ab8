import assert from 'node:assert/strict';
import { connect as connectTls } from 'node:tls';
import { converse, dial, runLab } from '../running.ts';
import type { RunningLab } from '../running.ts';
import { ack, askFor, both, cases, endStream, get, request } from './cases.ts';
import type { Outcome } from './cases.ts';
import { codes, frame, preface, settings, tell, type } from './frames.ts';
import type { Answered } from './frames.ts';

// What the lab answers to clients that break the rules of HTTP/2, by section of RFC 9113 and RFC 7541, as h2spec does.

describe('HTTP/2 of the lab', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab();
    askFor(`lab.test:${running.lab.addresses.http.port}`);
  });
  after(() => running.stop());

  const asked = Buffer.from('are-you?');
  /** Opens a connection, sends the bytes and then a PING, and waits for what is expected, or the end. */
  async function outcomeOf(bytes: Buffer, expected: string): Promise<Outcome> {
    const socket = await dial(running.lab.addresses.http.port);
    const wanted = expected.startsWith('stream') ? type.rstStream : expected.startsWith('status') ? type.headers : type.ping;
    const all = both(preface, settings(), bytes, frame(type.ping, 0, 0, asked));
    const answered = await tell(socket, all, (frames) => {
      const pinged = frames.some(({ type: kind, payload }) => kind === type.ping && payload.equals(asked));
      return pinged && !expected.startsWith('connection') && frames.some(({ type: kind }) => kind === wanted);
    }, 5000);
    socket.destroy();
    return read(answered);
  }

  function read({ frames, isClosed }: Answered): Outcome {
    const goaway = frames.find((one) => one.type === type.goaway);
    if (goaway && isClosed) return `connection ${codes[goaway.payload.readUInt32BE(4)]}`;
    if (isClosed) return 'closed';
    const reset = frames.find((one) => one.type === type.rstStream);
    if (reset) return `stream ${codes[reset.payload.readUInt32BE(0)]}`;
    const head = frames.find((one) => one.type === type.headers);
    if (head) return `status ${statusOf(head.payload)}`;
    return 'ignored';
  }

  /** RFC 7541 appendix A: from 8 on indexes stand for statuses; others are literals with the name of 8. */
  function statusOf(payload: Buffer): number {
    const known = [200, 204, 206, 304, 400, 404, 500];
    const first = payload[0]!;
    return first >= 0x88 && first <= 0x8e ? known[first - 0x88]! : -1;
  }

  const aliveStill = async (): Promise<void> => {
    const socket = await dial(running.lab.addresses.http.port);
    const answered = await tell(socket, both(preface, settings(), request(1)), (frames) =>
      frames.some(({ type: kind }) => kind === type.headers));
    socket.destroy();
    assert.equal(read(answered), 'status 200');
  };
  afterEach(aliveStill);

  it('begins with SETTINGS, and acknowledges those of the client (RFC 9113 §3.4, §6.5.3)', async () => {
    const socket = await dial(running.lab.addresses.http.port);
    const { frames } = await tell(socket, both(preface, settings([3, 7])), (all) => all.length >= 2);
    socket.destroy();
    assert.deepEqual(frames.filter((one) => one.type === type.settings).map(({ flags, stream }) => [flags, stream]), [[0, 0], [ack, 0]]);
    assert.equal(frames[0]?.type, type.settings);
  });

  it('answers PING with what was in it (RFC 9113 §6.7)', async () => {
    const socket = await dial(running.lab.addresses.http.port);
    const { frames } = await tell(socket, both(preface, settings(), frame(type.ping, 0, 0, '12345678')), (all) =>
      all.some((one) => one.type === type.ping));
    socket.destroy();
    const pong = frames.find((one) => one.type === type.ping);
    assert.deepEqual([pong?.flags, pong?.payload.toString()], [ack, '12345678']);
  });

  it('wants SETTINGS first (RFC 9113 §3.4)', async () => {
    const socket = await dial(running.lab.addresses.http.port);
    const answered = await tell(socket, both(preface, frame(type.ping, 0, 0, asked)), () => false, 1000);
    socket.destroy();
    assert.equal(read(answered), 'connection PROTOCOL_ERROR');
  });

  it('takes a preface that is none for a bad request, and under ALPN for an error (RFC 9113 §3.4)', async () => {
    const plain = await converse(running.lab.addresses.http.port, 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n');
    assert.match(plain.text, /^HTTP\/1\.1 400 /);
    const socket = connectTls({
      host: '127.0.0.1', port: running.lab.addresses.https.port, servername: 'lab.test', ALPNProtocols: ['h2'],
      ca: running.lab.addresses.certificateAuthority.pem,
    });
    const answered = await tell(socket, Buffer.from('INVALID CONNECTION PREFACE\r\n\r\n'), () => false, 1000);
    socket.destroy();
    // PROTOCOL_ERROR by the RFC; Node does not tell it from other mistakes that it cannot name.
    assert.equal(read(answered), 'connection INTERNAL_ERROR');
  });

  it('leaves out field lines that are not allowed, and tells no handler of them (RFC 9113 §8.2.1)', async () => {
    for (const bad of [['x test', 'ok'], ['x-bad', 'a\r\nx-evil: 1'], ['x-bad', 'a\0b']] as const) {
      const socket = await dial(running.lab.addresses.http.port);
      const { frames } = await tell(socket, both(preface, settings(), request(1, [...get('/headers'), bad, ['x-good', 'yes']])),
        (all) => all.some((one) => one.type === type.data && (one.flags & endStream) !== 0));
      socket.destroy();
      const text = frames.filter((one) => one.type === type.data).map(({ payload }) => payload.toString()).join('');
      assert.match(text, /x-good/);
      assert.doesNotMatch(text, /x test|x-bad|x-evil/);
    }
  });

  for (const [name, all] of Object.entries(cases)) {
    describe(name, () => {
      for (const { section, name: what, bytes, expect } of all) {
        it(`RFC ${/^\d{4} /.test(section) ? section : `9113 §${section}`}: ${what}`, async () => {
          assert.equal(await outcomeOf(typeof bytes === 'function' ? bytes() : bytes, expect), expect);
        });
      }
    });
  }
});
