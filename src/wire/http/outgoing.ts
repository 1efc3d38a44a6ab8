import type { Mutable } from '../../trace/mutable.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { authorizeToProxy } from '../proxy/proxyDigest.ts';
import type { PooledConnection } from '../pooled.ts';
import { headLimitsOf } from './head.ts';
import type { Plan } from './plan.ts';
import { fieldsToSend, isTraced, newTraceparent } from './requestFields.ts';
import type { OutgoingRequest, RequestBody } from './transmission.ts';
import { isForUndici } from './undiciClient.ts';

/** The request as it goes out on `connection`; `cookies` are the jar's, as octets. */
export function outgoingRequest(
  spec: RequestSpec, plan: Plan, connection: PooledConnection,
  body: RequestBody | undefined, cookies: string | undefined,
): OutgoingRequest {
  const { url, path, typed, authority } = plan;
  const httpVersion = connection.http.version === '2' ? '2' : plan.wanted === '1.0' ? '1.0' : '1.1';
  // RFC 9112 §3.2.2: a proxy wants the absolute form.
  const { absoluteForm, proxyAuthorization } = connection;
  const requestTarget = targetOf(spec, url, path, absoluteForm);
  const way = { httpVersion, typed, requestTarget } as const;
  const basic = absoluteForm && !typed.has('proxy-authorization') ? proxyAuthorization : undefined;
  const toProxy = basic === undefined ? undefined
    : authorizeToProxy(spec.options.proxy!, basic, { method: spec.method, uri: requestTarget });
  const headers = fieldsToSend(spec, typed, {
    url, cookies, bodySize: body?.size,
    traceparent: isTraced(url, spec.options.traceHosts) ? newTraceparent() : undefined,
    proxyAuthorization: toProxy?.value ?? basic,
    keepsLength: spec.wrongLength === true,
    isPastProxy: plan.proxyAuthorization !== undefined && !absoluteForm,
    clientAddsLength: isForUndici(way),
  });
  const { trailers, options: { continueTimeout = defaultContinueTimeout } } = spec;
  const { size: maxHeadSize, interimResponses: maxInterimResponses } = headLimitsOf(spec.options);
  const request: Mutable<OutgoingRequest> = {
    method: spec.method, scheme: plan.target.scheme, authority, requestTarget, httpVersion, headers, typed, body,
    continueTimeout, maxHeadSize, maxInterimResponses,
  };
  if (spec.wrongLength) request.wrongLength = true;
  if (toProxy) request.toProxy = toProxy.facts;
  if (trailers && trailers.length > 0) request.trailers = trailers;
  return request;
}

/** RFC 9110 §10.1.1: a client does not wait for `100 Continue` for ever; the value is our own, ms. */
const defaultContinueTimeout = 1000;

/**
 * RFC 9112 §3.2.1, §3.2.2 and §3.2.4: origin form; absolute form for a proxy, whose `*` is an empty path; `*` itself.
 */
function targetOf({ requestTarget }: RequestSpec, url: URL, path: string, absoluteForm: boolean): string {
  if (requestTarget === '*') return absoluteForm ? `${url.protocol}//${url.host}` : '*';
  return absoluteForm ? `${url.protocol}//${url.host}${path}` : path;
}
