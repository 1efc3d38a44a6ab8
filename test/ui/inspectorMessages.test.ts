import assert from 'node:assert/strict';
import { readMessage } from '../../src/ui/inspectorMessages.ts';

describe('messages of the inspector', () => {
  const valid = [
    { type: 'ready' },
    { type: 'painted', exchangeId: 'a' },
    { type: 'stream-send', exchangeId: 'a', text: '안녕' },
    { type: 'stream-close', exchangeId: 'a' },
    { type: 'action', action: 'resend', exchangeId: 'a' },
    { type: 'read-content', readId: 1, exchangeId: 'a', offset: 0, length: 1024 },
    { type: 'read-wire', readId: 1, exchangeId: 'a' },
    { type: 'read-other-cookies', readId: 1, exchangeId: 'a' },
  ];
  for (const message of valid) {
    it(`takes ${message.type}, and nothing beside its members`, () => {
      assert.deepEqual(readMessage({ ...message, path: '/etc/passwd' }), message);
    });
  }

  const invalid: unknown[] = [
    undefined, null, 'ready', 7, [], {},
    { type: 'unknown', exchangeId: 'a' },
    { type: 'painted' },
    { type: 'stream-send', exchangeId: 'a' }, { type: 'stream-send', exchangeId: 'a', text: 7 }, { type: 'stream-send', text: 'x' },
    { type: 'stream-send', exchangeId: 'a', text: 'x'.repeat(1024 * 1024 + 1) }, { type: 'stream-close' },
    { type: 'painted', exchangeId: 7 },
    { type: 'action', action: 'workbench.action.quit', exchangeId: 'a' },
    { type: 'action', action: 'constructor', exchangeId: 'a' },
    { type: 'action', action: '__proto__', exchangeId: 'a' },
    { type: 'action', exchangeId: 'a' },
    { type: 'read-content', readId: 1, exchangeId: 'a', offset: -1, length: 1 },
    { type: 'read-content', readId: 1, exchangeId: 'a', offset: 0.5, length: 1 },
    { type: 'read-content', readId: 1, exchangeId: 'a', offset: 0, length: Infinity },
    { type: 'read-content', readId: 1, exchangeId: 'a', offset: 0, length: 1e9 },
    { type: 'read-content', readId: '1', exchangeId: 'a', offset: 0, length: 1 },
    { type: 'read-other-cookies', readId: -1, exchangeId: 'a' }, { type: 'read-other-cookies', readId: 1 },
  ];
  for (const message of invalid) {
    it(`drops ${String(JSON.stringify(message)).slice(0, 120)}`, () => assert.equal(readMessage(message), undefined));
  }
});
