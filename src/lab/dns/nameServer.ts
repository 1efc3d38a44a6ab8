import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { replyTo } from './reply.ts';
import type { Zone } from './zone.ts';

/** A name server on one port of loopback, over UDP and TCP (RFC 7766). */
export interface NameServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
const maxConnections = 64;
const maxQuerySize = 4096;
const idleTimeout = 5000;
const maxAnswersUnread = 1 << 20;

/** Starts the server on `port` (0: any that is free for both transports). */
export async function startNameServer(zone: Zone, port: number): Promise<NameServer> {
  const attempts = port === 0 ? 10 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(zone, port);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (attempt === attempts || !isTaken) throw error;
    }
  }
}

async function listen(zone: Zone, port: number): Promise<NameServer> {
  const udp = await bindUdp(zone, port);
  const bound = udp.address().port;
  try {
    const connections = new Set<Socket>();
    const tcp = await listenTcp(zone, bound, connections);
    return { address: loopback, port: bound, close: () => closeAll(udp, tcp, connections) };
  } catch (error) {
    udp.close();
    throw error;
  }
}

async function bindUdp(zone: Zone, port: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    const reply = replyTo(message, zone, 'udp');
    // The client may be gone; a datagram that cannot be sent is a datagram lost.
    if (reply) socket.send(reply, peer.port, peer.address, () => {});
  });
  socket.bind({ address: loopback, port, exclusive: true });
  await once(socket, 'listening');
  socket.on('error', () => {});
  return socket;
}

async function listenTcp(zone: Zone, port: number, connections: Set<Socket>): Promise<Server> {
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    answerOver(socket, zone);
  });
  server.maxConnections = maxConnections;
  server.listen({ host: loopback, port, exclusive: true });
  await once(server, 'listening');
  return server;
}

/** RFC 1035 §4.2.2: each message is preceded by its length in two bytes. */
function answerOver(socket: Socket, zone: Zone): void {
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
      const reply = replyTo(pending.subarray(2, 2 + length), zone, 'tcp');
      pending = pending.subarray(2 + length);
      if (!reply) return void socket.destroy();
      socket.write(Buffer.concat([lengthPrefix(reply), reply]));
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
