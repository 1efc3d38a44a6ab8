import type { Connection, Exchange } from '../trace/exchange.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import {
  decryptionSecrets, enhancedPacket, interfaceDescription, joined, nameResolution, sectionHeader,
} from './packets/blocks.ts';
import type { Packet } from './packets/blocks.ts';
import { conversationOf } from './packets/conversation.ts';
import type { Missing } from './packets/conversation.ts';
import { datagramsOf } from './packets/questions.ts';
import { addressBytes } from './packets/segment.ts';

/** A file that Wireshark opens, and what is not in it. */
export interface PacketCapture {
  readonly bytes: Uint8Array;
  /** Connections of which something is missing: their addresses are not known, or bytes were not kept. */
  readonly missing: readonly { readonly connection: Connection; readonly what: Missing }[];
}

const about = 'Bytes and their times as they passed between Roundtrip and the operating system: each packet with data '
  + 'is one write or one read. Packets that open and close a connection are drawn from what is known, and their '
  + 'comments say so. Questions to name servers are here where they went by UDP and their octets were kept.';

/**
 * The connections of exchanges as a pcapng file: with their packets, the questions to name servers that went by UDP, the
 * names of their addresses, and what they can be decrypted with, which makes the file a secret.
 *
 * @param records of connections, by their ids; one that is absent was not kept.
 */
export function toPcapng(exchanges: readonly Exchange[], records: ReadonlyMap<string, WireRecord>): PacketCapture {
  const connections = connectionsOf(exchanges);
  const timeOf = clockOf(exchanges);
  const conversations = connections.map((connection) => ({
    connection, ...conversationOf({
      connection, timeOf, record: records.get(connection.id),
      exchanges: exchanges.filter((exchange) => exchange.connection?.id === connection.id),
    }),
  }));
  const questions = connections.flatMap((connection) => datagramsOf(connection, timeOf));
  const packets = [...questions, ...conversations.map((conversation) => conversation.packets)].flatMap(inOrder);
  const lines = connections.flatMap(({ id }) => records.get(id)?.keyLog ?? []);
  const names = namesOf(connections);
  const bytes = joined([
    sectionHeader('Roundtrip', about),
    interfaceDescription('roundtrip', 'What Roundtrip wrote and read'),
    // Before the packets that need them.
    ...(lines.length > 0 ? [decryptionSecrets(lines)] : []),
    ...(names.length > 0 ? [nameResolution(names)] : []),
    ...packets.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0).map(({ packet }) => enhancedPacket(packet)),
  ]);
  const missing = conversations.flatMap(({ connection, missing: what }) =>
    what === undefined ? [] : [{ connection, what }]);
  return { bytes, missing };
}

/**
 * What orders packets among those of other connections. A connection's own stay as they passed, although a read may
 * have been noted with an earlier time than the write before it.
 */
function inOrder(packets: readonly Packet[]): { key: bigint; packet: Packet }[] {
  let key = 0n;
  return packets.map((packet) => {
    if (packet.at > key) key = packet.at;
    return { key, packet };
  });
}

/** Each once, as the last exchange that used it knows it. */
function connectionsOf(exchanges: readonly Exchange[]): Connection[] {
  const byId = new Map<string, Connection>();
  for (const { connection } of exchanges) if (connection) byId.set(connection.id, connection);
  return [...byId.values()].sort((a, b) => a.startAt - b.startAt);
}

/** The wall clock was read once for each exchange; the first reading serves all, so that distances stay true. */
function clockOf([first]: readonly Exchange[]): (at: number) => bigint {
  const { startedAt = 0, startAt = 0 } = first ?? {};
  const start = BigInt(Math.round(startedAt * 1000)) * 1000n;
  return (at) => start + BigInt(Math.round((at - startAt) * 1_000_000));
}

function namesOf(connections: readonly Connection[]): { address: Uint8Array; name: string }[] {
  const names = new Map<string, { address: Uint8Array; name: string }>();
  for (const { lookup } of connections) {
    for (const { address } of lookup?.addresses ?? []) {
      const bytes = addressBytes(address);
      if (bytes && lookup) names.set(`${address} ${lookup.name}`, { address: bytes, name: lookup.name });
    }
  }
  return [...names.values()];
}
