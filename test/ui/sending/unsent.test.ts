import assert from 'node:assert/strict';
import { problem } from '../../../src/httpFile/problem.ts';
import { createUnsent } from '../../../src/ui/sending/unsent.ts';

const range = { start: { line: 3, character: 4 }, end: { line: 3, character: 9 } };
const missing = problem('url-missing', range, { method: 'GET' });
const first = { uri: 'file:///a.http', key: 'first' };
const second = { uri: 'file:///a.http', key: 'second' };
const elsewhere = { uri: 'file:///b.http', key: 'first' };

describe('requests that were not sent', () => {
  it('keep their problem until they are sent', () => {
    const unsent = createUnsent();
    unsent.set(first, missing);
    unsent.set(second, missing);
    unsent.clear(first);
    assert.equal(unsent.of(first), undefined);
    assert.equal(unsent.of(second), missing);
  });

  it('keep their problem until their file is edited', () => {
    const unsent = createUnsent();
    for (const origin of [first, second, elsewhere]) unsent.set(origin, missing);
    unsent.clearFile(first.uri);
    assert.deepEqual(
      [first, second, elsewhere].map((origin) => unsent.of(origin)),
      [undefined, undefined, missing],
    );
  });

  it('tell of a change, and of nothing else', () => {
    const unsent = createUnsent();
    let told = 0;
    const stop = unsent.onChange(() => (told += 1));
    unsent.clear(first);
    unsent.clearFile(first.uri);
    assert.equal(told, 0);
    unsent.set(first, missing);
    unsent.clear(first);
    assert.equal(told, 2);
    stop();
    unsent.set(first, missing);
    assert.equal(told, 2);
  });
});
