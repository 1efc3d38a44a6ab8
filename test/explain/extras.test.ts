import assert from 'node:assert/strict';
import { explainExtras } from '../../src/explain/extras.ts';
import { explainExchange } from '../../src/explain/summary.ts';
import { languages } from '../../src/explain/text/language.ts';
import { explainAgreement, explainCloseCode, messageNote } from '../../src/explain/webSocket.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { FieldLine, RequestSpec } from '../../src/trace/request.ts';
import type { WebSocketMessage } from '../../src/trace/webSocket.ts';
import { exchangeOf, specOf, startedAt } from './support.ts';

/** An exchange of HTTP/1.1 that is over, with these events in between. */
function exchange(
  statusCode: number,
  given: { spec?: Partial<RequestSpec>; headers?: FieldLine[]; trailers?: FieldLine[]; events?: ExchangeEvent[]; httpVersion?: '1.1' | '2' } = {},
): Exchange {
  const { spec = {}, headers = [], trailers = [], events = [], httpVersion = '1.1' } = given;
  return exchangeOf(specOf('http://a.test/', spec), [
    { type: 'queued', at: 0, startedAt },
    { type: 'request-start', at: 1, method: 'GET', requestTarget: '/', authority: 'a.test', scheme: 'http', httpVersion, headers: [], client: 'node:http' },
    ...events, { type: 'first-byte', at: 1500 },
    { type: 'response-head', at: 1500, httpVersion, statusCode, reasonPhrase: '', headers },
    { type: 'body-end', at: 1501, bodySize: 0, contentSize: 0, trailers, complete: true, storedIn: 'memory' },
  ]);
}

const upgrade: FieldLine[] = [['Connection', 'keep-alive, Upgrade'], ['Upgrade', 'h2c']];
const waited = (
  outcome: 'continued' | 'timeout' | 'answered',
): ExchangeEvent => ({ type: 'continue-awaited', startAt: 10, at: 1010, outcome });

describe('what happened beside the request and its response', () => {
  const rows: [what: string, exchange: Exchange, expected: RegExp[]][] = [
    ['nothing', exchange(200), []],
    ['100 Continue', exchange(200, { events: [waited('continued')] }), [/held back 1\.00 s until `100 Continue` came/]],
    ['no 100 Continue', exchange(200, { events: [waited('timeout')] }), [/Waited for `100 Continue` 1\.00 s; none came/]],
    ['417', exchange(417, { events: [waited('answered')] }), [/never sent/, /Without the `Expect` header/]],
    ['103', exchange(200, { events: [{ type: 'interim-response', at: 20, statusCode: 103, headers: [['Link', '</a.css>; rel=preload; as=style, </b>; rel="next"'], ['link', '<https://c.test>']] }] }),
      [/`\/a\.css` \(preload\), `\/b` \(next\), `https:\/\/c\.test` \(RFC 8297\)/]],
    ['101', exchange(101, { spec: { headers: upgrade }, events: [{ type: 'switched', at: 30, protocol: 'h2c' }] }), [/switched to `h2c`, which is not spoken here/]],
    ['no 101', exchange(200, { spec: { headers: upgrade } }), [/did not switch to `h2c`/, /`Upgrade: h2c` is gone from HTTP\/2/]],
    ['426', exchange(426, { headers: [['Upgrade', 'TLS/1.3']] }), [/wants another protocol .* `TLS\/1\.3`/]],
    ['Upgrade alone', exchange(200, { spec: { headers: [['Upgrade', 'foo']] } }), [/counts only where `Connection` names it/]],
    ['Upgrade in HTTP/2', exchange(200, { spec: { headers: [['Connection', 'Upgrade'], ['Upgrade', 'foo']] }, httpVersion: '2' }), [/HTTP\/2 has no `Upgrade`/]],
    ['trailers that do not count', exchange(200, { trailers: [['Digest', 'x'], ['content-type', 'a/b'], ['Content-Type', 'c/d']] }), [/^`content-type`, `Content-Type` must not come behind/]],
    ['a stream asked for again', exchange(200, { events: [{ type: 'reconnecting', at: 40, exchangeId: 'x', delay: 3000, because: 'failed', lastEventId: '7' }] }),
      [/broke off and is asked for again after 3\.00 s, from event `7` on/]],
  ];
  for (const [what, of, expected] of rows) {
    it(what, () => {
      const said = explainExtras(of, 'en');
      assert.equal(said.length, expected.length, said.join('\n'));
      for (const [index, pattern] of expected.entries()) assert.match(said[index]!, pattern);
      assert.equal(explainExtras(of, 'ko').length, expected.length);
      for (const sentence of explainExtras(of, 'ko')) assert.doesNotMatch(sentence, /\{\w+\}|undefined/);
    });
  }

  it('errors of GraphQL that nobody looked for are told', () => {
    const unread = exchange(200, { events: [{ type: 'graphql-unread', at: 50, size: 2_000_000, limit: 1_048_576 }] });
    assert.deepEqual(explainExtras(unread, 'en'), [
      'The content has 2,000,000 bytes and was not looked through for GraphQL errors, which is done up to 1,048,576 bytes.',
    ]);
  });

  it('errors of GraphQL come first, whatever the status', () => {
    const error = { message: 'No name', path: 'hero.name' };
    const partial = exchange(200, {
      events: [{ type: 'graphql-errors', at: 50, outcome: { errors: [error], count: 2, hasData: true } }],
    });
    const none = exchange(200, {
      events: [{ type: 'graphql-errors', at: 50, outcome: { errors: [{ message: 'Syntax' }], count: 1, hasData: false } }],
    });
    assert.match(explainExchange(partial, 'en').strong, /^GraphQL errors: 2\.$/);
    assert.match(explainExchange(partial, 'en').text, /^“No name” at `hero\.name`\. The rest of the data is there\. /);
    assert.match(explainExchange(none, 'en').text, /^“Syntax” There is no data, whatever the status says\. /);
  });
});

