import { createHash, randomBytes } from 'node:crypto';
import type { FieldLine } from '../../../trace/request.ts';
import type { DeflateAgreement } from '../../../trace/webSocket.ts';
import { fieldValues, listMembers } from '../fields.ts';

/** RFC 6455 §1.3: joined to the key, it makes an answer that only a WebSocket server gives. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The fields of an opening handshake (§4.1), those that were typed left out. */
export function handshakeFields(typed: ReadonlySet<string>): FieldLine[] {
  const lines: FieldLine[] = [
    ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
  ];
  return lines.filter(([name]) => !typed.has(name.toLowerCase()));
}

/** What the server agreed to, or which part of its answer breaks the rules. */
export type Agreement =
  | { readonly ok: true; readonly protocol?: string; readonly deflate?: DeflateAgreement }
  | {
    readonly ok: false; readonly part: 'upgrade' | 'connection' | 'accept' | 'protocol' | 'extension';
    readonly found: string; readonly expected: string;
  };

/** Checks an answer of 101 against the request it is to (§4.1, the client's six steps). */
export function agreementOf(sent: readonly FieldLine[], received: readonly FieldLine[]): Agreement {
  if (listMembers(received, 'upgrade').join() !== 'websocket') {
    return refused('upgrade', fieldValues(received, 'upgrade').join(', '), 'websocket');
  }
  if (!listMembers(received, 'connection').includes('upgrade')) {
    return refused('connection', fieldValues(received, 'connection').join(', '), 'Upgrade');
  }
  const expected = acceptFor(fieldValues(sent, 'sec-websocket-key')[0] ?? '');
  const accept = fieldValues(received, 'sec-websocket-accept').join(', ').trim();
  if (accept !== expected) return refused('accept', accept, expected);
  const offered = membersOf(sent, 'sec-websocket-protocol');
  const chosen = fieldValues(received, 'sec-websocket-protocol').map((value) => value.trim());
  if (chosen.length > 1 || (chosen[0] !== undefined && !offered.includes(chosen[0]))) {
    return refused('protocol', chosen.join(', '), offered.join(', '));
  }
  const protocol = chosen[0] === undefined ? {} : { protocol: chosen[0] };
  const extensions = membersOf(received, 'sec-websocket-extensions');
  if (extensions.length === 0) return { ok: true, ...protocol };
  const offers = membersOf(sent, 'sec-websocket-extensions');
  const deflate = extensions.length === 1 ? deflateOf(extensions[0]!, offers) : undefined;
  return deflate ? { ok: true, ...protocol, deflate } : refused('extension', extensions.join(', '), offers.join(', '));
}

/** §4.2.2: the answer to a key. */
function acceptFor(key: string): string {
  return createHash('sha1').update(key + guid).digest('base64');
}

function refused(part: Extract<Agreement, { ok: false }>['part'], found: string, expected: string): Agreement {
  return { ok: false, part, found, expected };
}

/** Members of a list in their own case; a comma within quotes belongs to none of what WebSocket defines. */
function membersOf(lines: readonly FieldLine[], name: string): string[] {
  return fieldValues(lines, name).flatMap((value) =>
    value.split(',')).map((one) => one.trim()).filter((one) => one !== '');
}

/** RFC 7692 §7.1: what was agreed to; undefined when it was not offered so, or is not well-formed. */
function deflateOf(extension: string, offers: readonly string[]): DeflateAgreement | undefined {
  const [name = '', ...parameters] = extension.split(';').map((part) => part.trim());
  const offer = offers.map((one) => one.split(';').map((part) => part.trim()))
    .find(([offered]) => offered === name);
  if (name !== 'permessage-deflate' || !offer) return undefined;
  const agreed: { -readonly [K in keyof DeflateAgreement]: DeflateAgreement[K] } = {
    serverNoContextTakeover: false, clientNoContextTakeover: false,
  };
  const seen = new Set<string>();
  for (const parameter of parameters) {
    const [key = '', value] = parameter.split('=').map((part) => part.trim());
    if (seen.has(key)) return undefined;
    seen.add(key);
    const bits = value === undefined ? undefined : windowBits(value);
    if (key === 'server_no_context_takeover' && value === undefined) agreed.serverNoContextTakeover = true;
    else if (key === 'client_no_context_takeover' && value === undefined) agreed.clientNoContextTakeover = true;
    else if (key === 'server_max_window_bits' && bits !== undefined) agreed.serverMaxWindowBits = bits;
    // §7.1.2.2: only a client that offered it may be asked for a smaller window.
    else if (key === 'client_max_window_bits' && bits !== undefined && hasParameter(offer, key)) {
      agreed.clientMaxWindowBits = bits;
    } else return undefined;
  }
  return agreed;
}

function hasParameter(offer: readonly string[], key: string): boolean {
  return offer.some((one) => one === key || one.startsWith(`${key}=`) || one.startsWith(`${key} `));
}

function windowBits(value: string): number | undefined {
  const bits = /^"?(\d{1,2})"?$/.exec(value)?.[1];
  return bits !== undefined && Number(bits) >= 8 && Number(bits) <= 15 ? Number(bits) : undefined;
}
