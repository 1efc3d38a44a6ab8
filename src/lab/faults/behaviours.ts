import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNow } from '../clock.ts';
import { isHttp2 } from '../http/send.ts';
import type { NodeResponse } from '../http/send.ts';
import type { Victim } from './fault.ts';
import { interimCount } from './messages.ts';

// Faults that are things a server does or leaves undone, rather than bytes.

/** ms after which the lab gives up a fault that lasts. */
const longest = 30_000;

/** Ends its own direction and goes on listening, for a while (RFC 9293 §3.6). */
export async function closeHalf({ connection, signal }: Victim): Promise<void> {
  connection.tap?.end();
  await waited(5000, signal);
  connection.tap?.destroy();
}

/** A byte of the body every second, and never the last one. */
export async function dripSlowly(victim: Victim): Promise<void> {
  const { response, connection, signal } = victim;
  writeHead(victim, 200, { 'content-type': 'text/plain', 'content-length': '1000000' });
  for (const startAt = performance.now(); performance.now() - startAt < longest;) {
    write(response, '.');
    if (!await waited(1000, signal)) return;
  }
  if (isHttp2(response)) response.stream.close(cancel);
  else connection.raw.resetAndDestroy();
}

const cancel = 8;

/** RFC 9110 §15.2: a client may see any number of interim responses; HTTP/2 has them as HEADERS frames. */
export async function floodHttp2({ response, signal }: Victim): Promise<void> {
  if (!isHttp2(response)) return;
  for (let sent = 0; sent < interimCount && !signal.aborted; sent += 1) {
    response.stream.additionalHeaders({ ':status': 102 });
    if (sent % 20 === 19) await waited(1, signal);
  }
  if (!signal.aborted) response.end('hello');
}

/** Announces 1,000 bytes and cuts the stream after 300. */
export function truncateHttp2(victim: Victim): void {
  const { response } = victim;
  if (!isHttp2(response)) return;
  writeHead(victim, 200, { 'content-type': 'text/plain', 'content-length': '1000' });
  response.write('half. '.repeat(50), () => response.stream.close(internalError));
}

const internalError = 2;

/**
 * Reads nothing of the request's body for `time` ms. Over HTTP/2 its window is not opened again (RFC 9113 §5.2); over
 * HTTP/1.1 TCP's closes once the buffers on the way are full.
 */
export async function stall(victim: Victim, time: number): Promise<void> {
  const { response, signal, tell } = victim;
  if (!await waited(time, signal)) return;
  let size = 0;
  for await (const chunk of response.req) size += (chunk as Buffer).length;
  writeHead(victim, 200, { 'content-type': 'application/json' });
  const content = `${JSON.stringify({ stalled: time, size })}\n`;
  response.end(content);
  tell({ type: 'response-finished', at: monotonicNow(), bodySize: content.length });
}

/** False when the client went away. */
function waited(time: number, signal: AbortSignal): Promise<boolean> {
  return sleep(time, true, { signal }).catch(() => false);
}

function writeHead({ response, tell }: Victim, statusCode: number, fields: Record<string, string>): void {
  tell({ type: 'response-started', at: monotonicNow(), statusCode });
  if (isHttp2(response)) response.writeHead(statusCode, fields);
  else response.writeHead(statusCode, fields);
}

function write(response: NodeResponse, content: string): void {
  if (isHttp2(response)) response.write(content);
  else response.write(content);
}
