import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { replyTo } from './reply.ts';
import type { Zone } from './zone.ts';

/** A name server on one port of loopback, over UDP and TCP (RFC 7766). */
export interface NameServer {
  readonly address: string;
  readonly port: number;
  /** Over TCP, open now. */
  readonly connections: () => number;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
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
}

/** Takes a message; calls back with the answer, if it gets one. */
type Answering = (message: Buffer, transport: 'udp' | 'tcp', reply: (reply: Buffer | undefined) => void) => void;

/** Starts a server of zones that do not overlap. */
export async function startNameServer(
  zones: readonly Zone[], { port = 0, delay = 0, isSilent = false }: NameServerOptions = {},
): Promise<NameServer> {
  const answering: Answering = (message, transport, reply) => {
    if (isSilent) return;
    const answer = replyTo(message, zones, transport);
    if (delay === 0) reply(answer);
    else setTimeout(reply, delay, answer).unref();
  };
  const attempts = port === 0 ? 50 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(answering, port);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (attempt === attempts || !isTaken) throw error;
    }
  }
}

async function listen(answering: Answering, port: number): Promise<NameServer> {
  // TCP first: of its ports many may be taken, by connections too; of those of UDP seldom one.
  const connections = new Set<Socket>();
  const tcp = await listenTcp(answering, port, connections);
  const { port: bound } = tcp.address() as AddressInfo;
  try {
    const udp = await bindUdp(answering, bound);
    return {
      address: loopback, port: bound, connections: () => connections.size,
      close: () => closeAll(udp, tcp, connections),
    };
  } catch (error) {
    tcp.close();
    throw error;
  }
}

async function bindUdp(answering: Answering, port: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  let closed = false;
  socket.on('close', () => { closed = true; });
  socket.on('message', (message, peer) => {
    answering(message, 'udp', (reply) => {
      // The client may be gone; a datagram that cannot be sent is a datagram lost.
      if (reply && !closed) socket.send(reply, peer.port, peer.address, () => {});
    });
  });
  socket.bind({ address: loopback, port, exclusive: true });
  await once(socket, 'listening');
  socket.on('error', () => {});
  return socket;
}

async function listenTcp(answering: Answering, port: number, connections: Set<Socket>): Promise<Server> {
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    answerOver(socket, answering);
  });
  server.maxConnections = maxConnections;
  server.listen({ host: loopback, port, exclusive: true });
  await once(server, 'listening');
  return server;
}

/** RFC 1035 §4.2.2: each message is preceded by its length in two bytes. */
function answerOver(socket: Socket, answering: Answering): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(idleTimeout, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2) {
      const length = pending.readUInt16BE(0);
      const isTooMuch = length > maxQuerySize || socket.writableLength > maxAnswersUnread;
      if (isTooMuch) return void socket.destroy();
      if (pending.length < 2 + length) return;
      answering(pending.subarray(2, 2 + length), 'tcp', (reply) => {
        if (socket.destroyed) return;
        if (reply) socket.write(Buffer.concat([lengthPrefix(reply), reply]));
        else socket.destroy();
      });
      pending = pending.subarray(2 + length);
      if (socket.destroyed) return;
    }
  });
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
