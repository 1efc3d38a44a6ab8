import { deepEqual, equal, ok } from 'node:assert/strict';

import { base64 } from '../../src/formats/base64.ts';
import { toHar } from '../../src/formats/har.ts';
import { record } from '../../src/trace/record.ts';
import { exchangeEvents, source, spec } from '../trace/events.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe('toHar', () => {
  it('sums the timings to the time, ssl being part of connect (HAR 1.2)', () => {
    const [entry] = toHar([record(source)]).log.entries;
    // 0.5 ms passed between the handshake's end and the first byte of the request.
    deepEqual(entry?.timings, { blocked: 1.5, dns: 8, connect: 23, ssl: 22, send: 0.5, wait: 94, receive: 7 });
    equal(entry?.time, 134);
    equal(entry?.serverIPAddress, '127.0.0.1');
    equal(entry?.startedDateTime, '2023-11-14T22:13:20.000Z');
  });

  it('says -1 where nothing happened', () => {
    const failure = { phase: 'dns', code: 'name-not-found', confidence: 'certain' } as const;
    const exchange = record({
      id: 'x', spec, events: [exchangeEvents[0]!, { type: 'failed', at: 1004, failure }],
    });
    const [entry] = toHar([exchange]).log.entries;
    deepEqual(entry?.timings, { blocked: 4, dns: -1, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 });
    equal(entry?.response.status, 0);
    equal(entry?.request.url, spec.url);
    equal(entry?.request.bodySize, -1);
  });

  it('has query, cookies, posted text and content', () => {
    const contents = new Map([['x1', text('{"ok":true}')]]);
    const [entry] = toHar([record(source)], contents, { includeSecrets: true }).log.entries;
    deepEqual(entry?.request.queryString, [{ name: 'next', value: '/me' }]);
    deepEqual(entry?.request.cookies, [{ name: 'a', value: '1' }, { name: 'b', value: '2' }]);
    equal(entry?.request.postData?.text, '{"user":"ada"}');
    equal(entry?.response.content.text, '{"ok":true}');
    equal(entry?.response.content.compression, 2200);
    equal(entry?.response.httpVersion, 'HTTP/2');
  });

  it('encodes what is not text in base64', () => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff);
    const [entry] = toHar([record(source)], new Map([['x1', bytes]])).log.entries;
    equal(entry?.response.content.encoding, 'base64');
    equal(entry?.response.content.text, '/9j/');
  });

  it('masks credentials unless asked not to', () => {
    const masked = JSON.stringify(toHar([record(source)]));
    ok(!masked.includes('abc.def') && !masked.includes('s3cret'));
    ok(JSON.stringify(toHar([record(source)], new Map(), { includeSecrets: true })).includes('s3cret'));
  });
});

describe('base64', () => {
  it('agrees with the platform for every length', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length * 11) & 255);
      equal(base64(bytes), Buffer.from(bytes).toString('base64'));
    }
  });
});
