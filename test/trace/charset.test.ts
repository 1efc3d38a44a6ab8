import assert from 'node:assert/strict';
import { charsetName, guessCharset } from '../../src/explain/charset.ts';
import { findCharset } from '../../src/trace/charset.ts';
import type { Charset } from '../../src/trace/charset.ts';

const bom = { utf8: [0xef, 0xbb, 0xbf], le: [0xff, 0xfe], be: [0xfe, 0xff] } as const;
const meta = '<!doctype html><title>x</title><meta charset="euc-kr">';
const xml = '<?xml version="1.0" encoding=\'Shift_JIS\'?><a/>';

function bytesOf(text: string, mark: readonly number[] = [], encoding: BufferEncoding = 'latin1'): Uint8Array {
  return Uint8Array.from([...mark, ...Buffer.from(text, encoding)]);
}

/** What is declared how, and what is found. */
const cases: readonly (readonly [name: string, contentType: string | undefined, bytes: Uint8Array, found: Charset])[] = [
  ['nothing', undefined, bytesOf('hello'), { label: 'utf-8', from: 'default' }],
  ['Content-Type', 'text/plain; charset=EUC-KR', bytesOf('x'), { label: 'euc-kr', from: 'content-type' }],
  ['Content-Type in quotes', 'text/plain;charset="shift_jis"', bytesOf('x'), { label: 'shift_jis', from: 'content-type' }],
  ['CP949', 'text/plain; charset=cp949', bytesOf('x'), { label: 'euc-kr', from: 'content-type' }],
  ['MS949', 'text/plain; charset=MS949', bytesOf('x'), { label: 'euc-kr', from: 'content-type' }],
  ['Windows-31J', 'text/plain; charset=windows-31j', bytesOf('x'), { label: 'shift_jis', from: 'content-type' }],
  ['ISO-8859-1 as the Web reads it', 'text/plain; charset=ISO-8859-1', bytesOf('x'), { label: 'windows-1252', from: 'content-type' }],
  ['an unknown name', 'text/plain; charset=klingon', bytesOf('x'), { label: 'klingon', from: 'content-type' }],
  ['a mark of UTF-8', 'text/plain', bytesOf('x', bom.utf8), { label: 'utf-8', from: 'bom' }],
  ['a mark before the Content-Type', 'text/plain; charset=euc-kr', bytesOf('x', bom.utf8), { label: 'utf-8', from: 'bom', otherwise: 'euc-kr' }],
  ['UTF-16 with its mark', 'text/plain; charset=utf-16', bytesOf('x', bom.le, 'utf16le'), { label: 'utf-16le', from: 'bom' }],
  ['UTF-16, big endian', 'text/plain; charset=utf-16', bytesOf('\0x', bom.be), { label: 'utf-16be', from: 'bom' }],
  ['UTF-16 without a mark', 'text/plain; charset=utf-16', bytesOf('hello', [], 'utf16le'), { label: 'utf-16le', from: 'content-type' }],
  ['UTF-16 without a mark, big endian', 'text/plain; charset=utf-16', bytesOf('\0h\0i'), { label: 'utf-16be', from: 'content-type' }],
  ['two bytes like a mark in what is no text', 'audio/mpeg', bytesOf('x', bom.le), { label: 'utf-8', from: 'default' }],
  ['meta', 'text/html', bytesOf(meta), { label: 'euc-kr', from: 'meta' }],
  ['meta with http-equiv', 'text/html', bytesOf('<META http-equiv="Content-Type" content="text/html; charset=GB2312">'), { label: 'gbk', from: 'meta' }],
  ['meta in a comment', 'text/html', bytesOf('<!-- <meta charset="euc-kr"> --><p>'), { label: 'utf-8', from: 'default' }],
  ['meta that names UTF-16, which it cannot be', 'text/html', bytesOf('<meta charset="utf-16">'), { label: 'utf-8', from: 'meta' }],
  ['meta after 1,024 bytes', 'text/html', bytesOf(' '.repeat(1024) + meta), { label: 'utf-8', from: 'default' }],
  ['meta where the Content-Type says so', 'text/html; charset=utf-8', bytesOf(meta), { label: 'utf-8', from: 'content-type' }],
  ['meta in plain text', 'text/plain', bytesOf(meta), { label: 'utf-8', from: 'default' }],
  ['an XML declaration', 'application/xml', bytesOf(xml), { label: 'shift_jis', from: 'xml' }],
  ['an XML declaration of +xml', 'application/atom+xml', bytesOf(xml), { label: 'shift_jis', from: 'xml' }],
  ['an XML declaration in UTF-16', 'text/xml', bytesOf('<?xml version="1.0"?>', [], 'utf16le'), { label: 'utf-16le', from: 'xml' }],
  ['XML without one', 'text/xml', bytesOf('<a/>'), { label: 'utf-8', from: 'default' }],
  ['JSON', 'application/json', bytesOf('{}'), { label: 'utf-8', from: 'json' }],
  ['JSON in UTF-16', 'application/problem+json', bytesOf('{}', [], 'utf16le'), { label: 'utf-16le', from: 'json' }],
  ['JSON with a charset', 'application/json; charset=euc-kr', bytesOf('{}'), { label: 'euc-kr', from: 'content-type' }],
];

describe('charsets', () => {
  for (const [name, contentType, bytes, found] of cases) {
    it(`are found: ${name}`, () => {
      const headers = contentType === undefined ? [] : [['Content-Type', contentType] as const];
      assert.deepEqual(findCharset(bytes, headers), found);
    });
  }

  it('have names', () => {
    assert.deepEqual(
      ['utf-8', 'euc-kr', 'windows-1251', 'shift_jis', 'gb18030'].map(charsetName), ['UTF-8', 'EUC-KR (CP949)', 'Windows-1251', 'Shift_JIS', 'GB18030'],
    );
  });

  describe('are guessed', () => {
    const strict = (bytes: Uint8Array) => (label: string): string | undefined => {
      try {
        return new TextDecoder(label, { fatal: true }).decode(bytes);
      } catch {
        return undefined;
      }
    };

    it('from bytes that are not what was declared', () => {
      assert.equal(
        guessCharset('utf-8', strict(Uint8Array.from([0xc7, 0xd1, 0xb1, 0xdb, 0x20, 0xb9, 0xae, 0xc0, 0xda]))),
        'euc-kr',
      );
      assert.equal(guessCharset('euc-kr', strict(Buffer.from('한글 문자'))), 'utf-8');
      assert.equal(
        guessCharset('utf-8', strict(Uint8Array.from([0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd]))),
        'shift_jis',
      );
      assert.equal(
        guessCharset('utf-8', strict(Uint8Array.from([0xd6, 0xd0, 0xce, 0xc4, 0xb1, 0xe0, 0xc2, 0xeb]))), 'gb18030',
      );
    });

    it('not, where nothing makes sense', () => {
      assert.equal(guessCharset('utf-8', strict(Uint8Array.from([0xff, 0xff, 0xff, 0x00]))), undefined);
    });
  });
});
