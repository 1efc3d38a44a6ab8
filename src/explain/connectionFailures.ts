import { resend, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { isRefused, triedAttempts } from './failurePlaces.ts';
import { ruleBroken } from './malformed.ts';
import { serverEvent } from './serverPhases.ts';
import { certificateRemark } from './tlsFailures.ts';

/** What is said where nothing listens at any of the addresses. */
export function refusedPlan(c: Case): Plan {
  return {
    texts: [refusedText(c)],
    steps: [
      'start-server', ['check-port', 'show-source'], ...isLoopback(c) ? [] : ['check-listen-address' as const],
    ],
  };
}

/** What is said where no attempt to connect came to an end in time: the request's limit, or the system's own. */
export function unansweredPlan({ failure, exchange }: Case): Plan {
  const steps = ['check-firewall', ['check-port', 'show-source']] as const;
  if (failure.cause?.code === 'ETIMEDOUT') return { texts: ['text-connect-timeout-system'], steps };
  const isRace = failure.phase === 'tcp' && triedAttempts(exchange).length > 1;
  return {
    texts: [isRace ? 'text-connect-timeout-all' : 'text-connect-timeout'], steps: [...steps, 'raise-connect-limit'],
  };
}

/** What is said of a connection that the other end broke off, with a reset or with a close. */
export function brokenOffPlan(c: Case, text: Id): Plan {
  const remarks = certificateRemark(c);
  if (remarks.includes('text-presented-certificate')) {
    return { texts: [text, ...remarks], steps: ['check-client-certificate', 'check-server-log'] };
  }
  if (hasDied(c)) return { texts: [text, 'worker-died'], steps: [resend] };
  // Asked for a tunnel, the proxy ended it: no server has been reached.
  if (c.failure.phase === 'proxy') {
    const title = c.failure.code === 'connection-closed' ? { title: 'title-proxy-closed' as const } : {};
    return { ...title, texts: [text], steps: ['check-proxy-log', resend] };
  }
  return {
    texts: [text, ...idleRemark(c), ...remarks],
    steps: c.exchange.reused ? [['send-again-new', 'resend'], 'check-server-log'] : [...afterClose(c), resend],
  };
}

/** The lab tells that whoever served the request is gone. */
function hasDied({ exchange }: Case): boolean {
  return serverEvent(exchange, 'broken')?.fault === 'exit' || serverEvent(exchange, 'closed')?.reason === 'died';
}

/** However it ended, the cause is a relay that never read the request: no longer limit would have helped. */
export function unreadPlan(plan: Plan): Plan {
  return { ...plan, texts: [...plan.texts, 'blind-relay'], steps: [['send-close', 'show-source'], ['send-again-new', 'resend']] };
}

/** What is said of bytes that are no answer of HTTP. */
export function malformedPlan(c: Case): Plan {
  if (c.failure.detail?.['interimResponses'] !== undefined) {
    return {
      texts: variant(c, 'text-malformed-response', 'text-malformed-response-interim'),
      steps: ['raise-interim', 'check-server-log'],
    };
  }
  return {
    texts: variant(c, 'text-malformed-response', 'text-malformed-response-rule', 'text-malformed-response-cause'),
    steps: isOfHttp(c)
      ? ['mend-framing', 'check-server-log'] : ['look-at-bytes', ...maybeTls(c), 'check-server-log'],
  };
}

/** What could be read of the response, or where reading ended, is a web server's. */
function isOfHttp({ failure, exchange: { response } }: Case): boolean {
  const rule = ruleBroken(failure);
  return Boolean(response?.statusCode) || (rule !== undefined && rule !== 'rule-start');
}

/** What is said where the server speaks no version of HTTP that was offered (RFC 7301 §3.2). */
export function alpnPlan(c: Case): Plan {
  return {
    texts: variant(c, 'text-alpn-refused', 'text-alpn-refused-offered'),
    steps: [[alpnStep(c), 'show-source']],
  };
}

/** What to write instead, by what was offered: one version alone, or each. */
function alpnStep({ exchange }: Case): Id {
  const offered = exchange.connection?.tls?.alpnOffered ?? [];
  if (offered.length !== 1) return 'use-http11';
  return offered[0] === 'h2' ? 'offer-http11' : 'offer-each';
}

/** All addresses refused only where all were tried, at one port, and none of them failed otherwise. */
function refusedText({ exchange, failure }: Case): Id {
  const attempts = triedAttempts(exchange);
  if (attempts.length < 2 || !attempts.some(isRefused)) return 'text-connection-refused';
  if (!attempts.every(isRefused)) return 'text-connection-refused-some';
  const isWhole = failure.detail?.['untried'] === undefined && new Set(attempts.map(({ port }) => port)).size === 1;
  if (!isWhole) return 'text-connection-refused-each';
  return attempts.length === 2 ? 'text-connection-refused-both' : 'text-connection-refused-all';
}

function isLoopback(c: Case): boolean {
  const address = c.failure.address ?? triedAttempts(c.exchange).at(-1)?.address ?? '';
  return address.startsWith('127.') || address === '::1';
}

function idleRemark({ exchange }: Case): Id[] {
  return exchange.reused && exchange.idle !== undefined ? ['reused-connection'] : [];
}

/** Where TLS is most often spoken: 443 and the ports chosen after it, none of which a system gives out by itself. */
const portsOfTls: ReadonlySet<unknown> = new Set([443, 1443, 2443, 3443, 4443, 5443, 6443, 7443, 8443, 9443, 10443]);

/** At a port where TLS is to be expected, that comes first. */
function afterClose(c: Case): Id[] {
  const maybe = maybeTls(c);
  return portsOfTls.has(Number(c.places['port'])) ? [...maybe, 'check-server-log'] : ['check-server-log', ...maybe];
}

/** Nothing that HTTP could read came in answer to a request in the clear: a server of TLS does that, among others. */
function maybeTls({ exchange, failure }: Case): Id[] {
  const isPlain = /^(http|ws):/i.test(exchange.spec.url) && !exchange.response?.statusCode;
  return isPlain && !exchange.connection?.proxy && failure.phase === 'wait' ? ['maybe-https'] : [];
}
