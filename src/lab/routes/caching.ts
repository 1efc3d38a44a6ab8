import { json, problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { evaluate } from '../http/conditions.ts';
import { httpDate } from '../http/httpDate.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';
import { wholeNumber } from './numbers.ts';

const maxAge = 31_536_000;
/** When the pages that can be validated were last changed: 2024-02-29. */
const modifiedAt = Date.UTC(2024, 1, 29, 12);

/** A page that can be validated (RFC 9110 §13): 304 when the client has it, 412 when it wants another state. */
function validated({ head }: LabRequest, tag: string, fields: readonly FieldLine[], content: object): Answer {
  const validators: FieldLine[] = [['ETag', tag], ['Last-Modified', httpDate(modifiedAt)], ...fields];
  const verdict = evaluate(head, { etags: [tag.replace(/^W\//, '')], modifiedAt });
  if (verdict.outcome === 'failed') return problem(412, `The condition ${verdict.field} is false.`, validators);
  return verdict.outcome === 'not-modified' ? { statusCode: 304, headers: validators } : json(200, content, validators);
}

const conditional: Handler = (request) =>
  validated(request, '"there-and-back"', [['Cache-Control', 'no-cache']], { etag: 'there-and-back' });

const tagged: Handler = (request) => {
  const { tag = '' } = request.parameters;
  if (!/^[\w.-]{1,64}$/.test(tag)) return problem(
    400, 'A tag has 1 to 64 letters, digits, dots, underscores and hyphens.',
  );
  return validated(request, `"${tag}"`, [['Cache-Control', 'no-cache']], { etag: tag });
};

/** RFC 9111 §5.1, §5.2: fresh for so long, of which `age` have passed in a cache on the way. */
const fresh: Handler = ({ parameters, head }) => {
  const seconds = wholeNumber(parameters.seconds, 0, maxAge);
  const age = wholeNumber(head.query.get('age') ?? '0', 0, maxAge);
  if (seconds === undefined || age === undefined) return problem(400, `Seconds go up to ${maxAge}.`);
  const fields: FieldLine[] = [
    ['Cache-Control', `public, max-age=${seconds}`], ['Expires', httpDate(Date.now() + seconds * 1000)],
    ...age > 0 ? [['Age', `${age}`] as const] : [],
  ];
  return json(200, { freshFor: Math.max(0, seconds - age) }, fields);
};

const varied = ['Accept-Language', 'Accept-Encoding', 'User-Agent'];

/** RFC 9110 §12.5.5: which fields of the request the answer depends on. */
const varying: Handler = ({ head }) => json(200,
  Object.fromEntries(varied.map((name) => [name, head.first(name.toLowerCase()) ?? null])),
  [['Vary', varied.join(', ')], ['Cache-Control', 'private, max-age=60']]);

export const cachingRoutes: readonly Route[] = [
  {
    pattern: 'GET /cache', name: 'caching/conditional', handler: conditional, isPublic: true, example: '/cache',
    summary: {
      en: 'ETag and Last-Modified; 304 to If-None-Match and If-Modified-Since.',
      ko: 'ETag와 Last-Modified가 있습니다. If-None-Match와 If-Modified-Since에 304로 응답합니다.',
    },
  },
  {
    pattern: 'GET /cache/{seconds}', name: 'caching/fresh', handler: fresh, isPublic: true, example: '/cache/60?age=20',
    summary: {
      en: 'Cache-Control and Expires for so many seconds; ?age= have passed.',
      ko: '지정한 초 동안의 Cache-Control과 Expires입니다. ?age=는 이미 지난 시간입니다.',
    },
  },
  {
    pattern: 'GET /etag/{tag}', name: 'caching/tagged', handler: tagged, isPublic: true, example: '/etag/v1',
    summary: {
      en: 'The ETag asked for; 304 to If-None-Match, 412 to If-Match with another.',
      ko: '지정한 ETag입니다. If-None-Match에는 304, 다른 If-Match에는 412로 응답합니다.',
    },
  },
  {
    pattern: 'GET /vary', name: 'caching/varying', handler: varying, isPublic: true, example: '/vary',
    summary: { en: 'An answer that varies, as Vary says.', ko: 'Vary에 적힌 필드에 따라 달라지는 응답입니다.' },
  },
];
