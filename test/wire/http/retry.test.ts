import assert from 'node:assert/strict';
import type { Failure } from '../../../src/trace/failure.ts';
import { refusalOf } from '../../../src/wire/http/retry.ts';

describe('a request that the server says it has not processed', () => {
  const cases: readonly (readonly [Failure['code'], Failure['detail'], ReturnType<typeof refusalOf>])[] = [
    ['stream-reset', { code: 'REFUSED_STREAM' }, 'REFUSED_STREAM'], // RFC 9113 §8.7
    ['stream-reset', { code: 'HTTP_1_1_REQUIRED' }, 'HTTP_1_1_REQUIRED'], // §7
    ['stream-reset', { code: 'CANCEL' }, undefined],
    ['goaway', { code: 'NO_ERROR', lastStream: 1, stream: 3 }, 'GOAWAY'], // §6.8
    ['goaway', { code: 'HTTP_1_1_REQUIRED', lastStream: 1, stream: 3 }, 'HTTP_1_1_REQUIRED'],
    ['goaway', { code: 'NO_ERROR', lastStream: 3, stream: 3 }, undefined],
    ['goaway', { code: 'HTTP_1_1_REQUIRED', lastStream: 3, stream: 3 }, 'HTTP_1_1_REQUIRED'],
    ['goaway', { code: 'REFUSED_STREAM', lastStream: 5, stream: 3 }, undefined],
    ['goaway', { code: 'REFUSED_STREAM' }, undefined],
    ['connection-closed', { code: 'REFUSED_STREAM' }, undefined],
  ];
  for (const [code, detail, refusal] of cases) {
    it(`${code} ${JSON.stringify(detail)}: ${refusal ?? 'not said'}`, () => {
      assert.equal(refusalOf({ phase: 'wait', code, confidence: 'certain', detail: detail! }), refusal);
    });
  }
});
