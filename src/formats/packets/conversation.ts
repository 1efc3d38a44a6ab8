import type { Connection, Exchange } from '../../trace/exchange.ts';
import type { WireRecord, WireSegment } from '../../trace/wireRecord.ts';
import type { Packet } from './blocks.ts';
import { addressBytes, largestPayload, tcpPacket } from './segment.ts';
import type { Endpoint, TcpSegment } from './segment.ts';

/** What is missing of a connection in the file. */
export type Missing = 'addresses' | 'bytes' | 'some-bytes';

interface Conversation {
  readonly packets: readonly Packet[];
  readonly missing?: Missing;
}

/** What one connection is drawn from; `timeOf` gives nanoseconds of the epoch for a moment of the monotonic axis. */
interface ConversationSource {
  readonly connection: Connection;
  readonly record: WireRecord | undefined;
  /** Those sent over it, in order. */
  readonly exchanges: readonly Exchange[];
  readonly timeOf: (at: number) => bigint;
}

const drawn = 'Drawn by Roundtrip from what is known';

/**
 * A connection as TCP segments. Its bytes and their times are those that passed, each packet being one write or one
 * read, not what the network made of it; the packets that open and close it are drawn, and say so.
 */
export function conversationOf(source: ConversationSource): Conversation {
  const { connection, record } = source;
  const ends = endsOf(connection);
  if (!ends) return { packets: [], missing: 'addresses' };
  const line = new Line(source.timeOf, ends);
  open(line, connection);
  const missing = missingIn(record);
  if (record) carry(line, record, commentsOf(source));
  if (missing !== undefined) line.comment(restOf(record));
  // Where bytes are missing, nobody knows what the last sequence number was.
  if (missing === undefined) close(line, connection);
  return missing === undefined ? { packets: line.packets } : { packets: line.packets, missing };
}

interface Ends {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

function endsOf({ localAddress, localPort, peerAddress, peerPort }: Connection): Ends | undefined {
  const local = localAddress === undefined ? undefined : addressBytes(localAddress);
  const peer = peerAddress === undefined ? undefined : addressBytes(peerAddress);
  if (!local || !peer || local.length !== peer.length) return undefined;
  if (localPort === undefined || peerPort === undefined) return undefined;
  return { local: { address: local, port: localPort }, peer: { address: peer, port: peerPort } };
}

type Direction = WireSegment['direction'];

/** A connection while it is written: what has been said in each direction so far. */
class Line {
  readonly packets: Packet[] = [];
  readonly #timeOf: (at: number) => bigint;
  readonly #ends: Ends;
  /** Bytes that have passed; each end also counts its SYN. */
  readonly #passed = { sent: 0, received: 0 };

  constructor(timeOf: (at: number) => bigint, ends: Ends) {
    this.#timeOf = timeOf;
    this.#ends = ends;
  }

  /** A SYN is number 0, so that the first byte is number 1. */
  add(direction: Direction, at: number, flags: TcpSegment['flags'], comment?: string): void {
    const start = flags.syn ? 0 : 1;
    this.#push(direction, at, flags, start + this.#passed[direction], new Uint8Array(), comment);
  }

  data({ direction, at, bytes, offset }: WireSegment, comment: string | undefined): void {
    const gap = offset - this.#passed[direction];
    const lost = gap > 0 ? `${gap} bytes before this packet were not kept` : undefined;
    const said = [comment, lost].filter((one) => one !== undefined);
    for (let from = 0; from < bytes.length; from += largestPayload) {
      const payload = bytes.subarray(from, from + largestPayload);
      const first = from === 0 && said.length > 0 ? said.join('\n') : undefined;
      this.#push(direction, at, { push: true, ack: true }, 1 + offset + from, payload, first);
      this.#passed[direction] = offset + from + payload.length;
    }
  }

  /** Of the last packet. */
  comment(text: string): void {
    const last = this.packets.pop();
    if (last) this.packets.push({ ...last, comment: last.comment === undefined ? text : `${last.comment}\n${text}` });
  }

  /** Each end's FIN counts as a byte. */
  finish(direction: Direction): void {
    this.#passed[direction] += 1;
  }

