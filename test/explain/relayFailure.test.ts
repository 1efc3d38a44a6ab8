import assert from 'node:assert/strict';
import { explainFailure } from '../../src/explain/failure.ts';
import { languages } from '../../src/explain/text/language.ts';
import type { Failure } from '../../src/trace/failure.ts';
import { exchangeOf, specOf, startedAt } from './support.ts';

describe('a failure behind a relay that did not read the request', () => {
  const failures: Failure[] = [
    { phase: 'wait', code: 'total-timeout', confidence: 'certain' }, { phase: 'wait', code: 'head-timeout', confidence: 'certain' },
    { phase: 'wait', code: 'connection-closed', confidence: 'certain' }, { phase: 'wait', code: 'cancelled', confidence: 'certain' },
  ];
  for (const language of languages) {
    for (const failure of failures) {
      it(`${failure.code} has the relay for its cause, in ${language}`, () => {
        const exchange = exchangeOf(specOf('http://lab.test/'), [
          { type: 'queued', at: 0, startedAt },
          { type: 'server', at: 2, server: 'blindRelay', event: { type: 'ignored', at: 2, size: 220 } },
          { type: 'failed', at: 9, failure },
        ], []);
        const { text, steps } = explainFailure(failure, exchange, language);
        assert.match(text, /§C\.2\.2/);
        assert.deepEqual(steps.map(({ action }) => action), ['show-source', 'resend']);
        assert.match(steps[0]!.text, /§7\.6\.1/);
        assert.doesNotMatch(steps.map((step) => step.text).join(' '), /limit|제한/);
      });
    }
  }
});
