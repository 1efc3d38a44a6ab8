import { closeHalf, dripSlowly, floodHttp2, stall, truncateHttp2 } from '../faults/behaviours.ts';
import { closedPort } from '../faults/closedPort.ts';
import { brokenContents } from '../faults/contents.ts';
import type { Fault } from '../faults/fault.ts';
import { errorCodes, writeConnection, writeStream } from '../faults/frames.ts';
import { messages, writeMessage } from '../faults/messages.ts';
import { alertNames } from '../faults/tlsAlerts.ts';
import { isHttp2 } from '../http/send.ts';
import { json, problem } from '../http/answer.ts';
import type { Answer, Outcome } from '../http/answer.ts';
import type { LabRequest, Route } from '../http/handler.ts';
import type { RequestHead } from '../http/requestHead.ts';
import { faultSummaries } from './faultSummaries.ts';
import { wholeNumber } from './numbers.ts';

type Strike = Fault['strike'];

/** What a fault does in each version of HTTP; what it lacks does not exist there. */
interface Ways {
  readonly http1?: Strike;
  readonly http2?: Strike;
}

const bytesOf = (name: keyof typeof messages): Strike => (victim) => writeMessage(victim, messages[name]);
const streamOf = (name: Parameters<typeof writeStream>[1]): Strike => (victim) => writeStream(victim, name);
const connectionOf = (name: Parameters<typeof writeConnection>[1]): Strike => (victim) => writeConnection(victim, name);
const both = (strike: Strike): Ways => ({ http1: strike, http2: strike });

const ways: Readonly<Record<string, Ways>> = {
  'close': both(({ connection }) => void connection.tap?.destroy()),
  'reset': both(({ connection }) => void connection.raw.resetAndDestroy()),
  'half-close': both(closeHalf),
  'truncated': { http1: bytesOf('truncated'), http2: truncateHttp2 },
  'malformed': { http1: bytesOf('malformed'), http2: connectionOf('malformed') },
  'invalid-head': { http1: bytesOf('invalid-head'), http2: streamOf('invalid-head') },
  'huge-head': { http1: bytesOf('huge-head'), http2: streamOf('huge-head') },
  'two-lengths': { http1: bytesOf('two-lengths'), http2: streamOf('two-lengths') },
  'bad-chunk': { http1: bytesOf('bad-chunk') },
  'length-and-chunks': { http1: bytesOf('length-and-chunks') },
  'interim-flood': { http1: bytesOf('interim-flood'), http2: floodHttp2 },
  'slow-drip': both(dripSlowly),
  'bad-frame': { http2: connectionOf('bad-frame') },
};

/** RFC 9110 §15.6.6 is about what the server does not support; here the version has no such thing. */
function only(version: '1.1' | '2'): Answer {
  return problem(400, `This exists in HTTP/${version} only; the request came by another version.`);
}

const broken = ([name, { http1, http2 }]: [string, Ways]): Route => route(name, ({ head }) => {
  if (head.httpVersion === '2') return http2 ? { fault: { name, strike: http2 } } : only('1.1');
  // RFC 9112 §7.1: HTTP/1.0 has no chunks.
  if (!http1 || (!http2 && head.httpVersion === '1.0')) return only(http1 ? '1.1' : '2');
  return { fault: { name, strike: http1 } };
});

const withContent = ([name, make]: [string, () => Answer]): Route =>
  route(name, () => ({ ...make(), faultName: name }));

/** A code of RFC 9113 §7 by its name or number. */
function codeOf(head: RequestHead, usual: string): number | undefined {
  const asked = head.query.get('code') ?? usual;
  const named = errorCodes.indexOf(asked.toLowerCase());
  return named === -1 ? wholeNumber(asked, 0, 0xffff) : named;
}

function withCode(name: string, usual: string, strike: (code: number) => Strike): Route {
  return route(name, ({ head }) => {
    const code = codeOf(head, usual);
    if (code === undefined) return problem(400, `code is one of ${errorCodes.join(', ')}, or a number up to 65535.`);
    return head.httpVersion === '2' ? { fault: { name, strike: strike(code) } } : only('2');
  });
}

/** RFC 9110 §15.4.8: the method stays, whatever it was. */
export function leadingTo(location: string, faultName: string): Answer {
  return { ...json(307, { location }, [['Location', location], ['Cache-Control', 'no-store']]), faultName };
}

async function refused({ head }: LabRequest): Promise<Outcome> {
  return leadingTo(`${head.scheme}://lab.test:${await closedPort()}/`, 'refused');
}

/** Leads to a name under which TLS is refused; there the account begins with the connection. */
function tlsAlert({ head, ports }: LabRequest): Outcome {
  const name = head.query.get('alert') ?? 'handshake-failure';
  if (!alertNames.includes(name)) return problem(400, `alert is one of ${alertNames.join(', ')}.`);
  const { faultName: _, ...answer } = leadingTo(`https://${name}.alert.lab.test:${ports.https}/`, '');
  return answer;
}

const maxStall = 10_000;

function stalled({ head }: LabRequest): Outcome {
  const time = wholeNumber(head.query.get('ms') ?? `${maxStall}`, 0, maxStall);
  if (time === undefined) return problem(400, `ms goes up to ${maxStall}.`);
  return { fault: { name: 'stall', strike: (victim) => stall(victim, time) } };
}

function route(name: string, handler: Route['handler'], more: Partial<Route> = {}): Route {
  const path = `/faults/${name}`;
  return {
    pattern: `GET ${path}`, name: `faults/${name}`, summary: faultSummaries[name]!, example: path, handler, ...more,
  };
}

export const faultRoutes: readonly Route[] = [
  route('refused', refused),
  ...Object.entries(ways).map(broken),
  ...Object.entries(brokenContents).map(withContent),
  withCode('goaway', 'enhance-your-calm', (code) => (victim) => writeConnection(victim, 'goaway', code)),
  withCode('rst-stream', 'internal-error', (code) => ({ response }) => {
    if (isHttp2(response)) response.stream.close(code);
  }),
  route('stall', stalled, { pattern: 'POST /faults/stall', streamsBody: true }),
  route('tls-alert', tlsAlert),
];
