import { setTimeout as sleep } from 'node:timers/promises';
import { json, problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { wholeNumber } from './numbers.ts';

const maxDelay = 10_000;
const maxDrip = 1_048_576;
const maxLines = 1000;
const maxBytes = 1_073_741_824;
const blockSize = 65_536;

const delay: Handler = async ({ parameters, signal }) => {
  const time = wholeNumber(parameters.ms, 0, maxDelay);
  if (time === undefined) return problem(400, `The delay is a number of ms up to ${maxDelay}.`);
  await sleep(time, undefined, { signal });
  return json(200, { delay: time });
};

const drip: Handler = ({ head, signal }) => {
  const size = wholeNumber(head.query.get('bytes') ?? '10', 1, maxDrip);
  const time = wholeNumber(head.query.get('ms') ?? '1000', 0, maxDelay);
  if (size === undefined || time === undefined) {
    return problem(400, `bytes goes up to ${maxDrip}, ms up to ${maxDelay}.`);
  }
  return octets([['Content-Length', String(size)]], drops(size, time, signal));
};

/**
 * Evenly over the time, the last byte at its end; more than a thousand drops come in bigger ones.
 */
async function* drops(size: number, time: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const count = Math.min(size, 1000);
  const startAt = performance.now();
  for (let drop = 1, sent = 0; drop <= count; drop += 1) {
    const wait = startAt + (time * drop) / count - performance.now();
    if (wait > 0 && !await slept(wait, signal)) return;
    const until = Math.round((size * drop) / count);
    yield Buffer.alloc(until - sent, '*');
    sent = until;
  }
}

/** False when the client went away. */
async function slept(time: number, signal: AbortSignal): Promise<boolean> {
  return sleep(time, true, { signal }).catch(() => false);
}

const stream: Handler = ({ parameters }) => {
  const count = wholeNumber(parameters.n, 0, maxLines);
  if (count === undefined) return problem(400, `The number of lines goes up to ${maxLines}.`);
  const headers = [['Content-Type', 'application/x-ndjson']] as const;
  return { statusCode: 200, headers, body: jsonLines(count) };
};

async function* jsonLines(count: number): AsyncGenerator<Buffer> {
  for (let line = 1; line <= count; line += 1) {
    yield Buffer.from(`${JSON.stringify({ line, of: count })}\n`);
  }
}

const bytesOf: Handler = ({ parameters, head }) => {
  const size = wholeNumber(parameters.n, 0, maxBytes);
  if (size === undefined) return problem(400, `The number of bytes goes up to ${maxBytes}.`);
  const seed = wholeNumber(head.query.get('seed') ?? '1', 0, 0xffffffff);
  if (seed === undefined) return problem(400, 'The seed is a number of 32 bits.');
  if (head.method === 'HEAD') return octets([['Content-Length', String(size)]], []);
  return octets([['Content-Length', String(size)]], blocks(size, seed === 1 ? usualBlock : blockOf(seed)));
};

/** The same bytes every time for a seed: a block of 64 KiB from a linear congruential generator, repeated. */
function blockOf(seed: number): Buffer {
  const block = Buffer.alloc(blockSize);
  for (let index = 0, state = seed; index < blockSize; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    block[index] = state >>> 24;
  }
  return block;
}

const usualBlock = blockOf(1);

async function* blocks(size: number, block: Buffer): AsyncGenerator<Buffer> {
  for (let left = size; left > 0; left -= blockSize) {
    yield block.subarray(0, Math.min(left, blockSize));
  }
}

function octets(headers: Answer['headers'], body: AsyncIterable<Buffer> | readonly []): Answer {
  return {
    statusCode: 200,
    headers: [['Content-Type', 'application/octet-stream'], ...headers],
    ...(Symbol.asyncIterator in body ? { body } : {}),
  };
}

export const slowRoutes: readonly Route[] = [
  {
    pattern: 'GET /delay/{ms}', name: 'slow/delay', handler: delay, example: '/delay/500',
    summary: { en: 'Answers after so many ms, up to 10 s.', ko: '지정한 밀리초 뒤에 응답합니다(최대 10초).' },
  },
  {
    pattern: 'GET /drip', name: 'slow/drip', handler: drip, example: '/drip?bytes=10&ms=1000',
    summary: {
      en: 'So many bytes, spread over so many ms.',
      ko: '지정한 바이트를 지정한 밀리초에 걸쳐 나누어 보냅니다.',
    },
  },
  {
    pattern: 'GET /stream/{n}', name: 'slow/stream', handler: stream, example: '/stream/5',
    summary: { en: 'So many lines of JSON, in chunks.', ko: '지정한 수만큼 JSON 줄을 나누어 보냅니다.' },
  },
  {
    pattern: 'GET /bytes/{n}', name: 'slow/bytes', handler: bytesOf, example: '/bytes/1024',
    summary: {
      en: 'So many bytes, up to 1 GiB, the same every time for a ?seed=.',
      ko: '지정한 크기의 바이트를 보냅니다. 최대 1 GiB이며 ?seed=가 같으면 내용도 항상 같습니다.',
    },
  },
];
