/** RFC 6455 §3: what a `ws:` or `wss:` URL is for the handshake, which is HTTP; others stay. */
export function httpUrlOf(url: string): string {
  return url.replace(/^ws(s?):/i, 'http$1:');
}

/** The same the other way round. */
export function webSocketUrlOf(url: string): string {
  return url.replace(/^http(s?):/i, 'ws$1:');
}
