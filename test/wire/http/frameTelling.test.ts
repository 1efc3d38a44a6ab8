import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Http2Frame } from '../../../src/trace/http2/frame.ts';
import { FrameReader } from '../../../src/trace/http2/frameReader.ts';
import { FrameTelling } from '../../../src/wire/http/frameTelling.ts';
import { frameOctets } from '../../trace/http2/octets.ts';

const ping = frameOctets(6, 0, 0, '0000000000000000');
const data = (stream: number, flags = 0): Buffer => frameOctets(0, flags, stream, 'abcd');

interface Told {
  readonly frames: Http2Frame[];
  tellings: number;
  omitted: number;
}

describe('frames that are told', () => {
  let telling: FrameTelling;
  let connection: Told;
  let receive: (...octets: Buffer[]) => void;

  function hearer(): { told: Told; tell: (frames: readonly Http2Frame[], omitted: number) => void } {
    const told: Told = { frames: [], tellings: 0, omitted: 0 };
    return {
      told, tell: (frames, omitted) => {
        told.frames.push(...frames);
        told.tellings += 1;
        told.omitted += omitted;
      },
    };
  }

  beforeEach(() => {
    const { told, tell } = hearer();
    connection = told;
    telling = new FrameTelling(tell);
    const reader = new FrameReader(0, (frame, at) => telling.add('received', frame, at), true);
    receive = (...octets) => octets.forEach((one, at) => reader.feed(one, at));
  });
  afterEach(() => telling.end());

  it('are a stream\'s for its exchange, and all others for the connection', async () => {
    const { told, tell } = hearer();
    telling.open(1, tell);
    receive(ping, data(1), data(3), frameOctets(3, 0, 1, '00000008'));
    await turn();
    assert.deepEqual(told.frames.map(({ type }) => type), [0, 3]);
    assert.deepEqual(connection.frames.map(({ type, stream }) => [type, stream]), [[6, 0], [0, 3]]);
  });

  it('come together, those of one turn of the event loop', async () => {
    receive(ping, ping, ping);
    assert.equal(connection.tellings, 0);
    await turn();
    assert.deepEqual([connection.tellings, connection.frames.length], [1, 3]);
  });

  it('come before the stream is over, and afterwards are for the connection', async () => {
    const { told, tell } = hearer();
    telling.open(1, tell);
    receive(data(1), data(1));
    telling.close(1);
    assert.deepEqual(told.frames.map(({ count }) => count), [2]);
    receive(data(1, 1));
    await turn();
    assert.equal(told.frames.length, 1);
    assert.deepEqual(connection.frames.map(({ stream }) => stream), [1]);
  });

  it('are held back while DATA may go on, though not for long', async () => {
    receive(data(1), data(1));
    await turn();
    assert.equal(connection.frames.length, 0);
    while (connection.frames.length === 0) await wait(10);
    assert.equal(connection.frames[0]!.count, 2);
  });

  it('are so many and no more; the others are counted and said at the end', async () => {
    receive(...Array<Buffer>(1200).fill(ping));
    await turn();
    assert.deepEqual([connection.frames.length, connection.omitted], [1000, 0]);
    receive(...Array<Buffer>(10).fill(ping));
    await turn();
    assert.equal(connection.tellings, 1);
    telling.end();
    assert.deepEqual([connection.frames.length, connection.omitted], [1000, 210]);
  });

  it('do not hold more than so many octets of fields', async () => {
    // A literal without indexing: name `n`, a value of 20,000 octets.
    const literal = Buffer.concat([
      Buffer.from('00016e', 'hex'), Buffer.from('7fa19b01', 'hex'), Buffer.alloc(20_000, 'v'),
    ]);
    receive(...Array.from({ length: 40 }, (_, index) => frameOctets(1, 4, 2 * index + 1, literal)));
    await turn();
    assert.ok(connection.frames.every(({ problem }) => problem === undefined));
    assert.ok(connection.frames.length >= 10 && connection.frames.length <= 13, String(connection.frames.length));
  });
});
