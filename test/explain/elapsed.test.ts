import assert from 'node:assert/strict';
import { createStopwatch } from '../../src/explain/elapsed.ts';
import { simple } from './support.ts';

describe('createStopwatch', () => {
  const connecting = simple({ dns: 8, tcp: 9 });
  const waiting = simple({ dns: 8, tcp: 9, tls: 31, sent: 32 });

  it('adds to the last event what passed on the page since it was known', () => {
    const watch = createStopwatch();
    assert.deepEqual([5000, 5200, 5400].map((now) => watch.elapsed(waiting, now)), [32, 232, 432]);
  });

  it('goes on from a new event without running backwards', () => {
    const watch = createStopwatch();
    assert.equal(watch.elapsed(connecting, 1000), 9);
    assert.equal(watch.elapsed(connecting, 1020), 29);
    assert.equal(watch.elapsed(waiting, 1021), 32);
    assert.equal(watch.elapsed(connecting, 1021), 32, 'an earlier state that is shown again');
    assert.equal(watch.elapsed(waiting, 1022), 32);
    assert.equal(watch.elapsed(waiting, 1032), 42);
  });

  it('is not started anew by the same state shown again', () => {
    const watch = createStopwatch();
    watch.elapsed(waiting, 0);
    assert.equal(watch.elapsed(simple({ dns: 8, tcp: 9, tls: 31, sent: 32 }), 900), 932);
  });

  it('begins at nothing for another exchange, and stops when one is over', () => {
    const watch = createStopwatch();
    watch.elapsed(waiting, 0);
    assert.equal(watch.elapsed({ ...connecting, id: 'other' }, 3000), 9);
    assert.equal(watch.elapsed(simple({ sent: 1, first: 5, end: 6 }), 4000), undefined);
  });
});
