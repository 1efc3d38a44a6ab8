import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import * as tls from 'node:tls';
import { ja3Text, ja4Parts } from '../../../src/trace/tls/fingerprint.ts';
import type { ClientHello } from '../../../src/trace/tls/hello.ts';
import { isGrease, suiteName } from '../../../src/trace/tls/names.ts';
import type { TlsMessage } from '../../../src/trace/tls/message.ts';
import { TransportTap, type Passing } from '../../../src/wire/tap/transportTap.ts';
import { TlsDecoder } from '../../../src/wire/tls/decoder.ts';
import { TlsRecording } from '../../../src/wire/tls/recording.ts';
import { createAuthority, type TestAuthority } from '../../support/certificates.ts';
import { createOpened } from '../../support/sockets.ts';
import { createFiles, openssl } from './support.ts';

interface Piece {
  readonly direction: 'sent' | 'received';
  readonly bytes: Uint8Array;
}

/** A connection as it passed: its bytes in both directions, and the secrets. */
interface Passed {
  readonly pieces: readonly Piece[];
  readonly keys: readonly string[];
}

/** Joins what passed in one direction without the other one in between. */
class Pieces implements Passing {
  readonly pieces: { direction: Piece['direction']; bytes: Uint8Array }[] = [];

  sent(bytes: Uint8Array): void {
    this.#add('sent', bytes);
  }

  received(bytes: Uint8Array): void {
    this.#add('received', bytes);
  }

  #add(direction: Piece['direction'], bytes: Uint8Array): void {
    const last = this.pieces.at(-1);
    if (last?.direction === direction) last.bytes = Buffer.concat([last.bytes, bytes]);
    else this.pieces.push({ direction, bytes: Buffer.from(bytes) });
  }
}

