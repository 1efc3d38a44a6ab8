// A name server and an HTTPS server that delay by known amounts, in a process of its own, and tell what the
// delays really were on the machine's monotonic clock. Ends when the channel closes.
import { createSocket } from 'node:dgram';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { decode, encode } from 'dns-packet';
import { createAuthority } from './certificates.ts';

/** In ms: before the name server's answer, the ServerHello, the first byte of the response, and from it to the last. */
export const delays = { dns: 40, tls: 50, wait: 80, receive: 120 } as const;

export interface Truth {
  readonly type: 'truth';
  readonly dns: number;
  readonly tls: number;
  readonly wait: number;
  readonly receive: number;
}

export interface TruthReady {
  readonly type: 'ready';
  readonly nameServerPort: number;
  readonly port: number;
  readonly authority: string;
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const truth = { dns: 0, tls: 0, wait: 0, receive: 0 };

// Both families are asked for at once: the delay is from the first question to the last answer.
let unanswered = 0;
let firstQuestionAt = 0;

// Without a lookup a datagram has left when `send` returns.
const names = createSocket({ type: 'udp4', lookup: (address, _options, callback) => callback(null, address, 4) });
names.on('message', (message, from) => {
  if (unanswered === 0) firstQuestionAt = now();
  unanswered += 1;
  const query = decode(message);
  const question = query.questions![0]!;
  // Only IPv4 is there.
  const answers = question.type === 'A' ? [{ type: 'A' as const, name: question.name, ttl: 0, data: '127.0.0.1' }] : [];
  setTimeout(() => {
    names.send(encode({ type: 'response', id: query.id!, flags: 0x0400, questions: query.questions!, answers }), from.port, from.address);
    unanswered -= 1;
    if (unanswered === 0) truth.dns = now() - firstQuestionAt;
  }, delays.dns);
});

const authority = await createAuthority('Truth');
const https = createHttpsServer(await authority.issue({ names: ['truth.test'] }), (_request, response) => {
  const at = now();
  setTimeout(() => {
    response.writeHead(200, { 'content-length': '6' });
    response.write('abc');
    const firstAt = now();
    truth.wait = firstAt - at;
    setTimeout(() => {
      response.end('def');
      truth.receive = now() - firstAt;
      process.send!({ type: 'truth', ...truth } satisfies Truth);
    }, delays.receive);
  }, delays.wait);
});

const server = createServer({ noDelay: true }, (socket: Socket) => {
  socket.on('error', () => {});
  // The ClientHello has come, and is left unread for a while.
  socket.once('readable', () => {
    const at = now();
    // The handshake's own work belongs to it: it is over when this end has the client's Finished.
    https.once('secureConnection', () => { truth.tls = now() - at; });
    setTimeout(() => https.emit('connection', socket), delays.tls);
  });
});

names.bind(0, '127.0.0.1', () => server.listen(0, '127.0.0.1', () => {
  process.send!({
    type: 'ready', nameServerPort: names.address().port, port: (server.address() as AddressInfo).port, authority: authority.pem,
  } satisfies TruthReady);
}));
process.on('disconnect', () => process.exit(0));
