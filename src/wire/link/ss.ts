import { isIP } from 'node:net';
import type { TcpFigures } from '../../trace/link.ts';
import { addressBytes } from '../dns/addressBytes.ts';
import type { Ends } from './step.ts';

// ss(8) of iproute2 with -i: one line for the socket, one with the kernel's tcp_info as words.

/** A number may not be longer: nothing the kernel counts is. */
const number = String.raw`(\d{1,20}(?:\.\d{1,6})?)`;

/** More lines than this no two ports have. */
const lineLimit = 2000;

type Figure = Exclude<keyof TcpFigures, 'state' | 'congestionControl' | 'windowScale'>;

/** How `ss` spells each figure; in the middle of a line, a space before it. */
const spellings: readonly (readonly [figure: Figure, pattern: RegExp])[] = [
  ['rtt', new RegExp(` rtt:${number}/`)],
  ['rttVariation', new RegExp(` rtt:[\\d.]{1,27}/${number}`)],
  ['minRtt', new RegExp(` minrtt:${number}`)],
  ['retransmissionTimeout', new RegExp(` rto:${number}`)],
  ['mss', new RegExp(` mss:${number}`)],
  ['pathMtu', new RegExp(` pmtu:${number}`)],
  ['congestionWindow', new RegExp(` cwnd:${number}`)],
  ['slowStartThreshold', new RegExp(` ssthresh:${number}`)],
  ['bytesSent', new RegExp(` bytes_sent:${number}`)],
  ['bytesAcknowledged', new RegExp(` bytes_acked:${number}`)],
  ['bytesReceived', new RegExp(` bytes_received:${number}`)],
  ['segmentsSent', new RegExp(` segs_out:${number}`)],
  ['segmentsReceived', new RegExp(` segs_in:${number}`)],
  // `retrans:now/in all`.
  ['retransmissions', new RegExp(` retrans:\\d{1,20}/${number}`)],
  ['bytesRetransmitted', new RegExp(` bytes_retrans:${number}`)],
  ['unacknowledged', new RegExp(` unacked:${number}`)],
  ['lost', new RegExp(` lost:${number}`)],
  ['deliveryRate', new RegExp(` delivery_rate ${number}bps`)],
  ['pacingRate', new RegExp(` pacing_rate ${number}bps`)],
  ['sendWindow', new RegExp(` snd_wnd:${number}`)],
];

/** Both ends of a connection: only together do they name one. */
export type SocketEnds = Required<Ends>;

/** A socket's own line: its state, two queues and both ends. */
const socketLine = /^([A-Z][A-Z0-9-]{2,15})\s+\d{1,20}\s+\d{1,20}\s+(\S{1,100}):(\d{1,5})\s+(\S{1,100}):(\d{1,5})(?:\s|$)/;

/**
 * Takes what `ss -tinH` printed and gives the figures of the connection between `ends`; undefined when it knows no such
 * connection. Words it does not know are skipped, and figures it does not find are left out.
 */
export function parseSs(printed: string, ends: SocketEnds): TcpFigures | undefined {
  const lines = printed.split('\n', lineLimit);
  const index = lines.findIndex((line) => isBetween(line, ends));
  const state = socketLine.exec(lines[index] ?? '')?.[1];
  if (state === undefined) return undefined;
  const next = lines[index + 1] ?? '';
  const details = /^\s/.test(next) ? next : '';
  const figures: { -readonly [K in keyof TcpFigures]: TcpFigures[K] } = { state };
  for (const [figure, pattern] of spellings) {
    const text = pattern.exec(details)?.[1];
    if (text !== undefined) figures[figure] = Number(text);
  }
  const scale = / wscale:(\d{1,2}),(\d{1,2})/.exec(details);
  if (scale) figures.windowScale = { send: Number(scale[1]), receive: Number(scale[2]) };
  const control = congestionControlOf(details);
  if (control !== undefined) figures.congestionControl = control;
  return figures;
}

/** Ports alone do not tell a connection: one local port may lead to the same port of many hosts (RFC 9293 §3.3.1). */
function isBetween(line: string, { localAddress, localPort, peerAddress, peerPort }: SocketEnds): boolean {
  const [, , local = '', ownPort, peer = '', port] = socketLine.exec(line) ?? [];
  return Number(ownPort) === localPort && Number(port) === peerPort
    && isSameAddress(local, localAddress) && isSameAddress(peer, peerAddress);
}

/** `ss` puts IPv6 in brackets, and a zone after them; it tells the zone of one end only. */
function isSameAddress(printed: string, address: string): boolean {
  const [plain = '', zone] = printed.replace(/[[\]]/g, '').split('%');
  const [wanted = '', wantedZone] = address.split('%');
  if (isIP(plain) === 0 || isIP(wanted) === 0) return false;
  if (zone !== undefined && wantedZone !== undefined && zone !== wantedZone) return false;
  return addressBytes(plain).equals(addressBytes(wanted));
}

/** The first word without a colon that is none of the flags that may stand before it. */
function congestionControlOf(details: string): string | undefined {
  const flags = new Set(['ts', 'sack', 'ecn', 'ecnseen', 'fastopen']);
  const [first] = details.trim().split(/\s+/).filter((word) => !flags.has(word));
  return first !== undefined && /^[a-z][a-z0-9_-]{1,15}$/.test(first) ? first : undefined;
}
