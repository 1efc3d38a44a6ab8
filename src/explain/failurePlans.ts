import type { FailureCode } from '../trace/failure.ts';
import {
  expiredPlan, invalidPlan, nameMismatchPlan, notYetValidPlan, selfSignedPlan, untrustedPlan,
} from './certificateFailures.ts';
import { alpnPlan, brokenOffPlan, malformedPlan, refusedPlan, unansweredPlan, unreadPlan } from './connectionFailures.ts';
import { decodingPlan, tooLargePlan, truncatedPlan } from './contentFailures.ts';
import { isSayable, resend, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { isTowardsProxy } from './failurePlaces.ts';
import { proxyMalformedPlan, proxyRefusedPlan, towardsProxy } from './proxyFailures.ts';
import { invalidRequestPlan, unsupportedPlan } from './requestFailures.ts';
import { serverEvent } from './serverPhases.ts';
import { alertPlan, clientCertificatePlan, handshakePlan, notSpokenPlan } from './tlsFailures.ts';
import { answerPlan, brokenPlan, protocolPlan, refusedHandshakePlan } from './webSocketFailures.ts';

/** What is said where a limit of the lookup was met, and what raises it. */
const limitTexts = [
  'text-lookup-aliases', 'text-lookup-referrals', 'text-lookup-queries', 'text-lookup-servers',
] as const satisfies readonly Id[];
const limitSteps = ['raise-aliases', 'raise-referrals', 'raise-queries', 'raise-queries-for-servers'] as const;

function isLimited({ places }: Case): boolean {
  return limitTexts.some((id) => isSayable(id, places));
}

/** What is said of each code; the compiler holds it complete. */
const plans: Readonly<Record<FailureCode, (c: Case) => Plan>> = {
  'invalid-request': invalidRequestPlan,
  'body-file-unreadable': (c) => ({
    texts: variant(c, 'text-body-file-unreadable', 'text-body-file-unreadable-path'),
    steps: [['check-file', 'show-source']],
  }),
  'body-file-changed': (c) => ({
    texts: variant(c, 'text-body-file-changed', 'text-body-file-changed-sizes'),
    steps: [['wait-for-file', 'resend']],
  }),
  'unsupported': unsupportedPlan,
  'name-not-found': (c) => c.failure.detail?.['notAsked'] === 'onion'
    ? { title: 'title-onion', texts: ['text-onion'], steps: [['use-tor', 'show-source']] }
    : {
      texts: variant(c, 'text-name-not-found', 'text-name-not-found-server'),
      steps: [['check-name', 'show-source'], 'check-hosts'],
    },
  'name-without-address': () => ({
    texts: ['text-name-without-address'], steps: ['check-records', ['check-name', 'show-source']],
  }),
  'name-server-failed': (c) => ({
    texts: variant(
      c, 'text-name-server-failed', 'text-name-server-failed-loop', ...limitTexts, 'text-name-server-failed-lame',
      'text-name-server-failed-server',
    ),
    // Neither time nor another network mends a delegation or an alias.
    steps: isSayable('mend-delegation', c.places) ? ['mend-delegation', ['send-mended', 'resend']]
      : isSayable('mend-aliases', c.places) ? ['mend-aliases', ['send-mended', 'resend']]
        : isLimited(c) ? limitSteps : [['send-again-later', 'resend'], 'check-network'],
  }),
  'name-timeout': (c) => ({
    texts: [
      ...variant(c, 'text-name-timeout', 'text-name-timeout-server'), ...isLimited(c) ? variant(c, ...limitTexts) : [],
    ],
    steps: [['check-network', 'resend'], ['check-name', 'show-source'], 'raise-dns-limit', ...limitSteps],
  }),
  'connection-refused': refusedPlan,
  'host-unreachable': () => ({
    texts: ['text-host-unreachable'], steps: [['check-network', 'resend'], ['check-name', 'show-source']],
  }),
  'network-unreachable': () => ({
    texts: ['text-network-unreachable'], steps: [['check-network', 'resend']],
  }),
  'connect-timeout': unansweredPlan,
  'address-unavailable': () => ({
    texts: ['text-address-unavailable'], steps: [['check-port', 'show-source'], resend],
  }),
  'permission-denied': () => ({
    texts: ['text-permission-denied'],
    steps: ['check-sandbox', resend],
  }),
  'proxy-refused': proxyRefusedPlan,
  'proxy-malformed': proxyMalformedPlan,
  'certificate-expired': expiredPlan,
  'certificate-not-yet-valid': notYetValidPlan,
  'certificate-self-signed': selfSignedPlan,
  'certificate-untrusted': untrustedPlan,
  'certificate-name-mismatch': nameMismatchPlan,
  'certificate-invalid': invalidPlan,
  'tls-not-spoken': notSpokenPlan,
  'client-certificate': clientCertificatePlan,
  'tls-alert': alertPlan,
  'tls-handshake': handshakePlan,
  'tls-timeout': () => ({ texts: ['text-tls-timeout'], steps: ['check-server-load', resend] }),
  'alpn-refused': alpnPlan,
  'connection-reset': (c) => brokenOffPlan(c, 'text-connection-reset'),
  'connection-closed': (c) => brokenOffPlan(c, 'text-connection-closed'),
  'malformed-response': malformedPlan,
  'response-head-too-large': (c) => c.failure.detail?.['fields'] === undefined ? {
    texts: variant(c, 'text-response-head-too-large', 'text-response-head-too-large-size'),
    steps: ['fewer-headers', 'raise-head-size'],
  } : { texts: ['text-response-head-too-large-fields'], steps: ['fewer-headers', 'raise-head-fields'] },
  'trailers-too-large': (c) => ({
    texts: variant(c, 'text-trailers-too-large', 'text-trailers-too-large-size'),
    steps: ['look-at-partial', 'raise-head-size'],
  }),
  'response-truncated': truncatedPlan,
  'head-timeout': () => ({
    texts: ['text-head-timeout'], steps: ['check-server-load', 'raise-limit', resend],
  }),
  'idle-timeout': () => ({
    texts: ['text-idle-timeout'], steps: ['check-server-load', 'raise-limit', 'look-at-partial', resend],
  }),
  'stream-reset': (c) => ({
    texts: variant(c, 'text-stream-reset', 'text-stream-reset-code'),
    steps: [again(c, resend), 'check-server-log'],
  }),
  'web-socket-refused': refusedHandshakePlan,
  'web-socket-handshake': answerPlan,
  'web-socket-protocol': protocolPlan,
  'web-socket-broken': brokenPlan,
  'goaway': (c) => ({
    texts: variant(c, 'text-goaway', 'text-goaway-code'), steps: [again(c, ['send-again-new', 'resend'])],
  }),
  'decoding-failed': decodingPlan,
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
    // Before its name is known, nothing has been asked of the server.
    steps: ['raise-total-limit', ...(c.failure.phase === 'dns' ? [] : ['check-server-load' as const]), resend],
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

/** To send again, or in the version that the server requires (RFC 9113 §7). */
function again({ failure }: Case, step: Plan['steps'][number]): Plan['steps'][number] {
  return failure.detail?.['code'] === 'HTTP_1_1_REQUIRED' ? ['require-http11', 'show-source'] : step;
}

/** A limit left addresses out: one of them may be the one that answers. */
function withUntried({ failure: { phase }, places }: Case, plan: Plan): Plan {
  if (phase !== 'tcp' || !isSayable('text-untried', places)) return plan;
  return { ...plan, texts: [...plan.texts, 'text-untried'], steps: [...plan.steps, 'raise-addresses'] };
}

/** What was sent on purpose is the likely cause. */
function withWrongLength({ failure: { phase }, exchange: { spec, request } }: Case, plan: Plan): Plan {
  if (!spec.wrongLength || !request || phase === 'blocked') return plan;
  return { ...plan, texts: [...plan.texts, 'text-wrong-length'] };
}

/** What is said of a failure: on the way to a proxy it is the proxy's address that matters. */
export function planFor(c: Case): Plan {
  const plan = withWrongLength(c, withUntried(c, plans[c.failure.code](c)));
  if (serverEvent(c.exchange, 'ignored')) return unreadPlan(plan);
  return isTowardsProxy(c.failure) ? towardsProxy(c, plan) : plan;
}
