import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { RequestAccount, ServerEvent } from '../messages.ts';
import { problem } from './answer.ts';
import { parseTraceParent } from './traceContext.ts';
import type { TraceParent } from './traceContext.ts';

/** What becomes of a connection for which there is no room; only `http` can be told so. */
export type TurnAway = (socket: Socket, peerPort: number, scheme: 'http' | 'https' | 'socks', openConnections: number) => void;

/** Connections that may wait to be told so; ms for their first byte, and to read the answer. */
const bounds = { waiting: 64, patience: 300, lingering: 1000 } as const;

/**
 * Tells a client that speaks HTTP/1 by 503 that there are `most` connections already; all others are reset: what they
 * could understand would cost as much as to let them in. It waits for the first byte: before that a client may not yet
 * know that it is connected.
 */
export function createTurnAway(
  most: () => number, server: string, report: (account: RequestAccount) => void,
): TurnAway {
  let waiting = 0;
  return (socket, peerPort, scheme, openConnections) => {
    const limit = most();
    const turned: ServerEvent = { type: 'turned-away', at: monotonicNow(), peerPort, openConnections, limit };
    const reset = (): void => {
      report({ clientPort: peerPort, server, events: [turned] });
      socket.resetAndDestroy();
    };
    if (waiting >= bounds.waiting) return reset();
    waiting += 1;
    const tooLate = setTimeout(reset, bounds.patience).unref();
    socket.on('close', () => {
      waiting -= 1;
      clearTimeout(tooLate);
    });
    socket.once('data', (chunk: Buffer) => {
      clearTimeout(tooLate);
      if (scheme !== 'http' || !isHttp1(chunk)) return reset();
      const key = traceIn(chunk) ?? { clientPort: peerPort };
      report({ ...key, server, events: [turned, ...answerFull(socket, limit)] });
    });
  };
}

/** RFC 9112 §3: a method is upper-case letters in practice; that of the preface of HTTP/2 is none (RFC 9113 §3.4). */
function isHttp1(start: Buffer): boolean {
  return /^(?!PRI )[A-Z]+[ \w-]/.test(start.toString('latin1', 0, 24));
}

/** Most heads come in one piece; of one that does not, nothing more is read. */
function traceIn(start: Buffer): TraceParent | undefined {
  const [, value] = /^traceparent:[ \t]*([\w-]+)[ \t]*\r$/im.exec(start.toString('latin1')) ?? [];
  return parseTraceParent(value);
}

/** RFC 9110 §15.6.4, RFC 9112 §9.6: reads on for a while, so that no reset eats the response. */
function answerFull(socket: Socket, limit: number): ServerEvent[] {
  const body = problem(503, `As many connections are open as there may be: ${limit}.`).body as Buffer;
  const at = monotonicNow();
  socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 1\r\n'
    + `Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.end(body);
  socket.on('end', () => socket.destroy()).resume();
  const timer = setTimeout(() => socket.destroy(), bounds.lingering).unref();
  socket.on('close', () => clearTimeout(timer));
  return [
    { type: 'response-started', at, statusCode: 503 },
    { type: 'response-finished', at: monotonicNow(), bodySize: body.length },
  ];
}
