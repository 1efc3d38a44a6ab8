import type { TcpFigures } from '../../trace/link.ts';

// ss(8) of iproute2 with -i: one line for the socket, one with the kernel's tcp_info as words.

/** A number may not be longer: nothing the kernel counts is. */
const number = String.raw`(\d{1,20}(?:\.\d{1,6})?)`;

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

/**
 * Takes what `ss -tinH` printed for one connection and gives its figures; undefined when it knows no such connection.
 * Words it does not know are skipped, and figures it does not find are left out.
 */
export function parseSs(printed: string): TcpFigures | undefined {
  const state = /^([A-Z][A-Z0-9-]{2,15})\s/.exec(printed)?.[1];
  if (state === undefined) return undefined;
  // Of several connections only the first: the filter names both ports, so it is ours.
  const [, details = ''] = printed.split('\n', 2);
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

/** The first word without a colon that is none of the flags that may stand before it. */
function congestionControlOf(details: string): string | undefined {
  const flags = new Set(['ts', 'sack', 'ecn', 'ecnseen', 'fastopen']);
  const [first] = details.trim().split(/\s+/).filter((word) => !flags.has(word));
  return first !== undefined && /^[a-z][a-z0-9_-]{1,15}$/.test(first) ? first : undefined;
}
