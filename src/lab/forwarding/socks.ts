import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { openAccount } from '../http/account.ts';
import { endConnection, endedByAnswer } from '../http/connection.ts';
import { tellOfConnection } from '../http/telling.ts';
import type { RefusalReason, ServerEvent } from '../messages.ts';
import type { House, Part, RunningPart } from '../parts.ts';
import { isPassword } from '../shop/accounts.ts';
import { openDoor } from './door.ts';
import { dialOwn, joinSockets } from './tunnel.ts';
import type { Visitor } from './visit.ts';

// SOCKS5 (RFC 1928) with and without user name and password (RFC 1929), CONNECT only.

const version = 5;
const method = { none: 0, password: 2, unacceptable: 0xff } as const;
/** RFC 1928 §4 */
const commands: Readonly<Record<number, string>> = { 1: 'CONNECT', 2: 'BIND', 3: 'UDP ASSOCIATE' };
const reply = { succeeded: 0, notAllowed: 2, refused: 5, commandUnknown: 7, addressUnknown: 8 } as const;
/** Bytes that are kept before a tunnel is open. */
const mostEarly = 65_536;

/** Reads exactly so many bytes; rejects when the client leaves before. */
type Take = (size: number) => Promise<Buffer>;

const server = 'socks';

export const socks: Part = { id: server, start: startSocks };

async function startSocks(house: House, port: number): Promise<RunningPart> {
  const door = await openDoor(house, port, { server, scheme: 'socks' }, (socket, visitor) => {
    const giveUp = (reason: 'slow' | 'malformed'): void => {
      endConnection(visitor, { by: 'server', reason });
      socket.destroy();
    };
    const tooLate = setTimeout(() => giveUp('slow'), house.limits.headTimeout).unref();
    void attend(socket, house, { visitor, openConnections: () => door.connections() })
      .catch(() => giveUp('malformed')).finally(() => {
        clearTimeout(tooLate);
        visitor.account?.close();
      });
  });
  return { ...door, origin: `socks5h://127.0.0.1:${door.port}` };
}

interface Guest {
  readonly visitor: Visitor;
  readonly openConnections: () => number;
}

async function attend(socket: Socket, house: House, { visitor, openConnections }: Guest): Promise<void> {
  const { take, arrivedAt, release } = reader(socket);
  const greeting = await authenticate(socket, take);
  const greetedAt = monotonicNow();
  const { peerPort: clientPort, firstByteAt = greetedAt } = visitor;
  const account = openAccount({ clientPort }, { server }, house.report);
  visitor.requests = 1;
  tellOfConnection(visitor, account, server, openConnections(), firstByteAt);
  account.add({ type: 'greeted', startAt: firstByteAt, at: greetedAt, version: 'SOCKS5', ...greeting });
  if (greeting.chosen === method.unacceptable || greeting.accepted === false) {
    account.add({ type: 'refused', at: monotonicNow(), reason: 'credentials', target: '' });
    endedByAnswer(visitor);
    return void socket.end();
  }
  const [, command = 0] = await takeVersioned(take, 3);
  // It may have come with the greeting.
  const startAt = Math.max(arrivedAt(), greetedAt);
  const place = await takePlace(take);
  const target = place ? `${place.host}:${place.port}` : '';
  const wish = commands[command] ?? `command ${command}`;
  account.add({ type: 'head-parsed', startAt, at: monotonicNow(), method: wish, target, httpVersion: 'SOCKS5' });
  const refuse = (reason: RefusalReason, code: number, what = target): void => {
    account.add({ type: 'refused', at: monotonicNow(), reason, target: what });
    endedByAnswer(visitor);
    answer(socket, code);
  };
  if (command !== 1) return refuse('command', reply.commandUnknown, wish);
  if (!place) return refuse('not-own', reply.addressUnknown, 'an address of an unknown type');
  if (!house.isOwnTunnel(place.host, place.port)) return refuse('not-own', reply.notAllowed);
  const at = monotonicNow();
  const upstream = await dialOwn(place.port).catch(() => undefined);
  if (!upstream) return refuse('unreachable', reply.refused);
  if (socket.destroyed) return void upstream.destroy();
  house.carry(upstream.localPort, { clientPort });
  account.add({ type: 'forwarded', startAt: at, at: monotonicNow(), to: target, reused: false });
  answer(socket, reply.succeeded);
  const early = release();
  if (early.length > 0) upstream.write(early);
  joinSockets(socket, upstream, target, visitor, (event) => account.addLate(event));
}

