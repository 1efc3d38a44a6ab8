/**
 * RFC 9110 §6.5.1: a trailer must not be one that is needed before the content: framing, routing, modifiers of the
 * request, authentication, control of the response, or how the content is to be read. Each group by its section.
 */
const forbidden: ReadonlySet<string> = new Set([
  // framing and the connection (§6.5.1, §7.6.1, RFC 9112 §6, RFC 7540 §3.2.1)
  'transfer-encoding', 'content-length', 'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade',
  'http2-settings',
  // routing (§7.2, §7.6.2)
  'host', 'max-forwards',
  // modifiers of the request (§10.1.1, §13.1, §14.2; RFC 9111 §5)
  'cache-control', 'expect', 'pragma', 'range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since',
  'if-range',
  // authentication (§11; RFC 6265)
  'authorization', 'proxy-authorization', 'www-authenticate', 'proxy-authenticate', 'cookie', 'set-cookie',
  // control of the response (§10.2, §6.6.1; RFC 9111 §5)
  'age', 'date', 'expires', 'location', 'retry-after', 'vary', 'warning',
  // how the content is to be read (§8)
  'content-encoding', 'content-type', 'content-range',
]);

/** Whether a field, its name in any case, has no place among trailers. */
export function isForbiddenTrailer(name: string): boolean {
  return forbidden.has(name.toLowerCase());
}
