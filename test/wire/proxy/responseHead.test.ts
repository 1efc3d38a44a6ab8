import assert from 'node:assert/strict';
import { createHeadReader, type HeadResult } from '../../../src/wire/proxy/responseHead.ts';

/** The result of reading the pieces one after another, with all that came behind the head. */
function read(pieces: readonly Buffer[]): HeadResult {
  const reader = createHeadReader();
  let result: HeadResult = { state: 'incomplete' };
  for (const [index, piece] of pieces.entries()) {
    result = reader.read(piece);
    if (result.state === 'complete') {
      return { ...result, rest: Buffer.concat([result.rest, ...pieces.slice(index + 1)]) };
    }
    if (result.state === 'malformed') return result;
  }
  return result;
}

const head =
  'HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\nX-Empty:\r\nX-Folded: a\r\n  b\r\n\r\nrest\r\n\r\n';

describe('head of a proxy\'s response', () => {
  it('gives status, reason, fields as written, and what came behind', () => {
    const result = read([Buffer.from(head)]);
    assert.ok(result.state === 'complete');
    assert.deepEqual(
      [result.statusCode, result.reasonPhrase, result.headers, result.rest.toString()],
      [200, 'Connection established', [['Via', '1.1 proxy'], ['X-Empty', ''], ['X-Folded', 'a b']], 'rest\r\n\r\n'],
    );
  });

  const same: [string, string][] = [
    ['a plain head', head],
    ['single line feeds', 'HTTP/1.0 407 Proxy Authentication Required\nProxy-Authenticate: Basic\n\nbody'],
    ['interim responses before it', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${head}`],
    ['something else', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a field without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
  ];
  for (const [what, text] of same) {
    it(`reads ${what} the same however it is cut`, () => {
      const bytes = Buffer.from(text, 'latin1');
      const whole = read([bytes]);
      assert.notEqual(whole.state, 'incomplete');
      for (let at = 1; at < bytes.length; at += 1) {
        assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`);
      }
      assert.deepEqual(read([...bytes].map((byte) => Buffer.from([byte]))), whole, 'byte by byte');
    });
  }

  it('keeps octets beyond ASCII', () => {
    const result = read([Buffer.from('HTTP/1.1 403 Verboten \xfc\r\nX: \xe9\r\n\r\n', 'latin1')]);
    assert.ok(result.state === 'complete');
    assert.deepEqual([result.reasonPhrase, result.headers], ['Verboten \xfc', [['X', '\xe9']]]);
  });

  it('takes 64 KiB and 256 fields, and no more', () => {
    const start = 'HTTP/1.1 200 OK\r\nX: ';
    const filled = (length: number): Buffer => Buffer.from(`${start}${'x'.repeat(length - start.length - 4)}\r\n\r\n`);
    assert.equal(read([filled(65536)]).state, 'complete');
    const tooLarge = (detail: Record<string, number>) => ({ state: 'malformed', code: 'response-head-too-large', detail });
    assert.deepEqual(read([filled(65537)]), tooLarge({ size: 65537, limit: 65536 }));
    const fields = (count: number): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(count)}\r\n`);
    assert.equal(read([fields(256)]).state, 'complete');
    assert.deepEqual(read([fields(300)]), tooLarge({ fields: 300, limit: 256 }));
  });

  it('does not wait for the end of a head that is already too long', () => {
    assert.equal(read([Buffer.from(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(65536)}`)]).state, 'malformed');
  });

  it('gives up after 32 interim responses', () => {
    const interim = 'HTTP/1.1 102 Processing\r\n\r\n';
    assert.equal(read([Buffer.from(interim.repeat(32) + head)]).state, 'complete');
    assert.deepEqual(read([Buffer.from(interim.repeat(40) + head)]), {
      state: 'malformed', code: 'proxy-malformed', detail: { interimResponses: 33, limit: 32 },
    });
  });
});