type Greeting = Pick<Extract<ServerEvent, { type: 'greeted' }>, 'offered' | 'chosen' | 'accepted'>;

/** RFC 1928 §3; whoever offers a password is asked for it, and it must be right. */
async function authenticate(socket: Socket, take: Take): Promise<Greeting> {
  const [, count = 0] = await takeVersioned(take, 2);
  const offered = [...await take(count)];
  const chosen = offered.includes(method.password) ? method.password
    : offered.includes(method.none) ? method.none : method.unacceptable;
  socket.write(Buffer.from([version, chosen]));
  if (chosen !== method.password) return { offered, chosen };
  // RFC 1929 §2
  const [, userSize = 0] = await take(2);
  const user = (await take(userSize)).toString('utf8');
  const [passwordSize = 0] = await take(1);
  const accepted = isPassword(user, (await take(passwordSize)).toString('utf8'));
  socket.write(Buffer.from([1, accepted ? 0 : 1]));
  return { offered, chosen, accepted };
}

async function takeVersioned(take: Take, size: number): Promise<Buffer> {
  const bytes = await take(size);
  if (bytes[0] !== version) throw new Error('not SOCKS5');
  return bytes;
}

/** RFC 1928 §5; undefined for an address type that is none. */
async function takePlace(take: Take): Promise<{ host: string; port: number } | undefined> {
  const [type] = await take(1);
  const host = type === 1 ? (await take(4)).join('.')
    : type === 3 ? (await take((await take(1))[0] ?? 0)).toString('latin1').toLowerCase()
      : type === 4 ? ipv6Of(await take(16)) : undefined;
  const port = (await take(2)).readUInt16BE(0);
  return host === undefined ? undefined : { host, port };
}

/** Only one address of this family is ever let through. */
function ipv6Of(bytes: Buffer): string {
  const isLoopback = bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
  return isLoopback ? '[::1]' : `[${bytes.toString('hex')}]`;
}

function answer(socket: Socket, code: number): void {
  const bytes = Buffer.from([version, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  if (code === reply.succeeded) socket.write(bytes);
  else socket.end(bytes);
}

/** `arrivedAt`: when bytes came last that found none waiting to be taken. */
function reader(socket: Socket): { take: Take; arrivedAt(): number; release(): Buffer } {
  let held = Buffer.alloc(0);
  let arrived = 0;
  let waiting: { size: number; resolve(bytes: Buffer): void; reject(error: Error): void } | undefined;
  const serve = (): void => {
    if (!waiting || held.length < waiting.size) return;
    const { size, resolve } = waiting;
    waiting = undefined;
    const bytes = held.subarray(0, size);
    held = held.subarray(size);
    resolve(bytes);
  };
  const onData = (chunk: Buffer): void => {
    if (held.length === 0) arrived = monotonicNow();
    held = Buffer.concat([held, chunk]);
    serve();
    if (held.length > mostEarly) socket.destroy();
  };
  const onEnd = (): void => waiting?.reject(new Error('gone'));
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  return {
    take: (size) => new Promise((resolve, reject) => {
      waiting = { size, resolve, reject };
      serve();
      if (waiting && socket.destroyed) reject(new Error('gone'));
    }),
    arrivedAt: () => arrived,
    release() {
      socket.pause();
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      return held;
    },
  };
}
