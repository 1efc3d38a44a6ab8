import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { guessCharset } from '../../src/explain/charset.ts';
import { decodeText } from '../../src/run/charset.ts';
import { requireDebian } from '../support/debian.ts';
import { call, fieldOf } from './calling.ts';
import { run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** By the names that the paths have: as iconv of the C library calls them, and a text that must be in them. */
const charsets: Readonly<Record<string, readonly [name: string, text: string]>> = {
  'utf-8': ['UTF-8', '똠방각하 펲시콜라 ☺'], 'euc-kr': ['CP949', '똠방각하 펲시콜라'], 'cp949': ['CP949', '똠방각하 펲시콜라'],
  'latin1': ['ISO-8859-1', 'café, garçon, señor'], 'iso-8859-1': ['ISO-8859-1', 'café'], 'utf-16': ['UTF-16', '왕복: 갔다가 돌아옵니다. ☺'],
  'utf-16le': ['UTF-16LE', '왕복'], 'utf-16be': ['UTF-16BE', '왕복'], 'shift_jis': ['SHIFT_JIS', '往復'], 'windows-1252': ['CP1252', '5 €'],
};

describe('lab texts', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  for (const [charset, [name, text]] of Object.entries(charsets)) {
    it(`in ${charset} are so for iconv, and for us, also without the charset's name where the bytes tell`, async () => {
      const right = await call(running, 'GET', `/text/${charset}`);
      assert.equal(fieldOf(right, 'content-type'), `text/plain; charset=${charset}`);
      await writeFile(join(running.directory, 'text'), right.bytes);
      const { stdout, code } = await run(requireDebian('libc-bin', 'iconv'), ['-f', name, '-t', 'UTF-8', join(running.directory, 'text')]);
      assert.equal(code, 0);
      assert.ok(stdout.toString().includes(text), stdout.toString());
      assert.equal(decodeText(right.bytes, right.headers)?.replace(/^\ufeff/, ''), stdout.toString());
      const nameless = await call(running, 'GET', `/text/${charset}?as=none`);
      assert.equal(fieldOf(nameless, 'content-type'), 'text/plain');
      assert.deepEqual(nameless.bytes, right.bytes);
      if (charset === 'utf-16' || charset === 'utf-8') assert.ok(decodeText(nameless.bytes, nameless.headers)?.includes(text));
    });

    it(`in ${charset} can be called something else, and are wrong then`, async () => {
      const as = charset.startsWith('utf-16') ? 'utf-8' : 'utf-16le';
      const wrong = await call(running, 'GET', `/text/${charset}?as=${as}`);
      assert.equal(fieldOf(wrong, 'content-type'), `text/plain; charset=${as}`);
      // A byte order mark beats what the field says.
      if (charset !== 'utf-16') assert.ok(!decodeText(wrong.bytes, wrong.headers)?.includes(text));
    });
  }

  it('that lie are seen through where another charset makes sense of them', async () => {
    const decoding = (bytes: Buffer) => (label: string): string | undefined => {
      const text = iconv.decode(bytes, label === 'euc-kr' ? 'cp949' : label);
      return text.includes('\ufffd') ? undefined : text;
    };
    const korean = await call(running, 'GET', '/text/utf-8?as=euc-kr');
    assert.equal(guessCharset('euc-kr', decoding(korean.bytes)), 'utf-8');
    const older = await call(running, 'GET', '/text/euc-kr?as=utf-8');
    assert.equal(guessCharset('utf-8', decoding(older.bytes)), 'euc-kr');
  });

  it('are called by tokens only, and there are no others', async () => {
    assert.equal((await call(running, 'GET', '/text/utf-8?as=a%0d%0ab')).statusCode, 400);
    assert.equal((await call(running, 'GET', '/text/utf-8?as=')).statusCode, 400);
    assert.equal((await call(running, 'GET', '/text/constructor')).statusCode, 404);
  });
});
