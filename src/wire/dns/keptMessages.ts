import type { DnsStep } from '../../trace/dnsStep.ts';
import type { ResolveOptions } from '../connection.ts';

// The messages of a lookup as they were sent and received, for whoever wants to see every octet.

/** Octets that are kept of one message, and of all messages of a lookup. */
export const messageLimits = { message: 4096, lookup: 64 * 1024 } as const;

/** The messages of one exchange with a name server; no query where none has left, no answer where none has come. */
export function keptMessages(
  query: Buffer | undefined, answer: Buffer | undefined,
): Pick<DnsStep, 'queryBytes' | 'answerBytes'> {
  return { ...(query && { queryBytes: kept(query) }), ...(answer && { answerBytes: kept(answer) }) };
}

function kept(message: Buffer): string {
  return message.toString('base64', 0, Math.min(message.length, messageLimits.message));
}

/**
 * Takes the options of a lookup and gives them with an `onStep` that leaves out the messages of a step where nothing is
 * to be kept of them, and where those of the steps before it have come to the limit of a lookup.
 */
export function withLimitedMessages(options: ResolveOptions): ResolveOptions {
  const { onStep, capture } = options;
  let left: number = messageLimits.lookup;
  return {
    ...options,
    onStep(step) {
      const { queryBytes, answerBytes, ...rest } = step;
      if (queryBytes === undefined && answerBytes === undefined) return onStep(step);
      if (capture === 'none') return onStep(rest);
      const size = octetsOf(queryBytes) + octetsOf(answerBytes);
      if (size > left) return onStep({ ...rest, messagesOmitted: true });
      left -= size;
      onStep(step);
    },
  };
}

function octetsOf(base64 = ''): number {
  return Buffer.byteLength(base64, 'base64');
}
