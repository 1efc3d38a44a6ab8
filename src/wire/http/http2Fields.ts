import type { FieldLine } from '../../trace/request.ts';
import { listMembers } from './fields.ts';
import type { OutgoingRequest } from './transmission.ts';

/**
 * The fields of a request as a flat list. RFC 9113 §8.3.1: pseudo-header fields first; §8.2: names
 * in lower case; §8.2.2: no connection-specific fields, and `TE` only as `trailers`.
 */
export function fieldsFor(request: OutgoingRequest): string[] {
  const flat = [
    ':method', request.method, ':scheme', request.scheme,
    ':authority', request.authority, ':path', request.requestTarget,
  ];
  for (const [name, value] of sentFields(request)) flat.push(name, value);
  return flat;
}

/** The regular fields as they go out: names in lower case, without those that belong to a connection. */
export function sentFields(request: OutgoingRequest): FieldLine[] {
  const dropped = new Set([...connectionSpecific, ...listMembers(request.headers, 'connection')]);
  // HTTP/1.1 wants `TE` named there; here it may stay.
  dropped.delete('te');
  const lines: FieldLine[] = [];
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase();
    if (dropped.has(lower)) continue;
    if (lower === 'te' && value.trim().toLowerCase() !== 'trailers') continue;
    lines.push([lower, value]);
  }
  return lines;
}

/** `host` is in `:authority` (§8.3.1); `http2-settings` is for the change to HTTP/2 (RFC 7540 §3.2.1). */
const connectionSpecific = [
  'host', 'connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings',
];

/** The status code in a flat list of names and values (RFC 9113 §8.3.2). */
export function statusOf(raw: string[]): number {
  const index = raw.indexOf(':status');
  return Number(raw[index + 1]);
}

/** A flat list of names and values without its pseudo-header fields (RFC 9113 §8.3). */
export function withoutPseudo(raw: string[]): string[] {
  const flat: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    if (!raw[index]!.startsWith(':')) flat.push(raw[index]!, raw[index + 1]!);
  }
  return flat;
}
