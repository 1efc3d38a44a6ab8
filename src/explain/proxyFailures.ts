import { isSayable, resend, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';

/** A proxy that will not: what it said, and what it asks for. */
export function proxyRefusedPlan(c: Case): Plan {
  return {
    texts: [
      ...variant(
        c, 'text-proxy-refused', 'text-proxy-refused-socks', 'text-proxy-refused-status', 'text-proxy-refused-name'),
      ...isAskedToSignIn(c) && isSayable('text-proxy-schemes', c.places) ? ['text-proxy-schemes' as const] : [],
      ...isAnswered(c) ? ['text-proxy-answered' as const] : [],
    ],
    steps: isAnswered(c) ? [] : [isAskedToSignIn(c) ? 'proxy-credentials' : 'proxy-allow', 'check-proxy'],
  };
}

/** A proxy whose answer is none. */
export function proxyMalformedPlan(c: Case): Plan {
  if (c.failure.detail?.['interimResponses'] !== undefined) {
    return {
      texts: variant(c, 'text-malformed-response', 'text-malformed-response-interim'),
      steps: ['raise-interim', 'check-proxy'],
    };
  }
  return {
    texts: c.failure.detail?.['kind'] === undefined ? variant(c, 'text-proxy-malformed', 'text-proxy-malformed-name')
      : variant(c, 'text-proxy-malformed', 'text-proxy-malformed-socks'),
    steps: ['check-proxy', resend],
  };
}

/** The same plan on the way to a proxy: of the steps those that are not about the request's own address. */
export function towardsProxy(c: Case, plan: Plan): Plan {
  const steps = plan.steps.filter(
    (step) => !aboutTheUrl.has(typeof step === 'string' ? step : step[0]),
  );
  const first: Plan['steps'] =
    c.failure.code === 'connection-refused' ? ['check-proxy', 'start-proxy'] : ['check-proxy'];
  return { ...plan, texts: [...plan.texts, 'towards-proxy'], steps: [...first, ...steps] };
}

const aboutTheUrl: ReadonlySet<Id> = new Set([
  'check-name', 'check-port', 'check-hosts', 'start-server', 'check-listen-address',
]);

/** RFC 9110 §15.5.8, RFC 1928 §3, RFC 1929 §2. */
function isAskedToSignIn({ failure, exchange }: Case): boolean {
  const reason = failure.detail?.['reason'];
  return exchange.connection?.proxy?.statusCode === 407 || reason === 'no-method' || reason === 'credentials';
}

/** The next exchange has the credentials that were asked for. */
function isAnswered({ exchange }: Case): boolean {
  return exchange.challenge?.outcome === 'answered';
}
