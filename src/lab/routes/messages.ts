import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, problem, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { boundaryOf, readForm } from '../http/multipart.ts';
import type { FormPart } from '../http/multipart.ts';
import { wholeServer } from '../http/unrouted.ts';
import type { FieldLine } from '../messages.ts';
import { wholeNumber } from './numbers.ts';

// What messages can have besides a head and a body, and parts of a body.

const noStore: FieldLine = ['Cache-Control', 'no-store'];

const form: Handler = ({ head, body }) => {
  const boundary = boundaryOf(head.first('content-type'));
  if (boundary === undefined) {
    return problem(
      415, 'The Content-Type is multipart/form-data with a boundary.', [['Accept-Post', 'multipart/form-data']],
    );
  }
  const parts = readForm(body, boundary);
  if (typeof parts === 'string') return problem(400, parts);
  return json(200, { boundary, parts: parts.map(describePart) }, [noStore]);
};

function describePart({ headers, name, fileName, content }: FormPart) {
  const isText = fileName === undefined && isUtf8(content);
  return {
    name: name ?? null, ...fileName === undefined ? {} : { fileName }, headers, size: content.length,
    ...isText ? { text: content.toString() } : { sha256: createHash('sha256').update(content).digest('hex') },
  };
}

/** RFC 9110 §6.5.1: what says how a message is to be read, or who asks, cannot come behind it. */
const notInTrailers = new Set([
  'transfer-encoding', 'content-length', 'content-encoding', 'content-type', 'content-range', 'trailer', 'host',
  'connection', 'te', 'cache-control', 'authorization', 'cookie', 'set-cookie',
]);

/** The body and the trailer fields come back as they came. */
const trailers: Handler = ({ body, head, trailers: received }) => ({
  statusCode: 200,
  headers: [
    [
      'Content-Type',
      head.first('content-type')?.startsWith('text/plain') ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    ], noStore,
  ],
  body: once(body),
  trailers: [
    ...received.filter(([name]) => !notInTrailers.has(name.toLowerCase())).slice(0, 32), ['X-Received', String(body.length)],
  ],
});

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  if (body.length > 0) yield body;
}

/** Server-Timing (W3C): what the server did, in ms measured by its own clock. */
const serverTiming: Handler = async () => {
  const startAt = performance.now();
  const taken: string[] = [];
  const timed = async (name: string, what: string, step: () => unknown): Promise<void> => {
    const from = performance.now();
    await step();
    taken.push(`${name};dur=${(performance.now() - from).toFixed(2)};desc="${what}"`);
  };
  await timed('wait', 'A timer of 20 ms', () => sleep(20));
  await timed('hash', 'SHA-256 of 1 MiB', () => createHash('sha256').update(Buffer.alloc(1_048_576)).digest());
  const field: FieldLine = [
    'Server-Timing',
    [...taken, `total;dur=${(performance.now() - startAt).toFixed(2)}`, 'cache;desc="MISS"'].join(', '),
  ];
  return json(200, { steps: taken.length }, [field, noStore]);
};

/** Below the 64 KiB that clients usually read of a head. */
const maxHead = 49_152;

const manyHeaders: Handler = ({ head }) => {
  const count = wholeNumber(head.query.get('count') ?? '50', 1, 200);
  const size = wholeNumber(head.query.get('size') ?? '100', 1, 16_384);
  if (count === undefined || size === undefined || count * (size + 20) > maxHead) {
    return problem(400, `count goes up to 200, size up to 16384, and all of it up to ${maxHead} bytes.`);
  }
  const fields = Array.from({ length: count }, (_, number): FieldLine => [`X-Header-${number + 1}`, 'x'.repeat(size)]);
  return json(200, { count, size }, fields);
};

/** RFC 9110 §10.1.1: the client hears no before it has sent the body. */
const unexpected: Handler = ({ head }) => problem(417, head.first('expect') === undefined
  ? 'This page wants Expect: 100-continue, and says no to it.' : 'The body is not wanted: nothing of it was read.');

export const messageRoutes: readonly Route[] = [
  {
    pattern: `OPTIONS ${wholeServer}`, name: 'messages/options',
    handler: () => ({ statusCode: 204, headers: [['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], noStore] }),
    summary: { en: 'OPTIONS *: what the server as a whole can do.', ko: 'OPTIONS *: 서버 전체에서 쓸 수 있는 메서드입니다.' },
  },
  {
    pattern: 'POST /form', name: 'messages/form', handler: form,
    summary: {
      en: 'The parts of a multipart form: names, headers, sizes, texts, and the SHA-256 of files.',
      ko: 'multipart 폼의 각 부분을 알려 줍니다: 이름, 헤더, 크기, 텍스트, 파일의 SHA-256입니다.',
    },
  },
  {
    pattern: 'POST /echo/trailers', name: 'messages/trailers', handler: trailers,
    summary: { en: 'The body and its trailer fields come back.', ko: '본문과 트레일러 필드를 그대로 돌려줍니다.' },
  },
  {
    pattern: 'GET /server-timing', name: 'messages/server-timing', handler: serverTiming, example: '/server-timing',
    summary: { en: 'Server-Timing: what took how long on the server.', ko: 'Server-Timing: 서버에서 무엇이 얼마나 걸렸는지 알려 줍니다.' },
  },
  {
    pattern: 'GET /many-headers', name: 'messages/many-headers', handler: manyHeaders, isPublic: true,
    example: '/many-headers?count=50&size=100',
    summary: { en: 'So many header fields of such a size.', ko: '지정한 수와 크기의 헤더 필드로 응답합니다.' },
  },
  {
    pattern: '/expect/refused', name: 'messages/expect-refused', handler: unexpected, leavesBody: true,
    summary: { en: '417 to Expect: 100-continue.', ko: 'Expect: 100-continue에 417로 응답합니다.' },
  },
  {
    pattern: 'GET /user-agent', name: 'messages/user-agent', example: '/user-agent',
    handler: ({ head }) => text(200, 'text/plain', `${head.first('user-agent') ?? ''}\n`, [noStore]),
    summary: { en: 'What the client calls itself.', ko: '클라이언트가 밝힌 자기 이름입니다.' },
  },
];
