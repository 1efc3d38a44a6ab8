/** How early a field is offered: what requests have every day, what is registered, what is only a custom. */
type FieldRank = 1 | 2 | 3;

const everyday = [
  'Accept', 'Authorization', 'Content-Type', 'Cookie', 'Accept-Encoding', 'Accept-Language', 'Cache-Control',
  'Content-Length', 'Host', 'If-Match', 'If-Modified-Since', 'If-None-Match', 'Origin', 'Range', 'Referer',
  'User-Agent', 'Prefer', 'Idempotency-Key', 'X-Request-ID',
];

/** Of the IANA registry of HTTP field names, those that a request may have. */
const registered = [
  'A-IM', 'Accept-Charset', 'Accept-Datetime', 'Accept-Signature', 'Access-Control-Request-Headers',
  'Access-Control-Request-Method', 'ALPN', 'Alt-Used', 'Apply-To-Redirect-Ref', 'Available-Dictionary',
  'CalDAV-Timezones', 'Capsule-Protocol', 'CDN-Loop', 'Client-Cert', 'Client-Cert-Chain', 'Connection',
  'Content-Digest', 'Content-Disposition', 'Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Range',
  'Date', 'Depth', 'Destination', 'Dictionary-ID', 'DPoP', 'Early-Data', 'Expect', 'Forwarded', 'From',
  'HTTP2-Settings', 'If', 'If-Range', 'If-Schedule-Tag-Match', 'If-Unmodified-Since', 'Keep-Alive', 'Last-Event-ID',
  'Link', 'Lock-Token', 'Max-Forwards', 'MIME-Version', 'Negotiate', 'OData-MaxVersion', 'OData-Version',
  'Ordering-Type', 'OSLC-Core-Version', 'Overwrite', 'Ping-From', 'Ping-To', 'Position', 'Pragma', 'Priority',
  'Proxy-Authorization', 'Repr-Digest', 'Schedule-Reply', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode', 'Sec-Fetch-Site',
  'Sec-Fetch-User', 'Sec-GPC', 'Sec-Purpose', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Key',
  'Sec-WebSocket-Protocol', 'Sec-WebSocket-Version', 'Service-Worker', 'Signature', 'Signature-Input', 'SLUG',
  'SOAPAction', 'TE', 'Timeout', 'Topic', 'traceparent', 'tracestate', 'Trailer', 'Transfer-Encoding', 'TTL',
  'Upgrade', 'Upgrade-Insecure-Requests', 'Urgency', 'Via', 'Want-Content-Digest', 'Want-Repr-Digest',
];

/** Not registered, but understood by many servers. */
const customs = [
  'b3', 'baggage', 'DNT', 'GraphQL-Preflight', 'Proxy-Connection', 'Save-Data', 'Sec-CH-UA', 'Sec-CH-UA-Mobile',
  'Sec-CH-UA-Platform', 'X-Access-Token', 'X-Amz-Content-SHA256', 'X-Amz-Date', 'X-Amz-Security-Token',
  'X-Amz-Target', 'X-Amzn-Trace-Id', 'X-API-Key', 'X-API-Version', 'X-Auth-Token', 'X-B3-Sampled', 'X-B3-SpanId',
  'X-B3-TraceId', 'X-Client-ID', 'X-Cloud-Trace-Context', 'X-Correlation-ID', 'X-CSRF-Token', 'X-Forwarded-For',
  'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'X-Forwarded-Proto', 'X-GitHub-Api-Version',
  'X-HTTP-Method-Override', 'X-Hub-Signature-256', 'X-Original-URL', 'X-Real-IP', 'X-Request-Type',
  'X-Requested-With', 'X-Tenant-ID', 'X-XSRF-TOKEN',
];

/** Field names for a request as they are usually written, and how early each is offered. */
export const requestFields: ReadonlyMap<string, FieldRank> = new Map([
  ...everyday.map((name) => [name, 1] as const),
  ...registered.map((name) => [name, 2] as const),
  ...customs.map((name) => [name, 3] as const),
]);