describe('reading TLS', function () {
  this.timeout(60_000);
  const opened = createOpened();
  let authority: TestAuthority;
  const passed = new Map<string, Passed>();

  before(async () => {
    authority = await createAuthority();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) passed.set(
      version, await pass({ minVersion: version, maxVersion: version }),
    );
    passed.set('HelloRetryRequest', await pass({ minVersion: 'TLSv1.3', ecdhCurve: 'P-521' }));
    passed.set('renegotiation', await pass({ maxVersion: 'TLSv1.2' }, async (socket) => {
      await new Promise<void>((resolve) => void socket.renegotiate({}, () => resolve()));
    }));
  });
  after(() => opened.close());
  let started: ChildProcess | undefined;
  afterEach(() => {
    started?.kill('SIGKILL');
    started = undefined;
  });

  /** A handshake, a word there and back, and the end, with a server of these options. */
  async function pass(options: tls.TlsOptions, then?: (socket: tls.TLSSocket) => Promise<void>): Promise<Passed> {
    const { cert, key } = await authority.issue({ names: ['site.test'] });
    const port = await opened.serve(tls.createServer({ cert, key, ...options }, (socket) => {
      socket.on('error', () => {}).on('data', (bytes) => socket.write(bytes));
    }));
    const below = connectTcp(port, '127.0.0.1');
    await once(below, 'connect');
    const tap = new TransportTap(below);
    const recording = new Pieces();
    tap.recording = recording;
    const keys: string[] = [];
    const socket = tls.connect({ socket: tap, rejectUnauthorized: false, servername: 'site.test' });
    socket.on('keylog', (line) => keys.push(line.toString('latin1')));
    await once(socket, 'secureConnect');
    await then?.(socket);
    socket.write('word');
    await once(socket, 'data');
    socket.end();
    await once(socket, 'close');
    return { pieces: recording.pieces, keys };
  }

  function read(
    { pieces, keys }: Passed, change = (bytes: Uint8Array): readonly Uint8Array[] => [bytes],
  ): TlsMessage[] {
    const recording = new TlsRecording();
    const decoder = new TlsDecoder();
    keys.forEach((line) => decoder.addKey(line));
    let at = 0;
    for (const { direction, bytes } of pieces) {
      for (const part of change(bytes)) recording[direction](part, at);
      at += 1;
    }
    return decoder.decode(recording.take()).map(({ message }) => message);
  }

  const whole = (name: string): Passed => {
    const found = passed.get(name);
    assert.ok(found);
    return found;
  };

  for (const name of ['TLSv1.2', 'TLSv1.3', 'HelloRetryRequest']) {
    it(`gives the same messages of ${name} for every cut of the bytes`, () => {
      const expected = read(whole(name));
      assert.ok(
        expected.length >= 10 && expected.every((message) => message.name !== 'unreadable'),
        expected.map((one) => one.name).join(),
      );
      const longest = Math.max(...whole(name).pieces.map(({ bytes }) => bytes.length));
      for (let cut = 1; cut < longest; cut++) {
        assert.deepEqual(
          read(whole(name), (bytes) => [bytes.subarray(0, cut), bytes.subarray(cut)]), expected, `cut at ${cut}`,
        );
      }
      for (const size of [1, 2, 3, 5, 7, 64]) {
        const chunks = (bytes: Uint8Array): Uint8Array[] =>
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size));
        assert.deepEqual(read(whole(name), chunks), expected, `in pieces of ${size}`);
      }
    });
  }

  it('gives them all when it is asked in between', () => {
    const { pieces, keys } = whole('TLSv1.3');
    const recording = new TlsRecording();
    const decoder = new TlsDecoder();
    keys.forEach((line) => decoder.addKey(line));
    const messages: TlsMessage[] = [];
    for (const { direction, bytes } of pieces) {
      for (const byte of bytes) {
        recording[direction](Uint8Array.of(byte), 0);
        messages.push(...decoder.decode(recording.take()).map(({ message }) => message));
      }
    }
    assert.deepEqual(messages, read(whole('TLSv1.3')).map((message) => ({ ...message, at: 0 })));
  });

  it('follows a second handshake within TLS 1.2', () => {
    const messages = read(whole('renegotiation'));
    const hellos = messages.filter(({ name }) => name === 'client_hello');
    assert.deepEqual(hellos.map(({ encrypted }) => encrypted), [false, true]);
    assert.equal(messages.filter(({ name, encrypted }) => name === 'finished' && encrypted).length, 4);
    assert.ok(messages.every(({ name }) => name !== 'unreadable'));
  });

  openssl('goes on with the new keys when they change on the way', async function () {
    this.timeout(10_000);
    const { cert, key } = await authority.issue({ names: ['site.test'] });
    const files = createFiles();
    const server = spawn('openssl', [
      's_server', '-accept', '127.0.0.1:0', '-cert', files.write('cert.pem', cert), '-key', files.write('key.pem', key),
    ], { stdio: ['pipe', 'pipe', 'ignore'] });
    started = server;
    let printed = '';
    const port = await new Promise<number>((resolve) => server.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      const found = /ACCEPT [^\n]*:(\d+)\n/.exec(printed)?.[1];
      if (found) resolve(Number(found));
    }));
    const below = connectTcp(port, '127.0.0.1');
    await once(below, 'connect');
    const tap = new TransportTap(below);
    const recording = new TlsRecording();
    tap.recording = recording;
    const decoder = new TlsDecoder();
    const socket = tls.connect({ socket: tap, rejectUnauthorized: false });
    socket.on('keylog', (line) => decoder.addKey(line.toString('latin1')));
    await once(socket, 'secureConnect');
    recording.handshakeOver();
    let heard = '';
    socket.on('data', (chunk: Buffer) => { heard += chunk; });
    const hears = async (word: string): Promise<void> => {
      while (!heard.includes(word)) await once(socket, 'data');
    };
    const names: string[] = [];
    const sees = async (wanted: string, count: number): Promise<void> => {
      for (;;) {
        names.push(
          ...decoder.decode(recording.take()).map(({ message: { direction, name } }) => `${direction} ${name}`),
        );
        if (names.filter((name) => name === wanted).length >= count) return;
        await once(below, 'data');
      }
    };
    for (const [index, round] of ['one', 'two'].entries()) {
      // What comes with a command in one read would be taken for part of it.
      server.stdin.write('K\n');
      await sees('received key_update', index + 1);
      server.stdin.write(`${round}\n`);
      await hears(round);
      socket.write(`heard ${round}\n`);
      await new Promise((resolve) => socket.write('.', resolve));
    }
    await sees('sent key_update', 2);
    socket.destroy();
    files.remove();
    assert.ok(!names.some((name) => name.endsWith('unreadable')), names.join());
  });

  it('says of what it has no secrets for that it cannot be read', () => {
    const messages = read({ ...whole('TLSv1.3'), keys: [] });
    assert.deepEqual(
      messages.slice(0, 3).map(({ name }) => name), ['client_hello', 'server_hello', 'change_cipher_spec'],
    );
    assert.ok(
      messages.slice(3).every(({ name, encrypted }) =>
        name === 'change_cipher_spec' || (name === 'unreadable' && encrypted)),
    );
    assert.ok(messages.length < 20);
  });

  it('keeps hardly any data once the handshake is over, and counts its records', () => {
    const recording = new TlsRecording();
    recording.handshakeOver();
    const record = Buffer.concat([Buffer.from([23, 3, 3, 0x40, 0]), Buffer.alloc(0x4000)]);
    for (let count = 0; count < 1000; count++) recording.received(record, 0);
    recording.received(Buffer.from([21, 3, 3, 0, 2, 1, 0]), 0);
    assert.deepEqual(recording.take().map(({ index }) => index), [0, 1, 2, 3, 1000]);
  });

  it('stays within its bounds and never throws, whatever comes', () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 1500; round++) {
      const name = ['TLSv1.2', 'TLSv1.3', 'HelloRetryRequest', 'renegotiation'][round % 4]!;
      const messages = read(whole(name), (bytes) => {
        const changed = Buffer.from(bytes);
        for (let count = random(4); count > 0; count--) changed[random(changed.length)] = random(256);
        const cut = random(8) === 0 ? random(changed.length) : changed.length;
        return [changed.subarray(0, cut)];
      });
      assert.ok(messages.length <= 500);
      const size = JSON.stringify(messages).length;
      assert.ok(size < 256 * 1024, `${size} characters`);
    }
  });

  it('tells no more messages than it may, however many come', () => {
    const alert = Buffer.from([21, 3, 3, 0, 2, 1, 90]);
    const recording = new TlsRecording();
    const decoder = new TlsDecoder();
    let count = 0;
    for (let round = 0; round < 20; round++) {
      recording.received(Buffer.concat(Array.from({ length: 2000 }, () => alert)), 0);
      count += decoder.decode(recording.take()).length;
    }
    assert.equal(count, 500);
  });

  it('gives up a message that is longer than any may be', () => {
    const recording = new TlsRecording();
    recording.received(Buffer.from([22, 3, 3, 0, 4, 11, 255, 255, 255]), 0);
    recording.received(Buffer.from([22, 3, 3, 0, 4, 14, 0, 0, 0]), 0);
    const messages = new TlsDecoder().decode(recording.take()).map(({ message }) => message);
    assert.deepEqual(messages.map(({ name, size }) => [name, size]), [['unknown_handshake', 0xffffff + 4]]);
  });

  const strange: [string, string, string][] = [
    ['plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'HTTP/1.1 400 Bad Request\\x0d\\x0a\\x0d\\x0a'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.2\\x0d\\x0a'],
    ['a record that is too long', '\x16\x03\x03\xff\xff', '\\x16\\x03\\x03\\xff\\xff'],
  ];
  for (const [what, bytes, text] of strange) {
    it(`shows the bytes of ${what}`, () => {
      for (const size of [1, 3, 100]) {
        const recording = new TlsRecording();
        const all = Buffer.from(bytes, 'latin1');
        for (let offset = 0; offset < all.length; offset += size) recording.received(
          all.subarray(offset, offset + size), 0,
        );
        const messages = new TlsDecoder().decode(recording.take()).map(({ message }) => message);
        assert.deepEqual(messages.map(({ name, fields }) => [name, fields[0]?.values[0]]), [['not_tls', text]]);
      }
    });
  }
});