describe('a WebSocket in words', () => {
  const message = (change: Partial<WebSocketMessage>): WebSocketMessage =>
    ({ index: 1, direction: 'received', kind: 'text', size: 3, wireSize: 5, frames: 1, compressed: false, ...change });
  const told = (
    at: number, change: Partial<WebSocketMessage>,
  ): ExchangeEvent => ({ type: 'web-socket-message', at, message: message(change) });
  const open: ExchangeEvent = { type: 'web-socket-open', at: 20 };

  it('says how many messages passed and who closed it, with the code', () => {
    const events = [
      open, told(30, { text: 'a' }), told(40, { direction: 'sent', text: 'b' }), told(50, { kind: 'ping' }),
    ];
    const ended = (end: Extract<ExchangeEvent, { type: 'web-socket-end' }>['end']) => exchange(101, {
      events: [...events, { type: 'web-socket-end', at: 60, counts: { sent: 1, received: 1, sentSize: 1, receivedSize: 1 }, ...(end ? { end } : {}) }],
    });
    const text = (of: Exchange) => explainExchange(of, 'en').text;
    assert.equal(
      text(ended({ by: 'server', code: 1011, reason: 'oh', clean: true })),
      'In 1.50 s, sent: 1, received: 1. The server closed it with `1011`: “oh”. Internal error of the server.',
    );
    assert.match(
      text(ended({ by: 'client', code: 1000, reason: '', clean: false })),
      /You closed it with `1000`\. Normal closure: all is said\. The Close was not answered in time\.$/,
    );
    assert.match(text(ended({ by: 'server', clean: true })), /The server closed it\.$/);
    const running = exchangeOf(specOf('ws://a.test/'), [{ type: 'queued', at: 0, startedAt }, ...events]);
    assert.match(text(running), /^Sent so far: 1, received: 1\./);
  });

  it('knows every code, registered ones and those of applications', () => {
    for (const language of languages) {
      const said = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3001, 4000, 1234,
      ].map((code) => explainCloseCode(code, language));
      assert.equal(new Set(said).size, said.length);
    }
  });

  it('puts each kind of message into one line', () => {
    const notes = [
      message({ text: 'hello' }), message({ kind: 'binary', size: 20, bytes: new Uint8Array(20).fill(255) }),
      message({ kind: 'ping' }),
      message({ kind: 'pong' }), message({ kind: 'close' }), message({ kind: 'close', code: 1000, reason: '' }),
      message({ kind: 'close', code: 4000, reason: 'x' }),
    ].map((one) => messageNote(one, 'en'));
    assert.deepEqual(
      notes, [
        'hello', `20 B of binary: ${'ff '.repeat(16)}…`, 'ping, answered with a pong', 'pong', 'close without a code',
        'close 1000', 'close 4000 “x”',
      ],
    );
  });

  it('names what was agreed on', () => {
    const side = { openAt: 0, messages: [], counts: { sent: 0, received: 0, sentSize: 0, receivedSize: 0 } };
    assert.deepEqual(explainAgreement(side, 'en'), ['No subprotocol', 'Messages are not compressed.']);
    const deflate = { serverNoContextTakeover: true, clientNoContextTakeover: false, clientMaxWindowBits: 10 };
    assert.deepEqual(explainAgreement({ ...side, protocol: 'chat', deflate }, 'en'),
      ['Subprotocol `chat`', 'Compressed messages (permessage-deflate, RFC 7692); server_no_context_takeover; client_max_window_bits=10']);
  });
});
