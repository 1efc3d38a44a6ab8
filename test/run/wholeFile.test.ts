import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../src/run/wholeFile.ts';

describe('a file written whole', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whole-'));
    path = join(directory, 'x.har');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const chunks = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

  it('is in the place of the one before, for its owner only', async () => {
    writeFileSync(path, 'what was there before, and longer', { mode: 0o644 });
    await writeWhole(path, chunks('new ', 'content'));
    assert.equal(readFileSync(path, 'utf8'), 'new content');
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(directory), ['x.har']);
  });

  it('leaves the one before, and nothing half, where it breaks off', async () => {
    writeFileSync(path, 'before');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      assert.equal(readFileSync(path, 'utf8'), 'before');
      throw new Error('no more');
    }
    await assert.rejects(writeWhole(path, broken()), /no more/);
    assert.equal(readFileSync(path, 'utf8'), 'before');
    assert.deepEqual(readdirSync(directory), ['x.har']);
  });

  it('cannot be made where there is no folder', async () => {
    await assert.rejects(writeWhole(join(path, 'missing', 'y'), chunks('x')), { code: 'ENOENT' });
  });

  it('goes through a link as it is, such as /dev/stdout', async function () {
    if (process.platform === 'win32') this.skip();
    const link = join(directory, 'link');
    writeFileSync(path, 'before');
    symlinkSync(path, link);
    const { ino } = statSync(path);
    await writeWhole(link, chunks('through ', 'a link'));
    assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).ino], ['through a link', ino]);
  });
});
