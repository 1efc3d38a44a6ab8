import { json, problem } from '../http/answer.ts';
import { cookiesOf, isAttributeValue, isCookieName, isCookieValue } from '../http/cookieField.ts';
import type { Handler, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';
import { cookieLessons } from './cookieLessons.ts';
import type { CookieLesson } from './cookieLessons.ts';

/** RFC 6265bis §4.1.2, and Partitioned; `true`: the attribute takes a value. */
const attributes: Readonly<Record<string, readonly [name: string, takesValue: boolean]>> = {
  'expires': ['Expires', true], 'max-age': ['Max-Age', true], 'domain': ['Domain', true],
  'path': ['Path', true], 'samesite': ['SameSite', true], 'secure': ['Secure', false],
  'httponly': ['HttpOnly', false], 'partitioned': ['Partitioned', false],
};

const noStore: FieldLine = ['Cache-Control', 'no-store'];

const list: Handler = ({ head }) => json(200, { cookies: cookiesOf(head) }, [noStore]);

interface CookieQuery {
  readonly cookies: readonly FieldLine[];
  /** `; Path=/; HttpOnly` and so on, as asked for. */
  readonly attributes: string;
}

/** Takes a query apart; undefined when it cannot stand in a Set-Cookie field. */
function readQuery(query: Iterable<FieldLine>): CookieQuery | undefined {
  const lines = [...query];
  const isAttribute = (name: string) => Object.hasOwn(attributes, name.toLowerCase());
  const cookies = lines.filter(([name]) => !isAttribute(name));
  const isSound = lines.every(([name, value]) =>
    (isAttribute(name) ? isAttributeValue(value) : isCookieName(name) && isCookieValue(value)));
  if (cookies.length === 0 || !isSound) return undefined;
  const asked = lines.filter(([name]) => isAttribute(name)).map(([name, value]) => {
    const [word = '', takesValue = false] = attributes[name.toLowerCase()] ?? [];
    return takesValue ? `; ${word}=${value}` : `; ${word}`;
  });
  return { cookies, attributes: asked.join('') };
}

/**
 * Whatever the attributes say is sent, also when it is nonsense: judging it is the client's part.
 */
const set: Handler = ({ head }) => {
  const query = readQuery(head.query);
  if (!query) {
    return problem(400,
      'The query is name=value of each cookie and attributes such as Max-Age=60&HttpOnly.');
  }
  return sending(query.cookies.map(([name, value]) => `${name}=${value}${query.attributes}`));
};

/** RFC 6265bis §5.7: only a cookie of the same name, domain and path is replaced. */
const remove: Handler = ({ head }) => {
  const query = readQuery(head.query);
  if (query) return sending(query.cookies.map(([name]) => `${name}=; Max-Age=0${query.attributes}`));
  return problem(400, 'The query names the cookies to delete: /cookies/delete?theme&lang&Path=/.');
};

function sending(fields: readonly string[], about: object = {}) {
  return json(200, { ...about, set: fields },
    [noStore, ...fields.map((field): FieldLine => ['Set-Cookie', field])]);
}

function describe({ name, at, meant, why }: CookieLesson) {
  return { lesson: name, at: `${at?.scheme ?? 'http(s)'}://${at?.host ?? 'lab.test'}`, meant, why };
}

const listLessons: Handler = () => json(200, { lessons: cookieLessons.map(describe) });

const teach: Handler = ({ parameters }) => {
  const found = cookieLessons.find(({ name }) => name === parameters.lesson);
  if (found) return sending(found.fields(Date.now()), describe(found));
  return problem(404, `There is no lesson ${parameters.lesson}. GET /cookies/lessons lists them.`);
};

export const cookieRoutes: readonly Route[] = [
  {
    pattern: 'GET /cookies', name: 'cookies/list', handler: list, example: '/cookies',
    summary: { en: 'The cookies of the request.', ko: '요청에 담긴 쿠키입니다.' },
  },
  {
    pattern: 'GET /cookies/set', name: 'cookies/set', handler: set,
    example: '/cookies/set?theme=dark&Max-Age=600&SameSite=Lax',
    summary: {
      en: 'Sets cookies: name=value, and attributes such as Path, Max-Age, HttpOnly, Secure, SameSite.',
      ko: '쿠키를 설정합니다: name=value와 Path, Max-Age, HttpOnly, Secure, SameSite 같은 속성입니다.',
    },
  },
  {
    pattern: 'GET /cookies/delete', name: 'cookies/delete', handler: remove,
    example: '/cookies/delete?theme',
    summary: {
      en: 'Deletes the cookies named; Path and Domain must be those they were set with.',
      ko: '이름을 지정한 쿠키를 삭제합니다. Path와 Domain은 설정할 때와 같아야 합니다.',
    },
  },
  {
    pattern: 'GET /cookies/lessons', name: 'cookies/lessons', handler: listLessons, example: '/cookies/lessons',
    summary: {
      en: 'Everything there is to know about Set-Cookie, in lessons of one cookie each.',
      ko: 'Set-Cookie에 대해 알아야 할 것을 쿠키 하나씩으로 배웁니다.',
    },
  },
  {
    pattern: 'GET /cookies/lessons/{lesson}', name: 'cookies/lesson', handler: teach,
    example: '/cookies/lessons/host-prefix-domain',
    summary: {
      en: 'Sets a cookie, says what a client is to do with it, and why.',
      ko: '쿠키를 설정하고, 클라이언트가 그 쿠키를 어떻게 해야 하는지와 이유를 알려 줍니다.',
    },
  },
];