  #push(
    direction: Direction, at: number, flags: TcpSegment['flags'], sequence: number, payload: Uint8Array,
    comment: string | undefined,
  ): void {
    const { local, peer } = this.#ends;
    const [from, to] = direction === 'sent' ? [local, peer] : [peer, local];
    const acknowledgment = 1 + this.#passed[direction === 'sent' ? 'received' : 'sent'];
    const bytes = tcpPacket({ from, to, sequence, acknowledgment, flags, payload });
    this.packets.push({ at: this.#timeOf(at), direction, bytes, ...(comment === undefined ? {} : { comment }) });
  }
}

/** RFC 9293 §3.5: one round trip, from the call to connect until it was answered. */
function open(line: Line, { attempts }: Connection): void {
  const attempt = attempts.find((one) => one?.outcome === 'connected');
  if (!attempt) return;
  const others = attempts.filter((one) => one !== undefined && one !== attempt).map(({ address, code }) =>
    `${address}${code === undefined ? '' : ` (${code})`}`);
  const besides = others.length === 0 ? ''
    : `\nAlso tried, and not drawn because the ports are not known: ${others.join(', ')}`;
  line.add('sent', attempt.startAt, { syn: true },
    `${drawn}: when connecting began. Sequence numbers, windows and options are not those of the network.${besides}`);
  if (attempt.endAt === undefined) return;
  line.add('received', attempt.endAt, { syn: true, ack: true }, `${drawn}: when the connection stood.`);
  line.add('sent', attempt.endAt, { ack: true }, `${drawn}: when the connection stood.`);
}

function carry(line: Line, { transport }: WireRecord, comments: Comments): void {
  for (const segment of transport.segments) line.data(segment, comments(segment));
}

function close(line: Line, { endAt, failure }: Connection): void {
  if (endAt === undefined) return;
  if (failure?.code === 'connection-reset') {
    return line.add('received', endAt, { reset: true, ack: true }, `${drawn}: the connection was reset.`);
  }
  const comment = `${drawn}: the connection ended here; which end closed it first was not seen.`;
  line.add('sent', endAt, { fin: true, ack: true }, comment);
  line.finish('sent');
  line.add('received', endAt, { fin: true, ack: true }, comment);
  line.finish('received');
  line.add('sent', endAt, { ack: true }, comment);
}

function missingIn(record: WireRecord | undefined): Missing | undefined {
  const { segments = [], sentSize = 0, receivedSize = 0 } = record?.transport ?? {};
  const kept = { sent: 0, received: 0 };
  for (const { direction, bytes } of segments) kept[direction] += bytes.length;
  if (!record || (segments.length === 0 && sentSize + receivedSize > 0)) return 'bytes';
  return kept.sent < sentSize || kept.received < receivedSize ? 'some-bytes' : undefined;
}

function restOf(record: WireRecord | undefined): string {
  if (!record || record.transport.segments.length === 0) return 'The bytes of this connection were not kept.';
  const { segments, sentSize, receivedSize } = record.transport;
  const kept = (direction: Direction): number =>
    segments.reduce((sum, one) => one.direction === direction ? sum + one.bytes.length : sum, 0);
  return `Not all bytes of this connection were kept: ${sentSize - kept('sent')} of ${sentSize} sent and `
    + `${receivedSize - kept('received')} of ${receivedSize} received are missing.`;
}

type Comments = (segment: WireSegment) => string | undefined;

/** The URL of each exchange, at the first bytes that were written for it. */
function commentsOf({ exchanges }: ConversationSource): Comments {
  const waiting = exchanges.flatMap((exchange) => {
    const start = exchange.events.find(({ type }) => type === 'request-start');
    return start ? [{ at: start.at, text: `${exchange.spec.method} ${exchange.spec.url}` }] : [];
  }).sort((a, b) => a.at - b.at);
  return ({ direction, at }) => {
    if (direction !== 'sent') return undefined;
    const found: string[] = [];
    while (waiting[0] && waiting[0].at <= at) found.push(waiting.shift()!.text);
    return found.length === 0 ? undefined : found.join('\n');
  };
}
