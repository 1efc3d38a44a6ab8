import assert from 'node:assert/strict';
import { frameRequest, frameResponse } from '../../../src/trace/http1/framing.ts';
import type { Framing, Piece } from '../../../src/trace/http1/framing.ts';
import { frameHttp1 } from '../../../src/trace/http1/segments.ts';
import type { FramedSegment } from '../../../src/trace/http1/segments.ts';
import type { WireSegment, WireStream } from '../../../src/trace/wireRecord.ts';

const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** `kind problem`, each with its text; pieces that are cut end with `…`. */
type Told = readonly [what: string, text: string];

function told(text: string, { pieces }: Framing): Told[] {
  return pieces.map(({ kind, start, end, problem, isCut, chunkSize }) => [
    [kind, ...(chunkSize === undefined ? [] : [chunkSize]), ...(problem ? [`!${problem}`] : []), ...(isCut ? ['…'] : [])].join(' '),
    text.slice(start, end),
  ]);
}

const ok = 'HTTP/1.1 200 OK\r\n';

const responses: readonly [section: string, method: string, told: Told[]][] = [
  ['§6.3.6 content with a length', 'GET', [
    ['start-line', ok], ['field-line', 'Content-Length: 3\r\n'], ['empty-line', '\r\n'], ['content', 'abc'],
  ]],
  ['§6.3.8 content until the connection is closed', 'GET', [['start-line', ok], ['empty-line', '\r\n'], ['content', 'abc\r\n\r\n']]],
  ['§6.3.1 no content after HEAD', 'HEAD', [
    ['start-line', ok], ['field-line', 'Content-Length: 3\r\n'], ['empty-line', '\r\n'], ['excess', 'abc'],
  ]],
  ['§6.3.1 no content with 304', 'GET', [
    ['start-line', 'HTTP/1.1 304 Not Modified\r\n'], ['field-line', 'Content-Length: 3\r\n'], ['empty-line', '\r\n'],
  ]],
  ['§7.1 chunks', 'GET', [
    ['start-line', ok], ['field-line', 'Transfer-Encoding: gzip, chunked\r\n'], ['empty-line', '\r\n'],
    ['chunk-size 3', '3\r\n'], ['chunk-data', 'abc'], ['chunk-end', '\r\n'],
    ['chunk-size 10', '00A;name="v";x\r\n'], ['chunk-data', '0123\r\n6789'], ['chunk-end', '\r\n'],
    ['last-chunk 0', '0;last\r\n'], ['trailer-line', 'X-Sum: 1\r\n'], ['empty-line', '\r\n'],
  ]],
  ['§4 no reason phrase', 'GET', [['start-line', 'HTTP/1.0 200 \r\n'], ['empty-line', '\r\n']]],
  ['RFC 9110 §15.2 interim responses', 'GET', [
    ['start-line', 'HTTP/1.1 103 Early Hints\r\n'], ['field-line', 'Link: </a>\r\n'], ['empty-line', '\r\n'],
    ['start-line', 'HTTP/1.1 100 Continue\r\n'], ['empty-line', '\r\n'],
    ['start-line', ok], ['field-line', 'content-length:1\r\n'], ['empty-line', '\r\n'], ['content', 'x'], ['excess', 'more'],
  ]],
  ['RFC 9110 §15.2.2 another protocol', 'GET', [
    ['start-line', 'HTTP/1.1 101 Switching Protocols\r\n'], ['field-line', 'Upgrade: x\r\n'], ['empty-line', '\r\n'],
    ['switched', '\x81\x05hello'],
  ]],
  ['RFC 9110 §9.3.6 a tunnel', 'CONNECT', [['start-line', ok], ['empty-line', '\r\n'], ['switched', '\x16\x03\x01']]],
  ['§2.2 line ends without CR', 'GET', [
    ['start-line !bare-lf', 'HTTP/1.1 200 OK\n'], ['field-line !bare-lf', 'Content-Length: 1\n'], ['empty-line !bare-lf', '\n'], ['content', 'a'],
  ]],
  ['§2.2 CR within a line', 'GET', [['start-line', ok], ['field-line !bare-cr', 'A: b\rc\r\n'], ['empty-line', '\r\n']]],
  ['§5 lines that are no fields', 'GET', [
    ['start-line', ok], ['field-line !no-colon', 'nothing\r\n'], ['field-line !no-colon', ': a\r\n'],
    ['field-line !space-before-colon', 'A : b\r\n'], ['field-line', 'B: c\r\n'], ['field-line !folded', '  d\r\n'], ['empty-line', '\r\n'],
  ]],
  ['§6.1 two lengths', 'GET', [
    ['start-line', ok], ['field-line', 'Content-Length: 3\r\n'], ['field-line !two-lengths', 'Transfer-Encoding: chunked\r\n'], ['empty-line', '\r\n'],
    ['last-chunk 0', '0\r\n'], ['empty-line', '\r\n'],
  ]],
  ['§6.3 lengths that differ', 'GET', [
    ['start-line', ok], ['field-line', 'Content-Length: 3\r\n'], ['field-line !content-length', 'Content-Length: 4\r\n'], ['empty-line', '\r\n'],
    ['content …', 'ab'],
  ]],
  ['§6.3 a coding that is not chunked', 'GET', [
    ['start-line', ok], ['field-line !transfer-coding', 'Transfer-Encoding: gzip\r\n'], ['empty-line', '\r\n'], ['content', '0\r\n\r\n'],
  ]],
  ['§7.1 a size that is none', 'GET', [
    ['start-line', ok], ['field-line', 'Transfer-Encoding: chunked\r\n'], ['empty-line', '\r\n'],
    ['chunk-size 1', '1\r\n'], ['chunk-data', 'a'], ['chunk-end', '\r\n'], ['chunk-size !chunk-size', '0x1\r\n'], ['excess', 'b\r\n0\r\n\r\n'],
  ]],
  ['§7.1 no line end after a chunk', 'GET', [
    ['start-line', ok], ['field-line', 'Transfer-Encoding: chunked\r\n'], ['empty-line', '\r\n'],
    ['chunk-size 1', '1\r\n'], ['chunk-data', 'a'], ['chunk-end !chunk-end', 'b'], ['excess', 'c\r\n'],
  ]],
  ['§4 a response that is none', 'GET', [['start-line !start-line', 'SSH-2.0-OpenSSH\r\n'], ['excess', 'more']]],
  ['a head that was cut off', 'GET', [['start-line', ok], ['field-line …', 'Content-Le']]],
  ['chunks that were cut off', 'GET', [
    ['start-line', ok], ['field-line', 'Transfer-Encoding: chunked\r\n'], ['empty-line', '\r\n'], ['chunk-size 5', '5\r\n'], ['chunk-data …', 'abc'],
  ]],
  ['no octet at all', 'GET', []],
];

