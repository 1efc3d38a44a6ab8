import type { DnsStep } from '../trace/dnsStep.ts';
import type { ConnectionEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { questionsFor } from '../trace/nameServerSide.ts';

// A question to a name server is known by the port that it came from and its id (RFC 5452 §4).

export function questionKey(port: number, id: number): string {
  return `question ${port} ${id}`;
}

/** Of the questions that an event of a connection tells of. */
export function questionKeysIn(event: ConnectionEvent): string[] {
  switch (event.type) {
    case 'dns-step': return keysOf([event.step]);
    case 'proxy-lookup':
    case 'peer-name': return keysOf(event.steps);
    default: return [];
  }
}

/** Of those for the connection that was opened for an exchange. */
export function questionKeysOf({ reused, connection }: Exchange): string[] {
  return reused || !connection ? [] : keysOf(questionsFor(connection));
}

/**
 * Those of the lookup that a name server of the lab may have been asked: of this machine, and not at the port where its
 * own resolver is, which tells nobody.
 */
export function awaitedQuestionKeys({ reused, connection }: Exchange): string[] {
  return reused ? [] : keysOf(connection?.lookup?.steps.filter(({ server }) => isNear.test(server ?? '')) ?? []);
}

const isNear = /^(?:127\.[\d.]+|\[::1\]):(?!53$)/;

function keysOf(steps: readonly DnsStep[]): string[] {
  return steps.flatMap(({ localPort, queryId }) =>
    localPort === undefined || queryId === undefined ? [] : [questionKey(localPort, queryId)]);
}
