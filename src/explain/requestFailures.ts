import type { InspectorAction } from '../protocol.ts';
import { variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';
import { wishPlan } from './tlsFailures.ts';

const fixRequest: readonly [Id, InspectorAction] = ['fix-request', 'show-source'];
const writeOtherwise: readonly [Id, InspectorAction] = ['write-otherwise', 'show-source'];

/** What is said of a request that HTTP, TLS or WebSocket does not allow. */
export function invalidRequestPlan(c: Case): Plan {
  if (c.failure.detail?.['part'] === 'dns') return { texts: ['text-invalid-request-dns'], steps: ['set-name-servers'] };
  return wishPlan(c) ?? { texts: invalidRequestTexts(c), steps: [fixRequest] };
}

function invalidRequestTexts(c: Case): Id[] {
  switch (c.failure.detail?.['part']) {
    case 'trailer': case 'transfer-encoding': return ['text-invalid-request-trailer'];
    case 'message': return ['text-invalid-request-message'];
    default: return variant(c, 'text-invalid-request', 'text-invalid-request-cause');
  }
}

/** What is said of a request that is in order, and that cannot be sent from here. */
export function unsupportedPlan(c: Case): Plan {
  switch (c.failure.detail?.['part']) {
    case 'method':
      return { texts: variant(c, 'text-unsupported', 'text-unsupported-method'), steps: [writeOtherwise] };
    case 'web-socket-version': return { texts: ['text-unsupported-web-socket-version'], steps: [fixRequest] };
    case 'trailer': return { texts: variant(c, 'text-unsupported', 'text-unsupported-trailer'), steps: [writeOtherwise] };
    case 'http-version': return { texts: ['text-unsupported-version'], steps: [['use-https', 'show-source']] };
    default: return unsupportedProxyPlan(c)
      ?? { texts: variant(c, 'text-unsupported', 'text-unsupported-cause'), steps: [writeOtherwise] };
  }
}

/** What a proxy cannot be, or cannot do; undefined when it is not about one. */
function unsupportedProxyPlan(c: Case): Plan | undefined {
  switch (c.failure.detail?.['reason']) {
    case 'socks4-ipv6':
      return { texts: variant(c, 'text-unsupported', 'text-unsupported-socks4'), steps: ['use-socks5'] };
    case 'scheme':
      return { texts: variant(c, 'text-unsupported', 'text-unsupported-scheme'), steps: ['set-http-proxy'] };
    case 'invalid-url':
      return { texts: variant(c, 'text-unsupported', 'text-unsupported-proxy-url'), steps: ['set-http-proxy'] };
    default: return undefined;
  }
}
