import { challengedByProxy } from '../../proxy/proxyDigest.ts';
import type { ProxyAnswer } from '../../proxy/proxyDigest.ts';
import { parseProxies } from '../../proxy/proxyUrl.ts';
import { fieldValue } from '../fields.ts';
import type { Sent } from '../sending.ts';

/**
 * What a proxy's 407 asks for, where there are credentials for it: of one that was handed the request in absolute form
 * (RFC 9112 §3.2.2), or of one that was asked for a tunnel and then closed the connection. Undefined when nobody asks.
 * A 407 of an origin server is not one.
 */
export function proxyChallenge(sent: Sent): ProxyAnswer | undefined {
  const { sending, responseHead, failure } = sent;
  const { spec: { options, headers }, answersProxy = false } = sending;
  // What is typed is the author's own.
  if (options.proxy === undefined || fieldValue(headers, 'proxy-authorization') !== undefined) return undefined;
  const isAnswerable = failure?.detail?.['answerable'] === true;
  if (isAnswerable) return { outcome: answersProxy ? 'refused' : 'answerable' };
  if (failure || responseHead?.statusCode !== 407 || !isAbsolute(sent)) return undefined;
  const proxies = parseProxies(options.proxy, options.proxyAuthorization);
  const basic = proxies.ok ? proxies.proxies.at(-1)?.authorization : undefined;
  if (basic === undefined) return undefined;
  return challengedByProxy(options.proxy, basic, responseHead.headers, answersProxy);
}

function isAbsolute({ events }: Sent): boolean {
  const start = events.findLast((event) => event.type === 'request-start');
  return start !== undefined && /^http:\/\//i.test(start.requestTarget);
}
