import type { IncomingMessage } from 'node:http';
import { pairs } from '../http/requestHead.ts';
import type { FieldLine } from '../messages.ts';

// What an intermediary does to field lines.

/** RFC 9110 §7.6.1, and the ones that proxies answer themselves (§11.7). */
const hopByHop = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade',
  'proxy-authorization',
  'proxy-authenticate', 'proxy-authentication-info',
]);

/** Without these a message would be another one, or two: nobody may name them in `Connection`. */
const framing = new Set(['host', 'content-length']);

/** The field lines to pass on: without those for this connection only, and those that `Connection` names. */
export function endToEnd(raw: readonly string[]): FieldLine[] {
  const lines = pairs(raw);
  const named = new Set(lines.filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase()))
    .filter((token) => !framing.has(token)));
  return lines.filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

/** The field lines of a request to pass on, and with them what an intermediary wants for the next connection, too. */
export function requestFields(request: IncomingMessage): FieldLine[] {
  const { headers, httpVersion, rawHeaders } = request;
  const lines = endToEnd(rawHeaders)
    // RFC 9110 §10.1.1: HTTP/1.0 knows no expectation.
    .filter(([name]) => httpVersion !== '1.0' || name.toLowerCase() !== 'expect');
  // RFC 9112 §6.1: a body of unknown length is framed anew.
  if (headers['transfer-encoding'] !== undefined) lines.push(['Transfer-Encoding', 'chunked']);
  if (wantsUpgrade(request)) return [...lines, ['Connection', 'Upgrade'], ['Upgrade', headers.upgrade ?? '']];
  // RFC 9110 §6.5.1: trailers are passed on, to who wants them.
  const wantsTrailers = /(?:^|,)\s*trailers\s*(?:$|[,;])/i.test(String(headers.te ?? ''));
  return wantsTrailers ? [...lines, ['TE', 'trailers'], ['Connection', 'TE']] : lines;
}

/** RFC 9110 §7.8: whether a client would go over to WebSocket, the one protocol that is known to go on. */
export function wantsUpgrade({ method, headers, httpVersion }: IncomingMessage): boolean {
  const isNamed = (headers.connection ?? '').split(',').some((token) => token.trim().toLowerCase() === 'upgrade');
  return method === 'GET' && httpVersion === '1.1' && isNamed && headers.upgrade?.toLowerCase() === 'websocket';
}

/** RFC 9110 §6.5.1: how a message is to be read, and by whom, cannot be said behind it. */
const notInTrailers = new Set([
  ...hopByHop, 'content-length', 'content-encoding', 'content-type', 'content-range', 'host', 'trailer',
  'authorization', 'cookie', 'set-cookie',
]);

/** The trailer fields to pass on, as Node takes them. */
export function trailersOf(raw: readonly string[]): [name: string, value: string][] {
  return pairs(raw).filter(([name]) => !notInTrailers.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, value]);
}

/** RFC 9110 §7.6.3: who passed it on, and how it had come. */
export function viaLine(httpVersion: string, own: string): FieldLine {
  return ['Via', `${httpVersion} ${own}`];
}

/** RFC 7239 §4: for whom, as what, and for which host. */
export function forwardedLine(
  { peerAddress, peerPort }: { peerAddress: string; peerPort: number }, scheme: string, host: string | undefined,
): FieldLine {
  const node = peerAddress.includes(':') ? `"[${peerAddress}]:${peerPort}"` : `"${peerAddress}:${peerPort}"`;
  return ['Forwarded', `for=${node};proto=${scheme}${host === undefined ? '' : `;host="${host}"`}`];
}

/** Whether a request has come by `own` already: it goes in a circle. */
export function hasPassed(raw: readonly string[], own: string): boolean {
  return raw.some((value, index) => index % 2 === 1 && raw[index - 1]!.toLowerCase() === 'via'
    && value.split(',').some((hop) => hop.trim().split(/\s+/)[1] === own));
}
