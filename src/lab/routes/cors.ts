import { json } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';

// Cross-origin resource sharing (Fetch Standard §3.3): who may read a response is said by the response, and kept by
// browsers. These are the only routes of the lab that say so; they show nothing personal, and change nothing.

const sharing: readonly FieldLine[] = [
  ['Access-Control-Allow-Origin', '*'], ['Access-Control-Expose-Headers', 'X-Lesson'],
];
const noStore: FieldLine = ['Cache-Control', 'no-store'];

const read = (isShared: boolean): Handler => ({ head }) => json(200, {
  origin: head.first('origin') ?? null,
  lesson: isShared ? 'Scripts of every origin may read this.' : 'Scripts of other origins are not shown this.',
}, [['X-Lesson', 'CORS'], noStore, ...isShared ? sharing : []]);

/** A preflight: asked by browsers before what a form could not have sent. */
const preflight = (isShared: boolean): Handler => (): Answer => ({
  statusCode: 204,
  headers: [['Allow', 'GET, HEAD, OPTIONS'], noStore, ...isShared ? [
    ...sharing.slice(0, 1), ['Access-Control-Allow-Methods', 'GET'], ['Access-Control-Allow-Headers', 'X-Lesson'],
    ['Access-Control-Max-Age', '600'],
  ] as const : []],
});

export const corsRoutes: readonly Route[] = [
  {
    pattern: 'GET /cors/open', name: 'cors/open', handler: read(true), isPublic: true, example: '/cors/open',
    summary: {
      en: 'Says that scripts of every origin may read it: Access-Control-Allow-Origin.',
      ko: '모든 출처의 스크립트에서 읽어도 된다고 알립니다(Access-Control-Allow-Origin).',
    },
  },
  {
    pattern: 'OPTIONS /cors/open', name: 'cors/preflight', handler: preflight(true), isPublic: true,
    summary: {
      en: 'A preflight that is granted: GET with the field X-Lesson.',
      ko: '허용되는 사전 요청입니다. X-Lesson 필드가 있는 GET을 보낼 수 있습니다.',
    },
  },
  {
    pattern: 'GET /cors/closed', name: 'cors/closed', handler: read(false), isPublic: true, example: '/cors/closed',
    summary: {
      en: 'The same without a word: browsers keep it from scripts of other origins.',
      ko: '같은 내용이지만 그런 필드가 없어 브라우저가 다른 출처의 스크립트에 보여 주지 않습니다.',
    },
  },
  {
    pattern: 'OPTIONS /cors/closed', name: 'cors/preflight', handler: preflight(false), isPublic: true,
    summary: {
      en: 'A preflight that is not granted: the request is never sent.',
      ko: '허용되지 않는 사전 요청입니다. 브라우저가 본 요청을 보내지 않습니다.',
    },
  },
];
