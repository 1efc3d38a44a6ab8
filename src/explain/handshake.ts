import type { Connection } from '../trace/exchange.ts';
import { formatDuration, formatNumber } from './format.ts';
import type { Language } from './text/language.ts';
import { linkTexts } from './text/link.ts';
import { say } from './text/text.ts';

// The three-way handshake of the attempt that won: derived, since no segment was seen.

/** Times in ms from `startAt`. */
interface Handshake {
  readonly synAt: number;
  readonly synAckAt: number;
  readonly course: HandshakeCourse;
}

/**
 * What lies between the SYN and the connection. `once`: one round trip. `again`: the SYN was sent again, `count` times by
 * the kernel's count. `late`: far more than the least round trip that the kernel saw, without a SYN that it counted.
 * `unsure`: long enough for a SYN to be sent again, and nobody told.
 */
type HandshakeCourse =
  | { readonly kind: 'once' | 'unsure' }
  | { readonly kind: 'again'; readonly count: number; readonly minRtt?: number }
  | { readonly kind: 'late'; readonly minRtt: number };

/** RFC 6298 §2.1: a SYN is sent again after 1 s at first; the timers of kernels are some ms coarse. */
const earliestAgain = 950;

/** Undefined when no attempt connected. */
export function handshakeOf(connection: Connection, startAt: number): Handshake | undefined {
  const won = connection.attempts.find((attempt) => attempt?.outcome === 'connected');
  if (won?.endAt === undefined) return undefined;
  return {
    synAt: won.startAt - startAt, synAckAt: won.endAt - startAt, course: courseOf(connection, won.endAt - won.startAt),
  };
}

function courseOf({ tcp = [] }: Connection, duration: number): HandshakeCourse {
  if (duration < earliestAgain) return { kind: 'once' };
  const readings = tcp.filter(({ figures }) => figures !== undefined);
  if (readings.length === 0) return { kind: 'unsure' };
  const { retransmissions = 0, bytesRetransmitted = 0 } = readings
    .find(({ moment }) => moment === 'connected')?.figures ?? {};
  const minRtt = readings.at(-1)?.figures?.minRtt;
  // What was sent again so early and carried no bytes can only have been the SYN.
  if (retransmissions > 0 && bytesRetransmitted === 0) {
    return { kind: 'again', count: retransmissions, ...(minRtt === undefined ? {} : { minRtt }) };
  }
  if (minRtt === undefined) return { kind: 'unsure' };
  return minRtt < duration / 2 ? { kind: 'late', minRtt } : { kind: 'once' };
}

/** How the handshake was derived, and what it was, for those who do not see the drawing too. */
export function explainHandshake(
  { synAt, synAckAt, course }: Handshake, language: Language,
): { readonly label: string; readonly text: string } {
  const places = {
    start: formatDuration(synAt, language), end: formatDuration(synAckAt, language),
    part: formatDuration(synAckAt - synAt, language), ...coursePlaces(course, language),
  };
  const told = (id: keyof typeof linkTexts): string => say(linkTexts, language, id, places);
  return {
    label: told(course.kind === 'again' ? 'handshake-label-again' : 'handshake-label'),
    text: [
      told('handshake-derived'), told(`handshake-${course.kind}`),
      ...(course.kind === 'again' && course.minRtt !== undefined ? [told('handshake-rtt')] : []), told('handshake-ack'),
    ].join(' '),
  };
}

/** The figures of a course for its sentences. */
export function coursePlaces(course: HandshakeCourse, language: Language): { times?: string; rtt?: string } {
  if (course.kind !== 'again' && course.kind !== 'late') return {};
  return {
    ...(course.minRtt === undefined ? {} : { rtt: formatDuration(course.minRtt, language) }),
    ...(course.kind === 'again' ? { times: timesOf(course.count, language) } : {}),
  };
}

function timesOf(count: number, language: Language): string {
  return count === 1 ? say(linkTexts, language, 'times-one')
    : say(linkTexts, language, 'times', { count: formatNumber(count, language) });
}
