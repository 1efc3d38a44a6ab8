import { openGate } from '../forwarding/gate.ts';
import { forwardedLine, hasPassed } from '../forwarding/hopFields.ts';
import { accountOf, answerProblem, tellWhenOver } from '../forwarding/visit.ts';
import type { Passage } from '../forwarding/visit.ts';
import { monotonicNow } from '../clock.ts';
import { problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { refuseOtherSites, refuseStrangers } from '../http/guard.ts';
import { readBody } from '../http/readBody.ts';
import { readHead } from '../http/requestHead.ts';
import type { RequestHead } from '../http/requestHead.ts';
import { tellOfCheck } from '../http/telling.ts';
import type { FieldLine, LabPartId } from '../messages.ts';
import type { House, Part } from '../parts.ts';

/** A request that was meant for a gateway, and the account of it. */
export interface Call extends Passage {
  readonly head: RequestHead;
  /** The largest body of a request, in bytes. */
  readonly bodyLimit: number;
}

/** What is different from one gateway (RFC 9110 §3.7) to the next. */
export interface Gateway {
  attend(call: Call): void;
  close(): void;
}

export interface GatewayOptions {
  readonly id: LabPartId;
  readonly scheme: 'http' | 'https';
  /** It answers for something that may be changed: writes from other sites are refused here, by nobody behind. */
  readonly keepsOtherSitesOut?: boolean;
  /** The lab's server that everything goes on to; once it has been stopped, its port may be anybody's. */
  readonly behind?: 'http' | 'https';
  readonly create: (house: House, own: string) => Gateway;
}

/**
 * A server that clients take for the origin. It refuses requests for foreign hosts (421), and what has been here before
 * (508): whoever puts the Host of the server behind in place of the one that came must look at it first.
 */
export function gateway({ id, scheme, keepsOtherSitesOut = false, behind, create }: GatewayOptions): Part {
  const own = `${id.toLowerCase()}.lab.test`;
  return {
    id,
    start: (house, port) => openGate(house, {
      id, scheme, port,
      keeper(teller) {
        const { attend, close } = create(house, own);
        return {
          close,
          onRequest(request, response, visitor) {
            const account = accountOf(request, visitor, teller);
            const head = readHead(request, scheme);
            const call: Call = { request, response, head, visitor, account, bodyLimit: house.limits.bodyLimit };
            const stranger = refuseStrangers(head, house.ports);
            tellOfCheck(account, 'host', stranger, false);
            const otherSite = stranger || !keepsOtherSitesOut ? undefined : refuseOtherSites(head, house.ports, false);
            if (!stranger && keepsOtherSitesOut) tellOfCheck(account, 'site', otherSite, false);
            const refusal = stranger ?? otherSite;
            if (refusal) return answerCall(call, refusal);
            if (hasPassed(request.rawHeaders, own)) {
              account.add({ type: 'refused', at: monotonicNow(), reason: 'loop', target: head.target });
              return answerProblem(call, 508, 'This request has come through this gateway before.');
            }
            if (behind && !house.isOwn('lab.test', house.ports[behind])) {
              account.add({ type: 'refused', at: monotonicNow(), reason: 'unreachable', target: head.target });
              return answerProblem(call, 502, `The lab’s ${behind} server has been stopped.`);
            }
            attend(call);
          },
        };
      },
    }),
  };
}

/** A line end in a name would end a line where it is written down, and what follows it would be the next one. */
export const control = /[\0-\x1f\x7f]/;

/** Characters. */
const longestPath = 1024;

/**
 * The segments of a path, decoded; undefined when one of them would be more than a name. What was encoded is looked at
 * decoded, because so it is used: `%0d%0aDELE%20x` must not become a command.
 */
export function namesIn(path: string): string[] | undefined {
  if (path.length > longestPath || !path.startsWith('/')) return undefined;
  try {
    const names = path.split('/').slice(1).map(decodeURIComponent);
    const isBad = names.some((name) => name === '.' || name === '..' || control.test(name) || /[/\\]/.test(name));
    return isBad ? undefined : names;
  } catch {
    return undefined;
  }
}

/** The body of a request, whole; an answer when it is too large. Rejects when the client left. */
export async function readUpload(
  { request, response, head, account, bodyLimit }: Call, signal: AbortSignal,
): Promise<Buffer | Answer> {
  const startAt = monotonicNow();
  const tooLarge = problem(413, `This gateway takes up to ${bodyLimit} bytes.`, [['Connection', 'close']]);
  if (Number(head.first('content-length') ?? 0) > bodyLimit) return tooLarge;
  // RFC 9110 §10.1.1: only when the body is really going to be read.
  if (head.first('expect') !== undefined && head.httpVersion === '1.1') response.writeContinue();
  const read = await readBody(request, bodyLimit, signal);
  if (read.outcome === 'too-large') return tooLarge;
  if (read.outcome === 'aborted') throw new Error('the client left');
  if (read.body.length > 0) account.add({ type: 'body-read', startAt, at: monotonicNow(), size: read.body.length });
  return read.body;
}

/** Answers in the gateway's own name with what is known as a whole. */
export function answerCall(call: Call, answer: Answer): void {
  const { response, account, head: { method } } = call;
  const body = answer.body as Buffer;
  // RFC 9110 §8.6: there is none with 204.
  const framing: FieldLine[] = answer.statusCode === 204 ? [] : [['Content-Length', String(body.length)]];
  const lines = [...answer.headers, ...framing];
  response.writeHead(answer.statusCode, lines.flat());
  account.add({ type: 'response-started', at: monotonicNow(), statusCode: answer.statusCode });
  response.on('close', () => account.close());
  const content = method === 'HEAD' ? undefined : body;
  tellWhenOver(call, () => content?.length ?? 0);
  response.end(content);
}

/** For whom and as what a request was received (RFC 7239), for the server behind that does not see it. */
export function receivedFor({ visitor, head }: Call): FieldLine {
  return forwardedLine(visitor, head.scheme, head.authority);
}

/** The path and query to ask the server behind for: a target in absolute form is for proxies (RFC 9112 §3.2.2). */
export function originForm({ head }: Call): string {
  const query = head.target.indexOf('?');
  return head.target === '*' ? '*' : `${head.path}${query === -1 ? '' : head.target.slice(query)}`;
}
