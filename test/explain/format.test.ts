import assert from 'node:assert/strict';
import {
  formatDuration, formatEndpoint, formatLifetime, formatMoment, formatRate, formatSize, formatTlsVersion, shorten,
} from '../../src/explain/format.ts';
import { commonName, plainName } from '../../src/explain/names.ts';

describe('format', () => {
  const durations: [number, string][] = [
    [0, '<0.01 ms'], [0.04, '0.04 ms'], [0.0949, '0.09 ms'], [0.0951, '0.1 ms'], [8.1, '8.1 ms'], [99.94, '99.9 ms'], [99.96, '100 ms'], [134.1, '134 ms'],
    [999.4, '999 ms'], [999.6, '1.00 s'], [1234, '1.23 s'], [9994, '9.99 s'], [9996, '10.0 s'], [59_940, '59.9 s'], [59_960, '1 min 0 s'], [125_000, '2 min 5 s'],
  ];
  for (const [ms, text] of durations) it(`${ms} ms is ${text}`, () => assert.equal(formatDuration(ms), text));
  it('counts minutes in Korean', () => assert.equal(formatDuration(125_000, 'ko'), '2분 5초'));

  const sizes: [number, string][] = [
    [0, '0 B'], [999, '999 B'], [1000, '1 kB'], [1214, '1.2 kB'], [99_900, '99.9 kB'], [123_456, '123 kB'], [999_600, '1 MB'], [1_073_741_824, '1.1 GB'],
  ];
  for (const [bytes, text] of sizes) it(`${bytes} bytes are ${text}`, () => assert.equal(formatSize(bytes), text));

  it('gives rates, lifetimes, moments, endpoints and versions', () => {
    assert.equal(formatRate(5_000_000, 1000), '5 MB/s');
    assert.deepEqual(
      [37, 119, 120, 7199, 7200, 172_800].map((seconds) => formatLifetime(seconds)), ['37 s', '119 s', '2 min', '119 min', '2 h', '2 days'],
    );
    assert.deepEqual(
      [37, 300, 7200, 172_800].map((seconds) => formatLifetime(seconds, 'ko')), ['37초', '5분', '2시간', '2일'],
    );
    assert.equal(formatMoment(Date.UTC(2026, 2, 14, 9, 26, 53), 'en'), '14 Mar 2026, 09:26 UTC');
    assert.equal(formatMoment(NaN, 'en'), '–');
    assert.equal(formatEndpoint('::1', 80), '[::1]:80');
    assert.equal(formatEndpoint('127.0.0.1'), '127.0.0.1');
    assert.deepEqual(['TLSv1.3', 'TLSv1', 'TLSv1.2'].map(formatTlsVersion), ['TLS 1.3', 'TLS 1.0', 'TLS 1.2']);
  });

  it('never cuts a character in two', () => {
    assert.equal(shorten('abc', 3), 'abc');
    assert.doesNotThrow(() => encodeURIComponent(shorten('ab\u{1F600}cd', 3)));
  });
});

describe('names', () => {
  it('finds the common name in both notations', () => {
    assert.equal(commonName('CN=Roundtrip Lab CA 1, O=Roundtrip'), 'Roundtrip Lab CA 1');
    assert.equal(commonName('O=Shop\nCN=shop.test'), 'shop.test');
    assert.equal(commonName('O=Shop'), 'Shop');
    assert.equal(commonName('serial 7'), 'serial 7');
  });

  it('drops the kind of a name', () => assert.equal(plainName('DNS:a.test'), 'a.test'));
});
