import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { ServerEvent } from '../messages.ts';
import { replyTo, unanswered } from './reply.ts';
import type { MessageFacts, Served } from './reply.ts';

/** A name server on one port of `127.0.0.1` and, where the system has it, of `::1`, over UDP and TCP (RFC 7766). */
export interface NameServer {
  readonly address: string;
  readonly port: number;
  readonly ipv6: boolean;
  /** Over TCP, open now. */
  readonly connections: () => number;
  close(): Promise<void>;
}

const ipv4 = '127.0.0.1';
const ipv6 = '::1';
/** At each address. */
const maxConnections = 64;
const maxQuerySize = 4096;
const idleTimeout = 5000;
const maxAnswersUnread = 1 << 20;

export interface NameServerOptions {
  /** 0 or absent: any that is free for both transports. */
  readonly port?: number;
  /** How late it answers, ms. */
  readonly delay?: number;
  /** It takes questions and never answers. */
  readonly isSilent?: boolean;
  /** Hears of each message, when its answer has left or when it is clear that it gets none. */
  readonly onMessage?: (message: NameServerMessage) => void;
}

export type NameServerMessage = Extract<ServerEvent, { type: 'question' | 'unreadable' }>;

/** By which way a message came. */
type Arrival = Pick<NameServerMessage, 'transport' | 'peerPort'>;

interface Answering {
  /** Takes a message; calls back with the answer, if it gets one, and hears whether anybody was left to get it. */
  answer(message: Buffer, arrival: Arrival, reply: (reply: Buffer | undefined) => boolean): void;
  /** Tells of a message that was not taken, or not whole. */
  tell(facts: MessageFacts, startAt: number, arrival: Arrival): void;
}

/** Starts a server of zones that do not overlap. */
export async function startNameServer(served: Served, options: NameServerOptions = {}): Promise<NameServer> {
  const { port = 0 } = options;
  const answering = createAnswering(served, options);
  const attempts = port === 0 ? 50 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(answering, port);
    } catch (error) {
      if (attempt === attempts || !isTaken(error)) throw error;
    }
  }
}

function createAnswering(served: Served, { delay = 0, isSilent = false, onMessage }: NameServerOptions): Answering {
  const tell = (facts: MessageFacts, startAt: number, arrival: Arrival, late: { readonly delay?: number } = {}): void =>
    onMessage?.({ startAt, at: monotonicNow(), ...arrival, ...facts, ...late });
  return {
    tell,
    answer(message, arrival, reply) {
      const startAt = monotonicNow();
      if (isSilent) return tell(unanswered(message), startAt, arrival);
      const { bytes, facts } = replyTo(message, served, arrival.transport);
      const isLate = delay > 0 && bytes !== undefined;
      const send = (): void => {
        if (reply(bytes)) tell(facts, startAt, arrival, isLate ? { delay } : {});
      };
      if (isLate) setTimeout(send, delay).unref();
      else send();
    },
  };
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

async function listen(answering: Answering, port: number): Promise<NameServer> {
  const first = await listenOn(ipv4, answering, port);
  const both = [first];
  try {
    both.push(await listenOn(ipv6, answering, first.port));
  } catch (error) {
    // Anything else on ::1 means that the system has no such address.
    if (isTaken(error)) {
      await first.close();
      throw error;
    }
  }
  return {
    address: ipv4, port: first.port, ipv6: both.length === 2,
    connections: () => both.reduce((sum, { connections }) => sum + connections.size, 0),
    close: async () => { await Promise.all(both.map((one) => one.close())); },
  };
}

interface Listening {
  readonly port: number;
  readonly connections: ReadonlySet<Socket>;
  close(): Promise<void>;
}

async function listenOn(address: string, answering: Answering, port: number): Promise<Listening> {
  // TCP first: of its ports many may be taken, by connections too; of those of UDP seldom one.
  const connections = new Set<Socket>();
  const tcp = await listenTcp(address, answering, port, connections);
  const { port: bound } = tcp.address() as AddressInfo;
  try {
    const udp = await bindUdp(address, answering, bound);
    return { port: bound, connections, close: () => closeAll(udp, tcp, connections) };
  } catch (error) {
    tcp.close();
    throw error;
  }
}

async function bindUdp(address: string, answering: Answering, port: number): Promise<UdpSocket> {
  const socket = createSocket({ type: address === ipv6 ? 'udp6' : 'udp4', ipv6Only: address === ipv6 });
  let closed = false;
  socket.on('close', () => { closed = true; });
  socket.on('message', (message, peer) => {
    answering.answer(message, { transport: 'udp', peerPort: peer.port }, (reply) => {
      if (closed) return false;
      // The client may be gone; a datagram that cannot be sent is a datagram lost.
      if (reply) socket.send(reply, peer.port, peer.address, () => {});
      return true;
    });
  });
  socket.bind({ address, port, exclusive: true });
  await once(socket, 'listening');
  socket.on('error', () => {});
  return socket;
}

async function listenTcp(
  address: string, answering: Answering, port: number, connections: Set<Socket>,
): Promise<Server> {
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    answerOver(socket, answering);
  });
  server.maxConnections = maxConnections;
  server.listen({ host: address, port, exclusive: true, ipv6Only: true });
  await once(server, 'listening');
  return server;
}

/** RFC 1035 §4.2.2: each message is preceded by its length in two bytes. */
function answerOver(socket: Socket, answering: Answering): void {
  let pending = Buffer.alloc(0);
  let startAt = 0;
  const arrival: Arrival = { transport: 'tcp', peerPort: socket.remotePort ?? 0 };
  const drop = (): void => {
    pending = Buffer.alloc(0);
    socket.destroy();
  };
  socket.setTimeout(idleTimeout, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (pending.length > 0) answering.tell(cutOff(pending), startAt, arrival);
  });
  socket.on('data', (chunk) => {
    if (pending.length === 0) startAt = monotonicNow();
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      if (length > maxQuerySize) answering.tell({ type: 'unreadable', reason: 'too-long', size: length }, startAt, arrival);
      if (length > maxQuerySize || socket.writableLength > maxAnswersUnread) return drop();
      if (pending.length < 2 + length) return;
      const message = pending.subarray(2, 2 + length);
      pending = pending.subarray(2 + length);
      answering.answer(message, arrival, (reply) => {
        if (socket.destroyed) return false;
        if (reply) socket.write(Buffer.concat([lengthPrefix(reply), reply]));
        else drop();
        return true;
      });
      if (socket.destroyed) return;
    }
  });
}

/** Of a message whose end did not come: behind its length, as much as came of it. */
function cutOff(pending: Buffer): MessageFacts {
  const id = pending.length < 4 ? {} : { id: pending.readUInt16BE(2) };
  return { type: 'unreadable', reason: 'cut-off', size: Math.max(0, pending.length - 2), ...id };
}

function lengthPrefix(reply: Buffer): Buffer {
  return Buffer.from([reply.length >> 8, reply.length & 0xff]);
}

async function closeAll(
  udp: UdpSocket, tcp: Server, connections: ReadonlySet<Socket>,
): Promise<void> {
  for (const connection of connections) connection.destroy();
  const closed = [once(udp, 'close'), once(tcp, 'close')];
  udp.close();
  tcp.close();
  await Promise.all(closed);
}
