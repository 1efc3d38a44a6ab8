import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { decodeText } from '../../src/run/charset.ts';
import { debianOrSkip, skipped } from '../support/debian.ts';

// The platform's iconv encodes, ours decodes.

const korean = '똠방각하 펲시콜라 한글 ABC ①';
const japanese = 'こんにちは カタカナ 漢字 ABC';
const chinese = '中文编码 汉字 ABC';

const cases: readonly (readonly [charset: string, oracle: string, text: string])[] = [
  ['euc-kr', 'CP949', korean], ['cp949', 'CP949', korean], ['ms949', 'CP949', korean], ['euc-kr', 'EUC-KR', '한글 문자'],
  ['shift_jis', 'SHIFT_JIS', japanese], ['windows-31j', 'CP932', japanese], ['euc-jp', 'EUC-JP', japanese], ['iso-2022-jp', 'ISO-2022-JP', japanese],
  ['gb18030', 'GB18030', `${chinese} 𠀀 €`], ['gbk', 'GBK', chinese], ['gb2312', 'GB2312', chinese], ['big5', 'BIG5', '中文編碼'],
  ['utf-16', 'UTF-16', korean], ['utf-16le', 'UTF-16LE', korean], ['utf-16be', 'UTF-16BE', korean],
  ['iso-8859-1', 'CP1252', 'Käse “€” naïve'], ['windows-1251', 'CP1251', 'Привет'], ['koi8-r', 'KOI8-R', 'Привет'], ['utf-8', 'UTF-8', `${korean}${japanese}`],
];

function encoded(text: string, oracle: string): Buffer | undefined {
  const { status, stdout } = spawnSync('iconv', ['-f', 'UTF-8', '-t', oracle], { input: text });
  return status === 0 ? stdout : undefined;
}

describe('texts in charsets, encoded by the platform\'s iconv', () => {
  before(function () {
    debianOrSkip(this, 'libc-bin', 'iconv');
  });

  for (const [charset, oracle, text] of cases) {
    it(`${charset} (${oracle}) is read`, function () {
      const bytes = encoded(text, oracle);
      if (!bytes) return skipped(this, `iconv does not know ${oracle}`);
      assert.equal(decodeText(bytes, [['content-type', `text/plain; charset=${charset}`]]), text);
    });
  }

  it('a character cut at the end is left off', () => {
    for (const [charset, oracle] of [
      ['euc-kr', 'CP949'], ['shift_jis', 'SHIFT_JIS'], ['utf-16be', 'UTF-16BE'], ['utf-8', 'UTF-8'],
    ] as const) {
      const text = charset === 'shift_jis' ? 'カナ漢' : '한글문';
      const bytes = encoded(text, oracle)!;
      assert.equal(
        decodeText(bytes.subarray(0, bytes.length - 1), [['content-type', `text/plain; charset=${charset}`]]),
        text.slice(0, 2), charset,
      );
    }
  });

  it('declarations in the content are followed', () => {
    const html = encoded(`<meta charset="euc-kr"><p>${korean}`, 'CP949')!;
    assert(decodeText(html, [['content-type', 'text/html']])?.endsWith(korean));
    const xml = encoded(`<?xml version="1.0" encoding="Shift_JIS"?><a>${japanese}</a>`, 'SHIFT_JIS')!;
    assert(decodeText(xml, [['content-type', 'application/xml']])?.includes(japanese));
  });

  it('bytes that are no text are none', () => {
    assert.equal(decodeText(Uint8Array.from([0, 1, 2, 0xff]), []), undefined);
  });
});
