import type { DnsStep } from '../../trace/dnsStep.ts';
import type { Confidence, Failure, FailureCode } from '../../trace/failure.ts';
import { assertNever } from '../../trace/assertNever.ts';
import type { Found } from './addressQuery.ts';
import type { NameProblem } from './name.ts';

/**
 * A lookup without an address: what the name servers came to, and getaddrinfo after them if it was
 * asked.
 */
interface WithoutAddress {
  readonly name: string;
  /** Absent when no name server was asked. */
  readonly found?: Exclude<Found, { kind: 'addresses' }>;
  /** The zone whose servers alone were asked. */
  readonly zone?: string;
  readonly steps: readonly DnsStep[];
}

/**
 * Classifies a lookup without an address. `detail` has `servers` asked, the last `rcode`, the
 * `names` asked when a search list gave several, `zone` (its servers are the only ones asked,
 * nothing else is tried), `getaddrinfo` (what the system's own lookup came to) and `reason` (what
 * was wrong with the answers).
 */
export function lookupFailure(lookup: WithoutAddress): Failure {
  const { code, confidence } = classify(lookup.found, systemStep(lookup.steps)?.outcome);
  const message = lastMessage(lookup);
  return {
    phase: 'dns',
    code,
    confidence,
    host: lookup.name,
    ...(message !== undefined && { cause: { message } }),
    detail: detailOf(lookup),
  };
}

/** The user, or a limit on the whole exchange, ended the lookup. */
export function cancelledLookup(name: string): Failure {
  return { phase: 'dns', code: 'cancelled', confidence: 'certain', host: name };
}

/** A name that no server can be asked for (RFC 1035 §2.3.4); `detail.invalidName` says why. */
export function invalidName(name: string, problem: NameProblem): Failure {
  return {
    phase: 'dns',
    code: 'name-not-found',
    confidence: 'certain',
    host: name,
    detail: { invalidName: problem },
  };
}

/**
 * RFC 7686 §2: names of Tor are nobody's business outside it, so no question leaves for one that is asked
 * for; `detail.notAsked` says so.
 */
export function onionName(name: string): Failure {
  return { phase: 'dns', code: 'name-not-found', confidence: 'certain', host: name, detail: { notAsked: 'onion' } };
}

/** `SendOptions.dns` names no servers that can be asked. */
export function unknownServer(name: string, dns: string): Failure {
  const detail = { part: 'dns', value: dns };
  return { phase: 'dns', code: 'invalid-request', confidence: 'certain', host: name, detail };
}

type Classified = { code: FailureCode; confidence: Confidence };

function classify(
  found: WithoutAddress['found'],
  system: DnsStep['outcome'] | undefined,
): Classified {
  if (found === undefined) return classifySystem(system);
  switch (found.kind) {
    case 'name-error':
      return { code: 'name-not-found', confidence: 'certain' };
    case 'no-data':
      return { code: 'name-without-address', confidence: 'certain' };
    case 'failed': {
      // The servers told nothing, but the system's lookup did.
      if (system === 'name-error' || system === 'no-data') return classifySystem(system);
      return {
        code: found.timedOut ? 'name-timeout' : 'name-server-failed',
        confidence: 'certain',
      };
    }
    default:
      return assertNever(found);
  }
}

/**
 * getaddrinfo does not tell a name that is not there from one without addresses, so this is only
 * likely.
 */
function classifySystem(outcome: DnsStep['outcome'] | undefined): Classified {
  const confidence = 'likely';
  if (outcome === 'name-error') return { code: 'name-not-found', confidence };
  if (outcome === 'no-data') return { code: 'name-without-address', confidence };
  return { code: outcome === 'timeout' ? 'name-timeout' : 'name-server-failed', confidence };
}

function detailOf(lookup: WithoutAddress): NonNullable<Failure['detail']> {
  const asked = lookup.steps.filter(
    (step) => (step.source === 'name-server' || step.source === 'cache')
      && step.purpose !== 'service' && step.purpose !== 'service-address',
  );
  const servers = unique(asked.flatMap(({ server }) => server ?? []));
  const names = unique(asked.map(({ question }) => question.name));
  const rcode = asked.findLast((step) => step.rcode !== undefined)?.rcode;
  const system = systemStep(lookup.steps);
  const reason = lookup.found?.kind === 'failed' ? lookup.found.reason : undefined;
  return {
    ...(servers.length > 0 && { servers }),
    ...(rcode !== undefined && { rcode }),
    ...(names.length > 1 && { names }),
    ...(lookup.zone !== undefined && { zone: lookup.zone }),
    ...(system && { getaddrinfo: system.message ?? system.outcome }),
    ...(reason !== undefined && { reason }),
  };
}

function lastMessage({ found, steps }: WithoutAddress): string | undefined {
  if (found?.kind === 'failed' && found.reason !== undefined) return found.reason;
  return steps.findLast(
    ({ source, message }) =>
      message !== undefined && (source === 'name-server' || source === 'getaddrinfo'),
  )?.message;
}

function systemStep(steps: readonly DnsStep[]): DnsStep | undefined {
  return steps.findLast(({ source }) => source === 'getaddrinfo');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