const requests: readonly [section: string, isSwitched: boolean, told: Told[]][] = [
  ['§3 a request', false, [['start-line', 'GET /a?b HTTP/1.1\r\n'], ['field-line', 'Host: a\r\n'], ['empty-line', '\r\n']]],
  ['§6 content', false, [
    ['start-line', 'POST / HTTP/1.1\r\n'], ['field-line', 'Content-Length: 2\r\n'], ['empty-line', '\r\n'], ['content', 'ab'], ['excess', 'c'],
  ]],
  ['§7.1 chunks', false, [
    ['start-line', 'POST / HTTP/1.1\r\n'], ['field-line', 'Transfer-Encoding: chunked\r\n'], ['empty-line', '\r\n'],
    ['chunk-size 2', '2\r\n'], ['chunk-data', 'ab'], ['chunk-end', '\r\n'], ['last-chunk 0', '0\r\n'], ['empty-line', '\r\n'],
  ]],
  ['§2.2 an empty line before it', false, [['empty-line', '\r\n'], ['start-line', 'GET / HTTP/1.1\r\n'], ['empty-line', '\r\n']]],
  ['RFC 9110 §7.8 another protocol', true, [
    ['start-line', 'GET / HTTP/1.1\r\n'], ['field-line', 'Upgrade: x\r\n'], ['empty-line', '\r\n'], ['switched', '\x81\x80'],
  ]],
  ['§3.2 spaces in the target', false, [['start-line', 'GET /a b HTTP/1.1\r\n'], ['empty-line', '\r\n']]],
  ['§3 no version', false, [['start-line !start-line', 'GET /\r\n'], ['excess', '\r\n']]],
];

