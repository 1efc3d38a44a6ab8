import type { Exchange } from '../../src/trace/exchange.ts';
import { phasesOf } from '../../src/trace/phases.ts';
import type { PhaseName } from '../../src/trace/failure.ts';
import type { Packet } from './packets.ts';

export const witnessed = [
  'dns: first query', 'dns: last answer', 'tcp: SYN', 'tcp: SYN-ACK', 'tls: ClientHello', 'tls: Finished',
  'send: first', 'send: last', 'receive: first', 'receive: last',
] as const;

/** How far the ends of the phases are from the packets that begin and end them, ms. */
export type Distances = Partial<Record<(typeof witnessed)[number], number>>;

/**
 * Compares an exchange with what passed on the wire. The server answers `quiet` ms after the request at the least: what
 * it sends before is no response but a ticket of TLS.
 */
export function compareWithPackets(exchange: Exchange, packets: readonly Packet[], nameServerPort: number, quiet: number): Distances {
  const way = wayOf(exchange, packets);
  const told = tellingOf(exchange);
  const distances: Distances = { 'tcp: SYN': off(told('tcp', 'start'), way.syn), 'tcp: SYN-ACK': off(told('tcp', 'end'), way.synAck) };
  const lookup = exchange.connection?.lookup;
  if (lookup) {
    const inTime = packets.filter(({ protocol, at }) => protocol === 'udp' && at > lookup.startAt - 20 && at < lookup.endAt! + 20);
    const query = inTime.find(({ destinationPort }) => destinationPort === nameServerPort);
    const answer = inTime.findLast(({ sourcePort }) => sourcePort === nameServerPort);
    distances['dns: first query'] = off(told('dns', 'start'), query);
    distances['dns: last answer'] = off(told('dns', 'end'), answer);
  }
  const isSecure = exchange.connection?.tls !== undefined;
  if (isSecure) {
    distances['tls: ClientHello'] = off(told('tls', 'start'), way.sent[0]);
    // RFC 8446 §2: the client's second flight is its Finished.
    distances['tls: Finished'] = off(told('tls', 'end'), way.sent[1]);
  }
  const request = way.sent.slice(isSecure ? 2 : 0);
  const response = way.received.filter(({ at }) => at > (request.at(-1)?.at ?? 0) + quiet);
  return {
    ...distances,
    'send: first': off(told('send', 'start'), request[0]), 'send: last': off(told('send', 'end'), request.at(-1)),
    'receive: first': off(told('receive', 'start'), response[0]), 'receive: last': off(told('receive', 'end'), response.at(-1)),
  };
}

interface Way {
  readonly syn: Packet | undefined;
  readonly synAck: Packet | undefined;
  /** With payload. */
  readonly sent: readonly Packet[];
  readonly received: readonly Packet[];
}

function wayOf({ connection }: Exchange, packets: readonly Packet[]): Way {
  const { localPort, peerPort } = connection!;
  const sent = packets.filter((one) => one.protocol === 'tcp' && one.sourcePort === localPort && one.destinationPort === peerPort);
  const received = packets.filter((one) => one.protocol === 'tcp' && one.sourcePort === peerPort && one.destinationPort === localPort);
  return {
    syn: sent.find(({ syn }) => syn), synAck: received.find(({ syn, ack }) => syn && ack),
    sent: sent.filter(({ size }) => size > 0), received: received.filter(({ size }) => size > 0),
  };
}

function tellingOf(exchange: Exchange): (name: PhaseName, end: 'start' | 'end') => number | undefined {
  const phases = phasesOf(exchange);
  return (name, end) => {
    const phase = phases.find((one) => one.name === name);
    if (!phase || phase.duration === undefined) return undefined;
    return exchange.startAt + phase.start + (end === 'end' ? phase.duration : 0);
  };
}

function off(told: number | undefined, packet: Packet | undefined): number {
  return told === undefined || packet === undefined ? Infinity : Math.abs(told - packet.at);
}
