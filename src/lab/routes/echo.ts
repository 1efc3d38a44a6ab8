import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { json, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';

/** The request as it came: field lines in wire order, the body as text where it is text. */
const echo: Handler = (request) => json(200, {
  method: request.head.method,
  target: request.head.target,
  httpVersion: request.head.httpVersion,
  scheme: request.head.scheme,
  authority: request.head.authority,
  headers: request.head.headers,
  body: describeBody(request.body),
  ...request.trailers.length > 0 ? { trailers: request.trailers } : {},
}, noStore);

function describeBody(body: Buffer) {
  if (isUtf8(body)) return { size: body.length, text: body.toString() };
  return { size: body.length, base64: body.toString('base64') };
}

const noStore = [['Cache-Control', 'no-store']] as const;

/** Query and parameters besides. */
const anything: Handler = ({ head, parameters, body, peer }) => json(200, {
  method: head.method,
  path: head.path,
  rest: parameters.rest ?? '',
  query: [...head.query],
  headers: head.headers,
  body: describeBody(body),
  peer,
}, noStore);

/** The same bytes back, as they come. */
const raw: Handler = ({ head, stream }): Answer => ({
  statusCode: 200,
  headers: [
    ['Content-Type', head.first('content-type') ?? 'application/octet-stream'],
    // Never a page of ours, whatever type was asked for.
    ['Content-Security-Policy', "sandbox; default-src 'none'"],
    ...noStore,
  ],
  body: stream as AsyncIterable<Buffer>,
});

/** Counts and hashes an upload of any size. */
async function upload({ stream }: LabRequest): Promise<Answer> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return json(200, { size, sha256: hash.digest('hex') }, noStore);
}

const search: Handler = ({ head }) => json(200, {
  query: [...head.query], terms: head.query.getAll('q'),
});

export const echoRoutes: readonly Route[] = [
  {
    pattern: '/echo', name: 'echo/json', handler: echo, example: '/echo',
    summary: {
      en: 'Any method: method, target, field lines in order and body of the request, as JSON.',
      ko: '모든 메서드: 요청의 메서드, 대상, 순서 그대로의 필드, 본문을 JSON으로 돌려줍니다.',
    },
  },
  {
    pattern: '/echo/raw', name: 'echo/raw', handler: raw, streamsBody: true,
    summary: {
      en: 'Any method: the body of the request, byte for byte and of any size.',
      ko: '모든 메서드: 요청의 본문을 크기와 관계없이 바이트 그대로 돌려줍니다.',
    },
  },
  {
    pattern: 'POST /upload', name: 'echo/upload', handler: upload, streamsBody: true,
    summary: {
      en: 'Size and SHA-256 of a body of any size.',
      ko: '크기 제한 없이 본문을 받아 크기와 SHA-256을 알려 줍니다.',
    },
  },
  {
    pattern: '/anything', name: 'echo/anything', handler: anything, example: '/anything?a=1',
    summary: {
      en: 'Any method: the request with its query taken apart.',
      ko: '모든 메서드: 쿼리를 나누어 보여 주는 요청 내용입니다.',
    },
  },
  {
    pattern: '/anything/{rest...}', name: 'echo/anything', handler: anything,
    example: '/anything/any/path',
    summary: { en: 'The same for every path below.', ko: '그 아래 모든 경로도 같습니다.' },
  },
  {
    pattern: 'GET /search', name: 'echo/search', handler: search, isPublic: true,
    example: '/search?q=round&q=trip',
    summary: { en: 'The query, decoded.', ko: '해석한 쿼리입니다.' },
  },
  {
    pattern: 'GET /headers', name: 'echo/headers', example: '/headers',
    handler: ({ head }) => json(200, { headers: head.headers }, noStore),
    summary: { en: 'The field lines of the request.', ko: '요청의 헤더 필드입니다.' },
  },
  {
    pattern: 'GET /ip', name: 'echo/ip', example: '/ip',
    handler: ({ peer }) => json(200, peer, noStore),
    summary: {
      en: 'Your address and port as the server sees them.',
      ko: '서버에서 본 클라이언트의 주소와 포트입니다.',
    },
  },
  {
    pattern: 'GET /hello/{name}', name: 'pages/hello', isPublic: true, example: '/hello/world',
    handler: ({ parameters }) => text(200, 'text/plain', `Hello, ${parameters.name}!\n`),
    summary: { en: 'A greeting; the name is a path parameter.', ko: '인사말입니다. 이름은 경로 매개변수입니다.' },
  },
];
