import type { FieldLine } from '../../trace/request.ts';
import { isForbiddenTrailer } from '../../trace/trailers.ts';
import { fieldOctets, fieldValues, isFieldContent, isToken } from './fields.ts';

/**
 * The first of the trailers that cannot be sent: no field, or one that means nothing behind a body (RFC 9110 §6.5.1).
 */
export function wrongTrailer(trailers: readonly FieldLine[]): string | undefined {
  return trailers.find(([name, value]) => !isToken(name) || !isFieldContent(value) || isForbiddenTrailer(name))?.[0];
}

/**
 * The fields that go with trailers, those that were typed left out: their names ahead of time (RFC 9110 §6.6.2), that
 * trailers are understood (§10.1.4, which HTTP/1.1 wants in `Connection` too), and the chunks that have room for them
 * (RFC 9112 §7.1.2).
 */
export function trailerFields(trailers: readonly FieldLine[], headers: readonly FieldLine[]): FieldLine[] {
  const names = new Set(trailers.map(([name]) => name));
  const lines: FieldLine[] = [['Trailer', [...names].join(', ')], ['TE', 'trailers']];
  // A client that frames the body by itself drops it again: HTTP/2 has no chunks.
  if (fieldValues(headers, 'transfer-encoding').length === 0) lines.push(['Transfer-Encoding', 'chunked']);
  const typed = new Set(headers.map(([name]) => name.toLowerCase()));
  const missing = lines.filter(([name]) => !typed.has(name.toLowerCase()));
  return typed.has('te') || typed.has('connection') ? missing : [...missing, ['Connection', 'TE']];
}

/** Names and octets of each, as HTTP/1.1 writes them. */
export function trailerOctets(trailers: readonly FieldLine[]): [string, string][] {
  return trailers.map(([name, value]) => [name, fieldOctets(value)]);
}

/** The same by name, in lower case (RFC 9113 §8.2). */
export function trailersByName(trailers: readonly FieldLine[]): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  for (const [name, octets] of trailerOctets(trailers)) (byName[name.toLowerCase()] ??= []).push(octets);
  return byName;
}
