import type { InspectorAction } from '../protocol.ts';
import type { FailureCode } from '../trace/failure.ts';
import { isSayable, resend, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { isTowardsProxy, triedAttempts } from './failurePlaces.ts';
import { proxyMalformedPlan, proxyRefusedPlan, towardsProxy } from './proxyFailures.ts';
import {
  alertPlan, certificateRemark, clientCertificatePlan, handshakePlan, notSpokenPlan, wishPlan,
} from './tlsFailures.ts';
import { weaknessOf } from './weakCertificate.ts';
import { answerPlan, brokenPlan, protocolPlan, refusedHandshakePlan } from './webSocketFailures.ts';

const certificate: readonly [Id, InspectorAction] = ['show-certificate', 'show-certificate'];
const source: readonly [Id, InspectorAction] = ['fix-request', 'show-source'];

const certificateSteps: Plan['steps'] = [certificate, 'without-verification'];

/** What is said of each code; the compiler holds it complete. */
const plans: Readonly<Record<FailureCode, (c: Case) => Plan>> = {
  'invalid-request': (c) => wishPlan(c) ?? ({
    texts: ['trailer', 'transfer-encoding'].includes(String(c.failure.detail?.['part']))
      ? ['text-invalid-request-trailer']
      : c.failure.detail?.['part'] === 'message' ? ['text-invalid-request-message']
        : variant(c, 'text-invalid-request', 'text-invalid-request-cause'),
    steps: [source],
  }),
  'body-file-unreadable': (c) => ({
    texts: variant(c, 'text-body-file-unreadable', 'text-body-file-unreadable-path'),
    steps: [['check-file', 'show-source']],
  }),
  'body-file-changed': (c) => ({
    texts: variant(c, 'text-body-file-changed', 'text-body-file-changed-sizes'),
    steps: [['wait-for-file', 'resend']],
  }),
  'unsupported': unsupportedPlan,
  'name-not-found': (c) => ({
    texts: variant(c, 'text-name-not-found', 'text-name-not-found-server'),
    steps: [['check-name', 'show-source'], 'check-hosts'],
  }),
  'name-without-address': () => ({
    texts: ['text-name-without-address'], steps: ['check-records', ['check-name', 'show-source']],
  }),
  'name-server-failed': (c) => ({
    texts: variant(c, 'text-name-server-failed', 'text-name-server-failed-lame', 'text-name-server-failed-server'),
    // Neither time nor another network mends a delegation.
    steps: isSayable('mend-delegation', c.places)
      ? ['mend-delegation', ['send-mended', 'resend']] : [['send-again-later', 'resend'], 'check-network'],
  }),
  'name-timeout': (c) => ({
    texts: variant(c, 'text-name-timeout', 'text-name-timeout-server'),
    steps: [['check-network', 'resend'], ['check-name', 'show-source']],
  }),
  'connection-refused': (c) => ({
    texts: [refusedText(triedAttempts(c.exchange).length)],
    steps: [
      'start-server',
      ['check-port', 'show-source'],
      ...(isLoopback(c) ? [] : ['check-listen-address' as const]),
    ],
  }),
  'host-unreachable': () => ({
    texts: ['text-host-unreachable'], steps: [['check-network', 'resend'], ['check-name', 'show-source']],
  }),
  'network-unreachable': () => ({
    texts: ['text-network-unreachable'], steps: [['check-network', 'resend']],
  }),
  'connect-timeout': () => ({
    texts: ['text-connect-timeout'],
    steps: ['check-firewall', ['check-port', 'show-source'], 'raise-connect-limit'],
  }),
  'address-unavailable': () => ({
    texts: ['text-address-unavailable'], steps: [['check-port', 'show-source'], resend],
  }),
  'permission-denied': () => ({
    texts: ['text-permission-denied'],
    steps: ['check-sandbox', resend],
  }),
  'proxy-refused': proxyRefusedPlan,
  'proxy-malformed': proxyMalformedPlan,
  'certificate-expired': (c) => ({
    texts: variant(c, 'text-certificate-expired', 'text-certificate-expired-date'),
    steps: ['renew', 'check-clock', ...certificateSteps],
  }),
  'certificate-not-yet-valid': (c) => ({
    texts: variant(c, 'text-certificate-not-yet-valid', 'text-certificate-not-yet-valid-date'),
    steps: ['check-clock', ...certificateSteps],
  }),
  'certificate-self-signed': (c) => ({
    texts: [isChain(c) ? 'text-certificate-self-signed-chain' : 'text-certificate-self-signed'],
    steps: ['trust-authority', ...certificateSteps],
  }),
  'certificate-untrusted': (c) => ({
    texts: variant(c, 'text-certificate-untrusted', 'text-certificate-untrusted-issuer'),
    steps: ['trust-authority', 'send-intermediates', ...certificateSteps],
  }),
  'certificate-name-mismatch': (c) => ({
    texts: [
      ...variant(c, 'text-certificate-name-mismatch', 'text-certificate-name-mismatch-names'),
      ...isOtherwiseSound(c) ? ['name-mismatch-rest' as const] : [],
    ],
    steps: [['name-likely', 'show-certificate'], 'add-san', 'without-verification'],
  }),
  'certificate-invalid': invalidCertificatePlan,
  'tls-not-spoken': notSpokenPlan,
  'client-certificate': clientCertificatePlan,
  'tls-alert': alertPlan,
  'tls-handshake': handshakePlan,
  'tls-timeout': () => ({ texts: ['text-tls-timeout'], steps: ['check-server-load', resend] }),
  'alpn-refused': (c) => ({
    texts: variant(c, 'text-alpn-refused', 'text-alpn-refused-offered'),
    steps: [[alpnStep(c), 'show-source']],
  }),
  'connection-reset': (c) => ({
    texts: ['text-connection-reset', ...idleRemark(c), ...certificateRemark(c)],
    steps: c.exchange.reused ? [['send-again-new', 'resend'], 'check-server-log']
      : [...afterClose(c), resend],
  }),
  'connection-closed': (c) => ({
    texts: ['text-connection-closed', ...idleRemark(c), ...certificateRemark(c)],
    steps: c.exchange.reused ? [['send-again-new', 'resend'], 'check-server-log']
      : [...afterClose(c), resend],
  }),
  'malformed-response': (c) => ({
    texts: variant(
      c,
      'text-malformed-response',
      'text-malformed-response-interim',
      'text-malformed-response-cause',
    ),
    steps: ['look-at-bytes', ...maybeTls(c), 'check-server-log'],
  }),
  'response-head-too-large': (c) => ({
    texts: variant(c, 'text-response-head-too-large', 'text-response-head-too-large-size'),
    steps: ['fewer-headers'],
  }),
  'response-truncated': (c) => ({
    texts: truncationTexts(c),
    steps: ['look-at-partial', resend, 'check-server-log'],
  }),
  'head-timeout': () => ({
    texts: ['text-head-timeout'], steps: ['check-server-load', 'raise-limit', resend],
  }),
  'idle-timeout': () => ({
    texts: ['text-idle-timeout'], steps: ['check-server-load', 'raise-limit', 'look-at-partial', resend],
  }),
  'stream-reset': (c) => ({
    texts: variant(c, 'text-stream-reset', 'text-stream-reset-code'),
    steps: [resend, 'check-server-log'],
  }),
  'web-socket-refused': refusedHandshakePlan,
  'web-socket-handshake': answerPlan,
  'web-socket-protocol': protocolPlan,
  'web-socket-broken': brokenPlan,
  'goaway': (c) => ({
    texts: variant(c, 'text-goaway', 'text-goaway-code'), steps: [['send-again-new', 'resend']],
  }),
  'decoding-failed': (c) => typeof c.failure.detail?.['codings'] === 'number' ? {
    texts: variant(c, 'text-decoding-failed', 'text-decoding-failed-codings'), steps: ['raise-content-codings'],
  } : ({
    texts: variant(c, 'text-decoding-failed', 'text-decoding-failed-coding'),
    steps: [['check-coding', 'show-source'], 'check-server-log'],
  }),
  'content-too-large': tooLargePlan,
  'content-not-stored': (c) => ({
    texts: variant(c, 'text-content-not-stored', 'text-content-not-stored-cause'),
    steps: [['free-space', 'resend']],
  }),
  'too-many-redirects': (c) => ({
    texts: variant(c, 'text-too-many-redirects', 'text-too-many-redirects-circle'),
    steps: c.failure.detail?.['visits'] === undefined
      ? ['raise-redirects', 'check-chain', 'stop-following'] : ['circle-cause', 'stop-following'],
  }),
  'redirect-invalid': (c) => ({
    texts: variant(
      c,
      'text-redirect-invalid',
      'text-redirect-invalid-location',
      'text-redirect-invalid-status',
    ),
    steps: ['check-location', 'stop-following'],
  }),
  'total-timeout': (c) => ({
    texts: variant(c, 'text-total-timeout', 'text-total-timeout-limit'),
    steps: ['raise-total-limit', 'check-server-load', resend],
  }),
  'cancelled': () => ({ texts: ['text-cancelled'], steps: [] }),
  'engine-ended': () => ({
    texts: ['text-engine-ended'],
    steps: [resend, ['report', 'export-har']],
  }),
  'internal': (c) => ({
    texts: variant(c, 'text-internal', 'text-internal-cause'),
    steps: [['report', 'export-har'], resend],
  }),
};

/** What is said of a failure: on the way to a proxy it is the proxy's address that matters. */
export function planFor(c: Case): Plan {
  const plan = plans[c.failure.code](c);
  return isTowardsProxy(c.failure) ? towardsProxy(c, plan) : plan;
}

/** OpenSSL has a word for most rules; for what is too weak it has none that the platform passes on. */
function invalidCertificatePlan(c: Case): Plan {
  const { tls, proxy } = c.exchange.connection ?? {};
  const facts = tls?.facts ?? proxy?.tls;
  const weakness = facts && weaknessOf(facts);
  if (weakness) return { texts: [`text-certificate-weak-${weakness.kind}`], steps: [`renew-weak-${weakness.kind}`, ...certificateSteps] };
  return {
    texts: c.failure.cause?.message === 'UNSPECIFIED' ? ['text-certificate-invalid']
      : variant(c, 'text-certificate-invalid', 'text-certificate-invalid-cause'),
    steps: certificateSteps,
  };
}

/** What to write instead, by what was offered: one version alone, or each. */
function alpnStep({ exchange }: Case): Id {
  const offered = exchange.connection?.tls?.alpnOffered ?? [];
  if (offered.length !== 1) return 'use-http11';
  return offered[0] === 'h2' ? 'offer-http11' : 'offer-each';
}

/** Nothing that HTTP could read came in answer to a request in the clear: a server of TLS does that, among others. */
function maybeTls({ exchange, failure }: Case): Id[] {
  const isPlain = /^(http|ws):/i.test(exchange.spec.url) && !exchange.response?.statusCode;
  return isPlain && !exchange.connection?.proxy && failure.phase === 'wait' ? ['maybe-https'] : [];
}

/** Where TLS is most often spoken: 443 and the ports chosen after it, none of which a system gives out by itself. */
const portsOfTls: ReadonlySet<unknown> = new Set([443, 1443, 2443, 3443, 4443, 5443, 6443, 7443, 8443, 9443, 10443]);

/** At a port where TLS is to be expected, that comes first. */
function afterClose(c: Case): Id[] {
  const maybe = maybeTls(c);
  return portsOfTls.has(Number(c.places['port'])) ? [...maybe, 'check-server-log'] : ['check-server-log', ...maybe];
}

function unsupportedPlan(c: Case): Plan {
  const { part, reason } = c.failure.detail ?? {};
  if (part === 'method') {
    return {
      texts: variant(c, 'text-unsupported', 'text-unsupported-method'),
      steps: [['write-otherwise', 'show-source']],
    };
  }
  if (part === 'web-socket-version') return { texts: ['text-unsupported-web-socket-version'], steps: [source] };
  if (part === 'http-version') {
    return { texts: ['text-unsupported-version'], steps: [['use-https', 'show-source']] };
  }
  const noIpv6 = variant(c, 'text-unsupported', 'text-unsupported-socks4');
  if (reason === 'socks4-ipv6') return { texts: noIpv6, steps: ['use-socks5'] };
  if (reason === 'scheme' || reason === 'invalid-url') {
    const text = reason === 'scheme' ? 'text-unsupported-scheme' : 'text-unsupported-proxy-url';
    return { texts: variant(c, 'text-unsupported', text), steps: ['set-http-proxy'] };
  }
  return {
    texts: variant(c, 'text-unsupported', 'text-unsupported-cause'),
    steps: [['write-otherwise', 'show-source']],
  };
}

function refusedText(count: number): Id {
  if (count === 2) return 'text-connection-refused-both';
  return count > 2 ? 'text-connection-refused-all' : 'text-connection-refused';
}

function isLoopback(c: Case): boolean {
  const address = c.failure.address ?? triedAttempts(c.exchange).at(-1)?.address ?? '';
  return address.startsWith('127.') || address === '::1';
}

function isChain(c: Case): boolean {
  return (c.exchange.connection?.tls?.facts?.certificateChain.length ?? 0) > 1;
}

function isOtherwiseSound(c: Case): boolean {
  const facts = c.exchange.connection?.tls?.facts;
  const leaf = facts?.certificateChain[0];
  return leaf !== undefined && facts?.chainError === undefined
    && leaf.validTo > c.exchange.startedAt && leaf.validFrom < c.exchange.startedAt;
}

function idleRemark(c: Case): Id[] {
  return c.exchange.reused && c.exchange.idle !== undefined ? ['reused-connection'] : [];
}

/** Which limit, whether somebody was asked, and what is there of the content. */
function tooLargePlan(c: Case): Plan {
  const { expansion, announced, asked, contentSize } = c.failure.detail ?? {};
  const raise = expansion === undefined ? 'raise-content-size' : 'raise-content-expansion';
  const text = expansion !== undefined ? 'text-content-too-large-expansion'
    : announced !== undefined && contentSize === 0 ? 'text-content-too-large-announced'
    : 'text-content-too-large-limit';
  return {
    texts: [...asked ? ['text-content-too-large-asked' as const] : [], ...variant(c, 'text-content-too-large', text)],
    steps: [raise, ['range', 'show-source'], ...contentSize === 0 ? [] : ['look-at-partial' as const]],
  };
}

/** By where it was cut: in what the coding promises, in TLS, or in what the framing promises. */
function truncationTexts(c: Case): Id[] {
  switch (c.failure.detail?.['where']) {
    case 'content-coding': return ['text-response-truncated-coding'];
    case 'close-notify': return ['text-response-truncated-goodbye'];
    default: return variant(c, 'text-response-truncated', 'text-response-truncated-promised');
  }
}