describe('names of TLS', () => {
  openssl('of cipher suites are those that OpenSSL knows', () => {
    const { stdout } = spawnSync(
      'openssl', ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], { encoding: 'utf8' },
    );
    const rows = [...stdout.matchAll(/0x(\w\w),0x(\w\w) - (\S+)/g)];
    assert.ok(rows.length > 50);
    const named = rows.filter(([, high, low]) => !suiteName(parseInt(`${high}${low}`, 16)).startsWith('0x'));
    assert.ok(named.length > 60, `${named.length} of ${rows.length}`);
    for (const [, high, low, name] of named) assert.equal(suiteName(parseInt(`${high}${low}`, 16)), name);
  });

  it('know GREASE from other values', () => {
    assert.deepEqual(
      [0x0a0a, 0x1a1a, 0xfafa, 0x0a1a, 0x1301, 0x0a0b].map(isGrease), [true, true, true, false, false, false],
    );
  });
});

describe('fingerprints of a hello', () => {
  const list = (numbers: readonly number[]): Buffer => Buffer.from(
    numbers.flatMap((number) => [number >> 8, number & 255]),
  );
  const vector = (lengthSize: number, content: Uint8Array): Buffer => {
    const length = Buffer.alloc(lengthSize);
    length.writeUIntBE(content.length, 0, lengthSize);
    return Buffer.concat([length, content]);
  };
  const extension = (type: number, data: Uint8Array): Buffer => Buffer.concat([list([type]), vector(2, data)]);
  const empty = new Uint8Array();

  function hello(suites: readonly number[], extensions: readonly (readonly [number, Uint8Array])[]): ClientHello {
    return {
      version: 0x0303, random: new Uint8Array(32), sessionId: empty, cipherSuites: suites, compressionMethods: [0],
      extensions: Buffer.concat(extensions.map(([type, data]) => extension(type, data))),
    };
  }

  // The example of JA4's public description.
  const suites = [
    0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
    0x002f, 0x0035,
  ];
  const algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
  const described = hello(suites, [
    [0x2a2a, empty], [0x001b, empty], [0x0000, Buffer.from('x')], [0x0033, empty], [0x0010, vector(2, vector(1, Buffer.from('h2')))],
    [0x4469, empty], [0x0017, empty], [0x002d, empty], [0x000d, vector(2, list(algorithms))], [0x0005, empty], [0x0023, empty],
    [0x0012, empty], [0x002b, vector(1, list([0x7a7a, 0x0304, 0x0303]))], [0xff01, empty], [0x000b, vector(1, Buffer.from([0]))],
    [0x000a, vector(2, list([0x3a3a, 29, 23, 24]))], [0x0015, empty],
  ]);

  it('JA4 is as its description gives it', () => {
    const { start, ciphers, extensions } = ja4Parts(described);
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
    assert.equal(`${start}_${hash(ciphers)}_${hash(extensions)}`, 't13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('JA3 leaves GREASE out', () => {
    assert.equal(ja3Text(described), '771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,'
      + '27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0');
  });

  const starts: [string, ClientHello, string][] = [
    ['no name, no ALPN, nothing at all', hello([], []), 't12i000000'],
    ['ALPN of other bytes than letters', hello([1], [[16, vector(2, vector(1, Buffer.from([0xab, 0xcd])))]]), 't12i0101ad'],
    ['ALPN of one letter', hello([1], [[16, vector(2, vector(1, Buffer.from('x')))]]), 't12i0101xx'],
  ];
  for (const [what, given, start] of starts) {
    it(`JA4 begins with ${start} for ${what}`, () => assert.equal(ja4Parts(given).start, start));
  }
});