describe('octets of HTTP/1.1', () => {
  for (const [section, method, expected] of responses) {
    it(`of a response are told for what they are: ${section}`, () => {
      const text = expected.map(([, piece]) => piece).join('');
      assert.deepEqual(told(text, frameResponse(octets(text), method)), expected);
    });
  }

  for (const [section, isSwitched, expected] of requests) {
    it(`of a request are told for what they are: ${section}`, () => {
      const text = expected.map(([, piece]) => piece).join('');
      assert.deepEqual(told(text, frameRequest(octets(text), isSwitched)), expected);
    });
  }

  it('are all accounted for, whatever they are', () => {
    let seed = 3;
    const random = (below: number): number => Math.floor(((seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff) * below);
    const texts = responses.map(([, , pieces]) => pieces.map(([, piece]) => piece).join(''));
    for (let round = 0; round < 20_000; round++) {
      const copy = octets(texts[random(texts.length)]!);
      for (let times = random(5); times > 0 && copy.length > 0; times--) copy[random(copy.length)] = random(256);
      for (const { pieces } of [frameResponse(copy, 'GET'), frameRequest(copy)]) assertWhole(pieces, copy.length);
    }
  });
});

function assertWhole(pieces: readonly Piece[], size: number): void {
  let at = 0;
  for (const { start, end } of pieces) {
    assert.equal(start, at);
    assert.ok(end > start);
    at = end;
  }
  assert.equal(at, size);
}

/** Segments, each at a time of its own. */
function streamOf(...chunks: readonly (readonly [WireSegment['direction'], string])[]): WireStream {
  const sizes = { sent: 0, received: 0 };
  const segments = chunks.map(([direction, text], at): WireSegment => {
    const segment = { direction, at, bytes: octets(text), offset: sizes[direction] };
    sizes[direction] += text.length;
    return segment;
  });
  return { segments, sentSize: sizes.sent, receivedSize: sizes.received };
}

describe('segments of HTTP/1.1', () => {
  const request = 'POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody';
  const response = `HTTP/1.1 100 Continue\r\n\r\n${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n`;

  function piecesOf(segments: readonly FramedSegment[], direction: WireSegment['direction']): string[] {
    const texts: string[] = [];
    for (const { segment, parts } of segments) {
      if (segment.direction !== direction) continue;
      for (const { bytes, piece, begins } of parts) {
        const text = Buffer.from(bytes).toString('latin1');
        if (begins) texts.push(`${piece?.kind}|${text}`);
        else texts[texts.length - 1] += text;
      }
    }
    return texts;
  }

  it('have the same pieces wherever they are cut', () => {
    const whole = frameHttp1(streamOf(['sent', request], ['received', response]));
    for (let cut = 1; cut < response.length; cut++) {
      const at = Math.min(cut, request.length - 1);
      const framed = frameHttp1(streamOf(
        ['sent', request.slice(0, at)], ['received', response.slice(0, cut)], ['sent', request.slice(at)], ['received', response.slice(cut)]));
      for (const direction of ['sent', 'received'] as const) assert.deepEqual(
        piecesOf(framed, direction), piecesOf(whole, direction),
      );
      assert.deepEqual(framed.map(({ segment }) => segment.at), [0, 1, 2, 3]);
    }
  });

  it('say how much is missing between them', () => {
    const { segments, ...sizes } = streamOf(
      ['sent', request], ['received', `${ok}Content-Length: 10\r\n\r\n01`], ['received', '2345'], ['received', '6789'],
    );
    const framed = frameHttp1({ ...sizes, segments: segments.filter((_, index) => index !== 2) });
    assert.deepEqual(
      framed.map(({ gap, parts }) => [gap, parts.at(-1)!.piece?.kind]),
      [[undefined, 'content'], [undefined, 'content'], [4, undefined]],
    );
  });

  it('are of another protocol in both directions after 101', () => {
    const framed = frameHttp1(streamOf(
      ['sent', 'GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n'], ['received', 'HTTP/1.1 101 S\r\n\r\n'], ['sent', 'ping'], ['received', 'pong']));
    assert.deepEqual(
      framed.map(({ parts }) => parts.at(-1)!.piece?.kind), ['empty-line', 'empty-line', 'switched', 'switched'],
    );
  });
});
