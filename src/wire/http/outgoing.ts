import type { RequestSpec } from '../../trace/request.ts';
import type { PooledConnection } from '../pooled.ts';
import type { Plan } from './plan.ts';
import { fieldsToSend, isTraced, newTraceparent } from './requestFields.ts';
import type { OutgoingRequest, RequestBody } from './transmission.ts';
import { isForUndici } from './undiciClient.ts';

/** The request as it goes out on `connection`; `cookies` are the jar's, as octets. */
export function outgoingRequest(
  spec: RequestSpec, plan: Plan, connection: PooledConnection,
  body: RequestBody | undefined, cookies: string | undefined,
): OutgoingRequest {
  const { url, typed, authority } = plan;
  const path = `${url.pathname}${url.search}`;
  const httpVersion = connection.http.version === '2' ? '2' : plan.wanted === '1.0' ? '1.0' : '1.1';
  // RFC 9112 §3.2.2: a proxy wants the absolute form.
  const { absoluteForm, proxyAuthorization } = connection;
  const requestTarget = absoluteForm ? `${url.protocol}//${url.host}${path}` : path;
  const way = { httpVersion, typed, requestTarget } as const;
  const headers = fieldsToSend(spec, typed, {
    url, cookies, bodySize: body?.size,
    traceparent: isTraced(url, spec.options.traceHosts) ? newTraceparent() : undefined,
    proxyAuthorization: absoluteForm ? proxyAuthorization : undefined,
    clientAddsLength: isForUndici(way),
  });
  return {
    method: spec.method, scheme: plan.target.scheme,
    authority, requestTarget, httpVersion, headers, typed, body,
  };
}
