import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Failure } from '../../../src/trace/failure.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { createClient } from '../../../src/wire/client.ts';
import type { Client, ClientOptions, Listener } from '../../../src/wire/client.ts';

/** A client and servers that are closed after the test they belong to. */
export interface Bench {
  readonly client: Client;
  /** Another client with options of its own. */
  newClient(options: ClientOptions): Client;
  /** Starts a server on loopback; gives its port. */
  serve(server: Server): Promise<number>;
  /** A server of raw bytes: `talk` gets each connection. */
  raw(talk: (socket: Socket) => void): Promise<number>;
  /** The servers and the connections they have accepted and not closed. */
  held(): readonly (Server | Socket)[];
  close(): Promise<void>;
}

export function createBench(): Bench {
  const clients: Client[] = [];
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const newClient = (options: ClientOptions): Client => {
    const client = createClient(options);
    clients.push(client);
    return client;
  };
  let first: Client | undefined;
  const serve = async (server: Server): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  return {
    get client() {
      return first ??= newClient({});
    },
    newClient,
    serve,
    held: () => [...servers, ...sockets],
    raw: (talk) => serve(net.createServer({ allowHalfOpen: true, noDelay: true }, talk)),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

export const silent: Listener = { onExchange: () => undefined, onConnection: () => undefined };

let count = 0;

/** A GET, or what `more` makes of it. */
export function specOf(url: string, more: Partial<RequestSpec> = {}): RequestSpec {
  count += 1;
  return { id: `spec-${count}`, method: 'GET', url, headers: [], options: {}, ...more };
}

/** The only exchange of a send. */
export async function sendOne(client: Client, spec: RequestSpec, signal?: AbortSignal): Promise<Exchange> {
  const exchanges = await client.send(spec, silent, signal);
  assert.equal(exchanges.length, 1);
  return exchanges[0]!;
}

export async function contentOf(client: Client, exchange: Exchange): Promise<string> {
  const window = await client.readContent(exchange.id, 0, 10_000_000);
  assert(window);
  return Buffer.from(window.bytes).toString();
}

export function bytes(text: string | Buffer): { kind: 'bytes'; bytes: Uint8Array } {
  return { kind: 'bytes', bytes: Buffer.from(text) };
}

/** Collects a request up to the end of its head, then gives it to `answer`; further data is ignored. */
export function onHead(socket: Socket, answer: (head: string) => void): void {
  let seen = '';
  socket.on('data', (chunk) => {
    const before = seen.indexOf('\r\n\r\n');
    seen += chunk.toString('latin1');
    if (before === -1 && seen.includes('\r\n\r\n')) {
      const head = seen;
      seen = '';
      answer(head);
    }
  });
}

export function assertFailure(exchange: Exchange, phase: Failure['phase'], code: Failure['code']): Failure {
  const { failure } = exchange;
  assert(failure, `no failure: ${exchange.response?.statusCode}`);
  assert.deepEqual([failure.phase, failure.code], [phase, code], JSON.stringify(failure));
  const types = exchange.events.map(({ type }) => type);
  assert.equal(types.at(-1), 'failed');
  assert.equal(types.filter((type) => type === 'failed').length, 1);
  return failure;
}

export function assertComplete(exchange: Exchange, statusCode = 200): NonNullable<Exchange['response']> {
  assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
  assert(exchange.response);
  assert.equal(exchange.response.statusCode, statusCode);
  assert.equal(exchange.response.complete, true);
  return exchange.response;
}

export function assertInOrder(exchange: Exchange, ...types: string[]): void {
  const seen = exchange.events.map(({ type }) => type).filter((type) => types.includes(type));
  assert.deepEqual(seen, types);
}
