import type { FromInspector, InspectorAction } from '../protocol.ts';

const actions: Readonly<Record<InspectorAction, true>> = {
  resend: true,
  'resend-new': true,
  cancel: true,
  'save-body': true,
  'receive-all': true,
  'receive-no-more': true,
  'copy-curl': true,
  'export-har': true,
  'export-pcapng': true,
  'open-content': true,
  'show-source': true,
  'start-lab': true,
  'show-certificate': true,
  'open-raw': true,
  'look-up-peer': true,
};

/** At most this much content in one message. */
const longestRead = 4 * 1024 * 1024;

/** At most so many characters typed for a WebSocket. */
const longestMessage = 1024 * 1024;

/**
 * A message of the page, checked member by member; undefined for anything else, which is dropped.
 */
export function readMessage(value: unknown): FromInspector | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  const { type, exchangeId, action, readId, offset, length } = message;
  if (type === 'ready') return { type };
  if (typeof exchangeId !== 'string') return undefined;
  switch (type) {
    case 'painted':
    case 'stream-close':
      return { type, exchangeId };
    case 'stream-send': {
      const { text } = message;
      return typeof text === 'string' && text.length <= longestMessage ? { type, exchangeId, text } : undefined;
    }
    case 'action':
      return typeof action === 'string' && Object.hasOwn(actions, action)
        ? { type, exchangeId, action: action as InspectorAction }
        : undefined;
    case 'read-content':
      return isCount(readId) && isCount(offset) && isCount(length) && length <= longestRead
        ? { type, exchangeId, readId, offset, length }
        : undefined;
    case 'read-wire':
    case 'read-other-cookies':
      return isCount(readId) ? { type, exchangeId, readId } : undefined;
    default:
      return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
