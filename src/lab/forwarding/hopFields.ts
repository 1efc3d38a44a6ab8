import type { FieldLine } from '../messages.ts';

// What an intermediary does to field lines.

/** RFC 9110 §7.6.1, and the ones that proxies answer themselves (§11.7). */
const hopByHop = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'proxy-authorization',
  'proxy-authenticate', 'proxy-authentication-info',
]);

/** The field lines to pass on: without those for this connection only, and those that `Connection` names. */
export function endToEnd(raw: readonly string[]): FieldLine[] {
  const lines: FieldLine[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) lines.push([raw[index]!, raw[index + 1]!]);
  const named = new Set(lines.filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase())));
  return lines.filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

/** RFC 9110 §7.6.3: who passed it on, and how it had come. */
export function viaLine(httpVersion: string, own: string): FieldLine {
  return ['Via', `${httpVersion} ${own}`];
}

/** RFC 7239 §4: for whom, as what, and for which host. */
export function forwardedLine(
  peer: { address: string; port: number }, scheme: string, host: string | undefined,
): FieldLine {
  const { address, port } = peer;
  const node = address.includes(':') ? `"[${address}]:${port}"` : `"${address}:${port}"`;
  return ['Forwarded', `for=${node};proto=${scheme}${host === undefined ? '' : `;host="${host}"`}`];
}

/** Whether a request has come by `own` already: it goes in a circle. */
export function hasPassed(raw: readonly string[], own: string): boolean {
  return raw.some((value, index) => index % 2 === 1 && raw[index - 1]!.toLowerCase() === 'via'
    && value.split(',').some((hop) => hop.trim().split(/\s+/)[1] === own));
}
