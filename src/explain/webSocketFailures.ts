import { resend } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { failureTexts } from './text/failure.ts';

/** An answer that opened no WebSocket: what to look at depends on its status. */
export function refusedHandshakePlan({ failure, places }: Case): Plan {
  const status = failure.detail?.['statusCode'];
  const step: Id = status === 426 || status === 400 ? 'web-socket-version'
    : status === 401 || status === 403 ? 'web-socket-origin' : 'web-socket-path';
  const text: Id = Object.hasOwn(places, 'answer') ? 'text-web-socket-refused-status' : 'text-web-socket-refused';
  return { texts: [text], steps: [[step, 'show-source']] };
}

/** A 101 that breaks one of the client's six checks (RFC 6455 §4.1). */
export function answerPlan({ failure }: Case): Plan {
  const text = `text-web-socket-handshake-${failure.detail?.['part']}`;
  const known = Object.hasOwn(failureTexts, text) ? text as Id : 'text-web-socket-handshake';
  return { texts: [known], steps: [['web-socket-path', 'show-source']] };
}

/** Which rule was broken, and where. */
export function protocolPlan({ failure }: Case): Plan {
  const rule = `rule-${failure.detail?.['rule']}`;
  const known = Object.hasOwn(failureTexts, rule) ? rule as Id : 'text-web-socket-protocol';
  const place: Id[] = failure.detail?.['offset'] === undefined ? [] : ['web-socket-place'];
  return { texts: [known, ...place], steps: [resend] };
}

/** The connection ended without a goodbye. */
export function brokenPlan({ failure }: Case): Plan {
  const isInside = failure.detail?.['inside'] === true;
  return { texts: [isInside ? 'text-web-socket-broken-inside' : 'text-web-socket-broken'], steps: [resend] };
}
