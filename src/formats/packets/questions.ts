import type { DnsStep } from '../../trace/dnsStep.ts';
import type { Connection } from '../../trace/exchange.ts';
import type { Packet } from './blocks.ts';
import { addressBytes, udpPacket } from './segment.ts';
import type { Endpoint } from './segment.ts';

/** The questions to name servers that a connection waited for, or were asked beside it, as far as they went by UDP. */
export function datagramsOf(connection: Connection, timeOf: (at: number) => bigint): Packet[][] {
  const { lookup, peerName, proxies = [] } = connection;
  const steps = [lookup, peerName, ...proxies.map((proxy) => proxy.lookup)].flatMap((one) => one?.steps ?? []);
  return steps.map((step) => datagrams(step, timeOf)).filter((packets) => packets.length > 0);
}

/** One question and its answer; nothing where the octets or the ends are not known. */
function datagrams(step: DnsStep, timeOf: (at: number) => bigint): Packet[] {
  const { question, startAt, at, queryBytes, answerBytes, querySize, answerSize } = step;
  const [here, there] = [localEnd(step), serverEnd(step)];
  const query = octets(queryBytes, querySize);
  if (step.transport !== 'udp' || !query || !here || here.address.length !== there?.address.length) return [];
  const answer = octets(answerBytes, answerSize);
  const isCut = answerBytes !== undefined && !answer;
  const comment = `${question.type} ${question.name}${isCut ? '; not all of the answer was kept, so it is missing' : ''}`;
  const sent: Packet = {
    at: timeOf(startAt), direction: 'sent', bytes: udpPacket({ from: here, to: there, payload: query }), comment,
  };
  if (!answer) return [sent];
  const bytes = udpPacket({ from: there, to: here, payload: answer });
  return [sent, { at: timeOf(at), direction: 'received', bytes }];
}

/** A message that was kept whole. */
function octets(base64: string | undefined, size: number | undefined): Uint8Array | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return size === undefined || bytes.length === size ? bytes : undefined;
}

function localEnd({ localAddress, localPort }: DnsStep): Endpoint | undefined {
  const address = localAddress === undefined ? undefined : addressBytes(localAddress);
  return address && localPort !== undefined ? { address, port: localPort } : undefined;
}

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
function serverEnd({ server = '' }: DnsStep): Endpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(server) ?? [];
  const address = addressBytes(bracketed ?? plain ?? '');
  return address && { address, port: Number(port) };
}
