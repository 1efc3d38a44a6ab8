import assert from 'node:assert/strict';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import axe from 'axe-core';
import type { Language, MissingWire } from '../../src/protocol.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { wireOfExchange } from '../../src/trace/exchangeWire.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import type { ShownWireRecord, WireStream } from '../../src/trace/wireRecord.ts';
import { createAuthority } from '../support/certificates.ts';
import { bytes, createBench, onHead, sendOne, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { openInspectorBrowser } from './inspectorPage.ts';
import type { InspectorBrowser, InspectorTab, Theme } from './inspectorPage.ts';

// The exchanges are real ones, and so are their bytes.

const themes: readonly Theme[] = ['dark', 'light', 'hc-dark', 'hc-light'];

async function findings({ page }: InspectorTab): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return inPage.run({ exclude: ['iframe'] } as never, { resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

describe('the wire in the inspector', function () {
  this.timeout(120_000);
  let browser: InspectorBrowser;
  let bench: Bench;
  let open: InspectorTab[] = [];

  before(async () => { browser = await openInspectorBrowser(); });
  after(async () => { await browser?.close(); });
  beforeEach(() => { bench = createBench(); });
  afterEach(async () => {
    await Promise.all(open.map((tab) => tab.close()));
    open = [];
    await bench.close();
  });

  interface Sent {
    readonly exchanges: readonly Exchange[];
    readonly record: ShownWireRecord | undefined;
  }

  async function send(...specs: RequestSpec[]): Promise<Sent> {
    const exchanges: Exchange[] = [];
    for (const spec of specs) exchanges.push(await sendOne(bench.client, spec));
    const last = exchanges.at(-1)!;
    const record = last.connection && bench.client.readWire(last.connection.id);
    return { exchanges, record: record && wireOfExchange(record, last) };
  }

  /** Bytes go into the page as base64. */
  function portable({ segments, ...sizes }: WireStream): object {
    return {
      ...sizes,
      segments: segments.map((segment) => ({ ...segment, bytes: Buffer.from(segment.bytes).toString('base64') })),
    };
  }

  async function show(
    { exchanges, record }: Sent, options: { theme?: Theme; language?: Language; width?: number; missing?: MissingWire } = {},
  ): Promise<InspectorTab> {
    const { theme = 'dark', language = 'en', width = 1000, missing } = options;
    const tab = await browser.open({ theme, language, width, tab: 'wire' });
    open.push(tab);
    await tab.send({
      type: 'show', language, exchanges, selected: exchanges.at(-1)!.id, running: false, labRunning: false,
    });
    await tab.page.getByRole('tabpanel').waitFor();
    const { transport, plain } = record ?? {};
    const answer = (readId: number): Promise<void> => tab.page.evaluate((message) => {
      const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const whole = (stream: any): object => stream && {
        ...stream, segments: stream.segments.map((one: any) => ({ ...one, bytes: bytesOf(one.bytes) })),
      };
      const { transport: below, plain: above, ...rest } = message as any;
      const layers = below
        && { record: { connectionId: 'c', transport: whole(below), ...(above ? { plain: whole(above) } : {}) } };
      (globalThis as unknown as { postMessage(message: unknown, origin: string): void }).postMessage(
        { type: 'wire', ...rest, ...layers }, '*',
      );
    }, {
      readId, ...(missing ? { missing } : {}),
      ...(transport && !missing ? {
        transport: portable(transport), ...(plain ? { plain: portable(plain) } : {}),
      } : {}),
    });
    void answerAll(tab, answer).catch(() => {});
    return tab;
  }

  /** As the editor does, until the page is closed. */
  async function answerAll(tab: InspectorTab, answer: (readId: number) => Promise<void>): Promise<void> {
    const answered = new Set<number>();
    while (!tab.page.isClosed()) {
      for (const message of await tab.posted()) {
        if (message.type !== 'read-wire' || answered.has(message.readId)) continue;
        answered.add(message.readId);
        await answer(message.readId);
      }
      await wait(20);
    }
  }

  const chunked = [
    'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nSet-Cookie: sid=abc; HttpOnly\r\nTrailer: X-Sum\r\n\r\n1a\r\n{"user":"ada","cart":[1,2]\r\n',
    '5;part=2\r\n,"a":\r\n3\r\n\x01\u00ff}\r\n0\r\nX-Sum: 4f1a\r\n\r\n',
  ];

  async function http1(): Promise<Sent> {
    const port = await bench.serve(net.createServer((socket: Socket) => onHead(socket, () => {
      void (async () => {
        for (const part of chunked) {
          socket.write(part, 'latin1');
          await wait(15);
        }
      })();
    })));
    return send(specOf(`http://127.0.0.1:${port}/login`, {
      method: 'POST', headers: [['Content-Type', 'application/json'], ['Authorization', 'Bearer 4f1a0c']],
      body: [bytes('{"user":"ada"}')],
    }));
  }

  async function overHttp2(): Promise<Sent> {
    const server = http2.createServer({ settings: { initialWindowSize: 20_000, maxConcurrentStreams: 100 } });
    server.on('stream', (stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.respond({ ':status': 200, 'content-type': 'text/plain', 'set-cookie': 'sid=abc' });
      setTimeout(() => stream.pipe(stream), 30);
    });
    const port = await bench.serve(server as unknown as Server);
    const spec = (path: string): RequestSpec => specOf(`http://127.0.0.1:${port}${path}`, {
      method: 'POST', httpVersion: '2-prior-knowledge', headers: [['Authorization', 'Bearer 4f1a0c']],
      body: [bytes('b'.repeat(60_000))],
    });
    return send(spec('/upload'), spec('/again'));
  }

  async function overTls(): Promise<Sent> {
    const authority = await createAuthority();
    const identity = await authority.issue({ names: ['127.0.0.1'] });
    const port = await bench.serve(https.createServer(identity, (_request, response) => response.end('hello')));
    return send(
      specOf(`https://127.0.0.1:${port}/`, { options: { trustAnchors: [{ pem: authority.pem, label: 'test' }] } }),
    );
  }

  async function whole(tab: InspectorTab, name: string): Promise<void> {
    await tab.screenshot(name);
    assert.deepEqual(await findings(tab), []);
    assert.deepEqual(tab.problems, []);
  }

  for (const theme of themes) {
    const language = theme.endsWith('light') ? 'ko' : 'en';

    it(`can be read by everybody: lines and chunks in ${theme}`, async () => {
      const tab = await show(await http1(), { theme, language });
      await tab.page.locator('.piece-last-chunk').waitFor();
      await whole(tab, `wire-http1-${theme}`);
    });

    it(`can be read by everybody: frames in ${theme}`, async () => {
      const tab = await show(await overHttp2(), { theme, language });
      await tab.page.locator('.frames').waitFor();
      await tab.page.getByRole('button', { name: /HEADERS/ }).first().click();
      await whole(tab, `wire-http2-${theme}`);
    });

    it(`can be read by everybody: bytes under TLS in ${theme}`, async () => {
      const tab = await show(await overTls(), { theme, language });
      await tab.page.getByRole('button', { name: language === 'ko' ? '암호화됨' : 'Encrypted' }).click();
      await tab.page.locator('.hex').first().waitFor();
      await whole(tab, `wire-tls-${theme}`);
    });
  }

  it('shows every byte of both directions, and names what cannot be seen', async () => {
    const sent = await http1();
    const tab = await show(sent);
    await tab.page.locator('.piece-last-chunk').waitFor();
    const text = await tab.page.locator('.wire-segment.received pre').evaluateAll((all) =>
      all.map((one) => one.textContent).join(''));
    assert.match(text, /HTTP\/1.1 103 Early HintsCRLF/);
    assert.match(text, /1aCRLF.*chunk of 26 bytes/);
    assert.match(text, /\\x01\\xff}/);
    assert.match(text, /X-Sum: 4f1aCRLF/);
    assert.equal(await tab.page.locator('.wire-segment').count(), sent.record!.transport.segments.length);
  });

  it('says when each write and read was', async () => {
    const sent = await http1();
    const tab = await show(sent);
    await tab.page.locator('.wire-head').first().waitFor();
    const heads = await tab.page.locator('.wire-head').allInnerTexts();
    assert.match(heads[0]!.replace(/\s+/g, ' '), /^sent \+[\d.]+ ms [\d,]+ bytes in 1 write$/);
    assert.match(heads.at(-1)!.replace(/\s+/g, ' '), /^received \+[\d.]+ ms [\d,]+ bytes in 1 read$/);
  });

  it('shows the same in hex', async () => {
    const tab = await show(await http1());
    await tab.page.getByRole('button', { name: 'Hex' }).click();
    const text = await tab.page.locator('.wire-segment.sent .hex').first().textContent();
    assert.match(text!, /^00000000 {2}50 4f 53 54 20 2f 6c 6f {2}67 69 6e 20 48 54 54 50 {2}POST \/login HTTP/);
  });

  it('says that the rest was not kept, and not so of what never came', async () => {
    const whole = 'x'.repeat(600_000);
    for (const [sent, isKept] of [[whole, false], ['x'.repeat(1000), true]] as const) {
      const port = await bench.serve(net.createServer((socket: Socket) => onHead(socket, () => {
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\n\r\n${sent}`);
      })));
      const tab = await show(await send(specOf(`http://127.0.0.1:${port}/`)));
      await tab.page.locator('.wire-segment.received').first().waitFor();
      while (await tab.page.getByRole('button', { name: /more$/ }).count() > 0) await tab.page.getByRole(
        'button', { name: /more$/ },
      ).click();
      assert.equal(await tab.page.getByText('the first 256 kB').count(), isKept ? 0 : 1);
    }
  });

  it('draws no more of many reads at once than can be read', async () => {
    const sent = await http1();
    const { transport } = sent.record!;
    const segments = transport.segments.flatMap((segment) => Array.from(segment.bytes, (_, index) => (
      { ...segment, offset: segment.offset + index, bytes: segment.bytes.subarray(index, index + 1) })));
    const tab = await show({ ...sent, record: { ...sent.record!, transport: { ...transport, segments } } });
    const drawn = tab.page.locator('.wire-segment');
    await drawn.first().waitFor();
    assert.equal(await drawn.count(), 50);
    assert.match(await tab.page.locator('.wire-head').first().innerText(), /1 byte in 1 write/);
    await tab.page.getByRole('button', { name: `Show ${segments.length - 50} more` }).click();
    assert.equal(await drawn.count(), 150);
  });

  it('opens a frame to its fields, and filters', async () => {
    const sent = await overHttp2();
    const tab = await show(sent);
    const rows = tab.page.locator('tr.frame');
    await rows.first().waitFor();
    const inExchange = await rows.count();
    await tab.page.getByRole('button', { name: /HEADERS/ }).first().click();
    const details = await tab.page.locator('.frame-details').innerText();
    assert.match(details, /:method\s+POST\s+1\s+number 3 of the table/);
    assert.match(details, /:path\s+\/again/);
    await tab.page.getByRole('button', { name: 'Stream 3' }).click();
    assert.deepEqual([...new Set(await rows.locator('td:nth-child(3)').allInnerTexts())], ['3']);
    await tab.page.getByRole('button', { name: 'Whole connection' }).click();
    assert.ok(await rows.count() > inExchange);
    assert.match((await rows.allInnerTexts()).join('\n'), /SETTINGS/);
  });

  it('says where flow control held an upload back', async () => {
    const tab = await show(await overHttp2());
    await tab.page.locator('.remark').first().waitFor();
    assert.match(
      await tab.page.locator('.remark').first().innerText(), /^We had sent all that the stream window allowed and waited [\d.]+ ms/,
    );
  });

  it('switches between what TLS carried and what it looked like', async () => {
    const tab = await show(await overTls());
    await tab.page.locator('.piece-start-line').first().waitFor();
    await tab.page.getByRole('button', { name: 'Encrypted' }).click();
    assert.match(await tab.page.locator('.wire-records').first().innerText(), /record handshake, [\d,]+ bytes/);
    assert.equal(await tab.page.locator('.piece-start-line').count(), 0);
  });

  it('shows records where TLS came to nothing, and no verdict of HTTP/1.1', async () => {
    const authority = await createAuthority('Root');
    const port = await bench.serve(
      https.createServer(await authority.issue({ names: ['other.test'] }), (_request, answer) => answer.end()),
    );
    const tab = await show(await send(specOf(`https://localhost:${port}/`)));
    await tab.page.locator('.wire-records').first().waitFor();
    assert.match(await tab.page.locator('.wire-records').first().innerText(), /record handshake, [\d,]+ bytes/);
    assert.deepEqual(
      [await tab.page.locator('.piece-bad').count(), await tab.page.getByRole('button', { name: 'Text' }).count()], [0, 0],
    );
  });

  for (const [missing, text] of [
    ['not-kept', /# @no-capture/], ['forgotten', /make room/], ['engine-ended', /engine that held them has ended/],
  ] as const) {
    it(`says why there are no bytes: ${missing}`, async () => {
      const tab = await show(await http1(), { missing });
      await tab.page.locator('.remark').waitFor();
      assert.match(await tab.page.locator('.panel').innerText(), text);
      assert.deepEqual(await findings(tab), []);
    });
  }

  it('says that there was no connection', async () => {
    const refused = await sendOne(bench.client, specOf('http://127.0.0.1:1/'));
    const { connection: _connection, ...exchange } = refused;
    const tab = await show({ exchanges: [exchange], record: undefined });
    assert.match(await tab.page.locator('.panel').innerText(), /no connection/);
  });

  it('opens the bytes in the editor', async () => {
    const sent = await http1();
    const tab = await show(sent);
    await tab.page.getByRole('button', { name: 'Open Raw Bytes' }).click();
    assert.ok((await tab.posted()).some((message) => message.type === 'action' && message.action === 'open-raw'));
  });

  it('fits a narrow panel', async () => {
    for (const [name, sent] of [['http1', await http1()], ['http2', await overHttp2()]] as const) {
      const tab = await show(sent, { width: 420 });
      await tab.page.locator('.wire-segment, .frames').first().waitFor();
      const isWide = await tab.page.locator('html').evaluate((page) => page.scrollWidth > page.clientWidth);
      await tab.screenshot(`wire-${name}-narrow`);
      assert.equal(isWide, false);
    }
  });
});
