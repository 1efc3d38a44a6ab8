// Who asks, in a process of its own: requests written to raw sockets, one at a time on each, and answers counted by
// their bytes. It does as little as can be done, for it shares the machine with the server that is measured.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** What is asked of one server; `fields` are lines of the head besides Host. */
export interface Load {
  readonly port: number;
  readonly target: string;
  readonly fields: readonly string[];
  readonly connections: number;
  /** Each request gets a `traceparent` of its own. */
  readonly traced?: boolean;
  /** Answers differ in length: each head is looked at, which costs more. */
  readonly varied?: boolean;
  /** Of the connections opened, those whose answers carry this field line are kept. */
  readonly only?: string;
}

export type ToLoad =
  | { readonly type: 'open'; readonly load: Load }
  | { readonly type: 'turn'; readonly requests: number }
  | { readonly type: 'close' };

/** How a turn went: seconds, and how many connections had answers. */
export interface TurnDone {
  readonly seconds: number;
  readonly answering: number;
}

interface Lane {
  readonly socket: Socket;
  readonly request: Buffer;
  /** Where the last digit of its trace id is. */
  readonly traceEnd: number | undefined;
  /** Bytes of an answer; undefined: they differ. */
  size: number | undefined;
  text: string;
  received: number;
  /** It has answered in this turn. */
  hasAnswered: boolean;
}

/** Chunks are read into this, whoever they are for. */
const buffer = Buffer.alloc(65_536);
const digits = '0123456789abcdef';
const traceAt = 'traceparent: 00-';
let lanes: Lane[] = [];
let left = 0;
let pending = 0;
let traces = 0;
let done: () => void = () => {};

process.on('disconnect', () => process.exit());
process.on('message', (message: ToLoad) => {
  obey(message).then((answer) => process.send!(answer)).catch((error: Error) => {
    console.error(error);
    process.exit(1);
  });
});

async function obey(message: ToLoad): Promise<unknown> {
  switch (message.type) {
    case 'open': return open(message.load);
    case 'turn': return turn(message.requests);
    case 'close':
      for (const { socket } of lanes) socket.destroy();
      lanes = [];
      return 'closed';
  }
}

/** More might not fit into the queue of those that a server has yet to accept. */
const atOnce = 100;

/** Each connection asks once, which tells how long an answer is. */
async function open(load: Load): Promise<string> {
  const head = [`GET ${load.target} HTTP/1.1`, `Host: 127.0.0.1:${load.port}`, ...load.fields,
    ...load.traced ? [`${traceAt}${'0'.repeat(32)}-00000000000000aa-01`] : []];
  const text = `${head.join('\r\n')}\r\n\r\n`;
  let answer = '';
  while (lanes.length < load.connections) {
    const count = Math.min(load.connections - lanes.length, atOnce);
    const opened = await Promise.all(Array.from({ length: count }, () => openLane(load, text)));
    answer = opened[0]!.answer;
    if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(answer);
    for (const one of opened) {
      if (load.only === undefined || one.answer.includes(load.only)) lanes.push(one.lane);
      else one.lane.socket.destroy();
    }
  }
  return answer;
}

function openLane(load: Load, text: string): Promise<{ lane: Lane; answer: string }> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const learn = (chunk: Buffer): void => {
      answer += chunk.toString('latin1');
      const size = sizeOf(answer);
      if (answer.length !== size) return;
      lane.size = load.varied ? undefined : size;
      take = (read) => next(lane, read);
      resolve({ lane, answer });
    };
    let take = (read: number): void => learn(buffer.subarray(0, read));
    const socket = connect({
      port: load.port, host: '127.0.0.1', noDelay: true,
      onread: { buffer, callback(read) { take(read); return true; } },
    }, () => ask(lane));
    const traceEnd = load.traced ? text.indexOf(traceAt) + traceAt.length + 31 : undefined;
    const request = Buffer.from(text, 'latin1');
    const lane: Lane = { socket, request, traceEnd, size: 0, text: '', received: 0, hasAnswered: true };
    socket.on('error', reject);
    socket.on('close', () => {
      if (!lanes.includes(lane)) return;
      console.error('A server closed a connection.');
      process.exit(1);
    });
  });
}

function sizeOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return end < 0 ? undefined : end + 4 + Number(length);
}

function ask({ socket, request, traceEnd }: Lane): void {
  if (traceEnd !== undefined) {
    traces += 1;
    name(request, traces, traceEnd);
  }
  socket.write(request);
}

/** Writes a number, in hexadecimal, to the end of the trace id. */
function name(request: Buffer, trace: number, end: number): void {
  for (let value = trace, index = end; value > 0; value = Math.floor(value / 16), index -= 1) {
    request[index] = digits.charCodeAt(value % 16);
  }
}

function next(lane: Lane, read: number): void {
  lane.received += read;
  if (lane.size === undefined) lane.text += buffer.toString('latin1', 0, read);
  const size = lane.size ?? sizeOf(lane.text);
  if (size === undefined || lane.received < size) return;
  if (lane.received > size) throw new Error('An answer is longer than the others.');
  lane.received = 0;
  lane.text = '';
  lane.hasAnswered = true;
  if (left > 0) {
    left -= 1;
    ask(lane);
  } else {
    pending -= 1;
    if (pending === 0) done();
  }
}

async function turn(requests: number): Promise<TurnDone> {
  const finished = new Promise<void>((resolve) => { done = resolve; });
  const startedAt = process.hrtime.bigint();
  pending = Math.min(requests, lanes.length);
  left = requests - pending;
  for (const lane of lanes) lane.hasAnswered = false;
  for (const lane of lanes.slice(0, pending)) ask(lane);
  await finished;
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  return { seconds, answering: lanes.filter(({ hasAnswered }) => hasAnswered).length };
}
