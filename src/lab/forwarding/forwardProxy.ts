import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import { endedByAnswer } from '../http/connection.ts';
import { parseAuthority } from '../http/ownNames.ts';
import type { LabPartId, RefusalReason } from '../messages.ts';
import type { House, Part } from '../parts.ts';
import { isPassword } from '../shop/accounts.ts';
import { createForwarder } from './forward.ts';
import { openGate } from './gate.ts';
import type { GateKeeper } from './gate.ts';
import { forwardedLine, hasPassed } from './hopFields.ts';
import { dialOwn, joinSockets } from './tunnel.ts';
import { accountOf, answerProblem } from './visit.ts';
import type { Teller, Visitor } from './visit.ts';

interface ProxyOptions {
  readonly id: Extract<LabPartId, 'proxy' | 'httpsProxy' | 'memberProxy'>;
  readonly scheme: 'http' | 'https';
  /** It serves those only who say who they are (RFC 9110 §11.7). */
  readonly membersOnly?: boolean;
}

/** A proxy that clients are told of: absolute-form requests (RFC 9112 §3.2.2) and CONNECT (RFC 9110 §9.3.6). */
function forwardProxy({ id, scheme, membersOnly = false }: ProxyOptions): Part {
  return {
    id,
    start: (house, port) => openGate(house, {
      id, scheme, port, keeper: (teller) => createKeeper(house, teller, membersOnly),
    }),
  };
}

export const forwardProxies: readonly Part[] = [
  forwardProxy({ id: 'proxy', scheme: 'http' }),
  forwardProxy({ id: 'memberProxy', scheme: 'http', membersOnly: true }),
  forwardProxy({ id: 'httpsProxy', scheme: 'https' }),
];

function createKeeper(house: House, teller: Teller, membersOnly: boolean): GateKeeper {
  const own = `${teller.server.toLowerCase()}.lab.test`;
  const forwarder = createForwarder(house, own);
  const mayPass = (request: IncomingMessage): boolean =>
    !membersOnly || isMember(request.headers['proxy-authorization']);

  const onRequest = (request: IncomingMessage, response: ServerResponse, visitor: Visitor): void => {
    const account = accountOf(request, visitor, teller);
    const passage = { request, response, visitor, account };
    const refuse = (
      reason: RefusalReason, target: string, ...answer: [number, string, (readonly [string, string])[]?]
    ): void => {
      account.add({ type: 'refused', at: monotonicNow(), reason, target });
      answerProblem(passage, ...answer);
    };
    const target = /^http:\/\/([^/?#]*)([^#]*)$/i.exec(request.url ?? '');
    const authority = target && parseAuthority(target[1]!);
    if (!authority) return answerProblem(passage, 400, notForProxies);
    if (!mayPass(request)) return refuse('credentials', target[1]!, 407, askMember, [memberChallenge]);
    if (hasPassed(request.rawHeaders, own)) return refuse('loop', target[1]!, 508, loopFound);
    const { host, port = 80 } = authority;
    if (!house.isOwn(host, port)) return refuse('not-own', target[1]!, 403, notOwn(`${host}:${port}`));
    // RFC 9112 §3.2.4: without a path, OPTIONS is about the server as a whole.
    const path = target[2] === '' ? (request.method === 'OPTIONS' ? '*' : '/')
      : target[2]!.startsWith('?') ? `/${target[2]}` : target[2]!;
    forwarder.forward(passage, {
      scheme: 'http', address: '127.0.0.1', port, name: `${host}:${port}`, target: path,
    }, { host: target[1]!, added: [forwardedLine(visitor, 'http', undefined)] });
  };

  return {
    onRequest,
    onConnect: (request, socket, head, visitor) =>
      void openTunnel({ house, teller, visitor, mayPass: mayPass(request) }, request, socket, head),
    close: () => forwarder.close(),
  };
}

interface TunnelWish {
  readonly house: House;
  readonly teller: Teller;
  readonly visitor: Visitor;
  readonly mayPass: boolean;
}

/** RFC 9110 §9.3.6. What the client sent early comes along in `head`. */
async function openTunnel(
  { house, teller, visitor, mayPass }: TunnelWish, request: IncomingMessage, socket: Duplex, head: Buffer,
): Promise<void> {
  const target = request.url ?? '';
  const at = monotonicNow();
  const account = accountOf(request, visitor, teller);
  const refuse = (reason: RefusalReason | undefined, status: string, detail: string, fields = ''): void => {
    if (reason) account.add({ type: 'refused', at: monotonicNow(), reason, target });
    account.close();
    endedByAnswer(visitor);
    const body = `${detail}\n`;
    socket.end(`HTTP/1.1 ${status}\r\n${fields}Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n`
      + `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const authority = parseAuthority(target);
  if (authority?.port === undefined) return refuse(undefined, '400 Bad Request', 'CONNECT wants a host and a port.');
  if (!mayPass) {
    return refuse('credentials', '407 Proxy Authentication Required', askMember, `${memberChallenge.join(': ')}\r\n`);
  }
  if (!house.isOwnTunnel(authority.host, authority.port)) return refuse('not-own', '403 Forbidden', notOwn(target));
  try {
    const upstream = await dialOwn(authority.port);
    if (socket.destroyed) return void upstream.destroy();
    house.carry(upstream.localPort, { clientPort: visitor.peerPort });
    account.add({ type: 'forwarded', startAt: at, at: monotonicNow(), to: target, reused: false });
    account.close();
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) upstream.write(head);
    joinSockets(socket, upstream, target, visitor, (event) => account.addLate(event));
  } catch {
    refuse('unreachable', '502 Bad Gateway', `${target} does not answer.`);
  }
}

/** RFC 7617: somebody whom the lab knows. */
function isMember(field: string | undefined): boolean {
  const [, encoded] = /^basic +([a-z0-9+/=]+)$/i.exec(field ?? '') ?? [];
  const [user = '', ...password] = Buffer.from(encoded ?? '', 'base64').toString('utf8').split(':');
  return isPassword(user, password.join(':'));
}

const memberChallenge = ['Proxy-Authenticate', 'Basic realm="Roundtrip Lab proxy", charset="UTF-8"'] as const;
const askMember = 'This proxy wants a user name and a password: ada and lovelace, for example.';
const notForProxies = 'This is a proxy: it wants requests for http: URLs in absolute form, or CONNECT.';
const loopFound = 'This request has come through this proxy before.';
const notOwn = (target: string): string =>
  `${target} is none of the servers of this lab that speak HTTP, FTP or SOCKS, and its proxies lead nowhere else.`;
