import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { decode, encode } from 'dns-packet';
import type { RequestSpec } from '../trace/request.ts';
import type { Client } from './client.ts';
import { nobody } from './listener.ts';
import { testTransportTaps } from './tls/selfTest.ts';
import { prepareTrust } from './tls/trust.ts';

/** At most so long, ms: a send that waits must not wait for more. */
const patience = 400;

/** RFC 6761 §6.4: a name that is nobody's. */
const zone = 'warm-up.invalid';

/**
 * Sends through names, TCP, TLS, HTTP/1.1 and HTTP/2 once, to servers of its own on loopback. What code costs
 * when it runs for the first time (loading, compiling, reading the roots) is spent here, and does not stand
 * in the phases of the first exchange as if the network had taken it. Never rejects.
 *
 * @param client one of its own, closed at the end.
 */
export async function warmUp(client: Client): Promise<void> {
  const [servers] = await Promise.all([startServers().catch(() => undefined), testTransportTaps()]);
  try {
    if (servers) await Promise.race([sendAll(client, servers), sleep(patience, undefined, { ref: false })]);
    prepareTrust();
  } catch {
    // Loopback may be forbidden here, or a root be unreadable: then the first exchange is the slower one.
  } finally {
    servers?.close();
    await client.close();
    // What was closed ends in later turns, which would be the first exchange's.
    await nextTurn();
    await nextTurn();
  }
}

interface Servers {
  readonly nameServerPort: number;
  readonly http1Port: number;
  readonly http2Port: number;
  close(): void;
}

async function startServers(): Promise<Servers> {
  const nameServer = createSocket('udp4');
  nameServer.on('error', () => undefined);
  nameServer.on('message', (query, { address, port }) => nameServer.send(answerTo(query), port, address));
  const http1 = createHttp1Server((_request, response) => response.end('warm'));
  const http2 = createHttp2Server((_request, response) => response.end('warm'));
  await Promise.all([bound(nameServer), listening(http1), listening(http2 as unknown as Server)]);
  return {
    nameServerPort: nameServer.address().port,
    http1Port: (http1.address() as AddressInfo).port,
    http2Port: (http2.address() as AddressInfo).port,
    close() {
      nameServer.close();
      http1.closeAllConnections();
      for (const server of [http1, http2]) server.close();
    },
  };
}

async function bound(socket: ReturnType<typeof createSocket>): Promise<void> {
  socket.bind(0, '127.0.0.1').unref();
  await once(socket, 'listening');
}

async function listening(server: Server): Promise<void> {
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
}

function answerTo(message: Buffer): Buffer {
  const query = decode(message);
  const question = query.questions?.[0];
  return encode({
    type: 'response', id: query.id ?? 0, flags: 0x0400, questions: query.questions ?? [],
    answers: question?.type === 'A'
      ? [{ type: 'A', name: question.name, ttl: 60, data: '127.0.0.1' }] : [],
  });
}

async function sendAll(client: Client, servers: Servers): Promise<void> {
  const { http1Port, http2Port } = servers;
  const send = (url: string, httpVersion?: RequestSpec['httpVersion']) =>
    client.send(specFor(url, servers, httpVersion), nobody);
  await Promise.all([
    send(`http://${zone}:${http1Port}/`).then(() => send(`http://${zone}:${http1Port}/`)),
    send(`http://${zone}:${http2Port}/`, '2-prior-knowledge'),
    // Fails in the handshake, as it must: nobody speaks TLS there.
    send(`https://${zone}:${http1Port}/`),
  ]);
}

function specFor(url: string, { nameServerPort }: Servers, httpVersion?: RequestSpec['httpVersion']): RequestSpec {
  return {
    id: url, method: 'GET', url, headers: [], ...(httpVersion ? { httpVersion } : {}),
    options: {
      zoneServers: [{ zone, servers: [{ address: '127.0.0.1', port: nameServerPort }] }],
      timeouts: { total: patience },
    },
  };
}
