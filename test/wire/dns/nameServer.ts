import { decode, encode } from 'dns-packet';
import type { Answer } from 'dns-packet';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

// A name server on loopback, over UDP and TCP on one port, that says what the test wants.

export interface Asked {
  /** In small letters. */
  readonly name: string;
  /** In the letters of the question. */
  readonly written: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
  readonly edns: boolean;
  readonly id: number;
  readonly fromPort: number;
  readonly bytes: Buffer;
}

export interface Reply {
  readonly answers?: Answer[];
  readonly authorities?: Answer[];
  readonly additionals?: Answer[];
  readonly rcode?: number;
  readonly authoritative?: boolean;
  readonly truncated?: boolean;
  readonly id?: number;
  readonly question?: { name: string; type: 'A' | 'AAAA' };
  readonly withoutQuestion?: boolean;
}

/**
 * Sends a reply made of parts, or bytes as they are. Over TCP `split` cuts the stream there, and
 * may end it.
 */
export type Send = (reply: Reply | Buffer, split?: number, endThere?: boolean) => void;

export interface NameServer {
  readonly address: string;
  readonly port: number;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/**
 * Starts a name server; `answer` is called for each query and may send nothing, one reply or
 * several.
 */
export async function startNameServer(
  answer: (asked: Asked, send: Send) => void,
  address = '127.0.0.1',
  ownPort = 0,
): Promise<NameServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const receive = (
    query: Asked,
    write: (bytes: Buffer, split?: number, endThere?: boolean) => void,
  ): void => {
    asked.push(query);
    answer(query, (reply, split, endThere) =>
      write(Buffer.isBuffer(reply) ? reply : buildReply(query, reply), split, endThere),
    );
  };
  const tcp = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    socket.setNoDelay(true);
    // Queries of these tests arrive in one segment.
    socket.on('data', (chunk) =>
      receive(
        readQuery(chunk.subarray(2), 'tcp', socket.remotePort ?? 0),
        (bytes, split, endThere) => void writeTcp(socket, bytes, split, endThere),
      ),
    );
  });
  tcp.listen(ownPort, address);
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (bytes, from) =>
    receive(readQuery(bytes, 'udp', from.port), (reply) =>
      udp.send(reply, from.port, from.address),
    ),
  );
  udp.bind(port, address);
  await once(udp, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    udp.close();
    tcp.close();
    await once(tcp, 'close');
  };
  return { address, port, asked, close };
}

function readQuery(bytes: Buffer, transport: 'udp' | 'tcp', fromPort: number): Asked {
  const { id = 0, questions = [], additionals = [] } = decode(bytes);
  const edns = additionals.some(({ type }) => type === 'OPT');
  const written = questions[0]?.name ?? '';
  return {
    name: written.toLowerCase(),
    written,
    type: questions[0]?.type ?? '',
    transport,
    edns,
    id,
    fromPort,
    bytes,
  };
}

/** Gives the bytes of a reply to a query, with the question in the letters that it was asked in. */
export function buildReply(
  query: Pick<Asked, 'id' | 'name' | 'type'> & { readonly written?: string }, reply: Reply,
): Buffer {
  const { rcode = 0, authoritative = true, truncated = false } = reply;
  const question = reply.question ?? { name: query.written ?? query.name, type: query.type as 'A' };
  return encode({
    type: 'response',
    id: reply.id ?? query.id,
    flags: (authoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0) | 0x0180 | rcode,
    questions: reply.withoutQuestion ? [] : [question],
    answers: reply.answers ?? [],
    authorities: reply.authorities ?? [],
    additionals: reply.additionals ?? [],
  });
}

async function writeTcp(
  socket: Socket,
  message: Buffer,
  split: number | undefined,
  endThere = false,
): Promise<void> {
  const bytes = Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message]);
  if (split === undefined) return void socket.write(bytes);
  // The second part waits until the kernel has the first and a turn of the loop has gone by.
  await new Promise((resolve) => socket.write(bytes.subarray(0, split), resolve));
  await new Promise((resolve) => setImmediate(resolve));
  if (endThere) socket.end();
  else socket.write(bytes.subarray(split));
}

export function a(name: string, data: string, ttl = 60): Answer {
  return { type: 'A', name, data, ttl };
}

export function aaaa(name: string, data: string, ttl = 60): Answer {
  return { type: 'AAAA', name, data, ttl };
}

export function cname(name: string, data: string, ttl = 60): Answer {
  return { type: 'CNAME', name, data, ttl };
}

export function ns(name: string, data: string, ttl = 60): Answer {
  return { type: 'NS', name, data, ttl };
}

export function soa(name: string, minimum: number, ttl = 3600): Answer {
  const data = {
    mname: `ns.${name}`,
    rname: `admin.${name}`,
    serial: 7,
    refresh: 1,
    retry: 2,
    expire: 3,
    minimum,
  };
  return { type: 'SOA', name, ttl, data };
}

export const rcodes = { formerr: 1, servfail: 2, nxdomain: 3, notimp: 4, refused: 5 };

/** A server with one address per family for every name. */
export function both({ name, type }: Pick<Asked, 'name' | 'type'>, send: Send): void {
  send({ answers: [type === 'A' ? a(name, '192.0.2.7') : aaaa(name, '2001:db8::7')] });
}

/** A server for `test` that has names without addresses. */
export function nothing(_: unknown, send: Send): void {
  send({ authorities: [soa('test', 60)] });
}

/** A server for a top-level zone with no names in it. */
export function nxdomain({ name }: Pick<Asked, 'name'>, send: Send): void {
  send({ rcode: rcodes.nxdomain, authorities: [soa(name.split('.').at(-1) ?? '', 60)] });
}
