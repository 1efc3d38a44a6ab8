import { problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';
import { parseAuthority } from '../http/ownNames.ts';
import { wholeNumber } from './numbers.ts';

// What a Location may be (RFC 9110 §10.2.2): relative, with a fragment, at another origin, or where one came from.

const maxRedirects = 50;

function leadTo(location: string): Answer {
  return text(302, 'text/plain', `See ${location}\n`, [['Location', location]]);
}

/** RFC 3986 §5.2: `./2` and `../json` are resolved against the URL that was asked for. */
const relative: Handler = ({ parameters }) => {
  const left = wholeNumber(parameters.n, 0, maxRedirects);
  if (left === undefined) return problem(400, `The number of redirects goes up to ${maxRedirects}.`);
  return left === 0 ? leadTo('../json') : leadTo(`./${left - 1}`);
};

const absolute: Handler = ({ parameters, head }) => {
  const left = wholeNumber(parameters.n, 0, maxRedirects);
  if (left === undefined) return problem(400, `The number of redirects goes up to ${maxRedirects}.`);
  const origin = `${head.scheme}://${head.authority ?? 'lab.test'}`;
  return left === 0 ? text(200, 'text/plain', 'Arrived.\n') : leadTo(`${origin}/absolute-redirect/${left - 1}`);
};

/** To the lab by its other scheme, or by another of its names: credentials must not go along. */
function cross({ head, ports }: LabRequest): Answer {
  const to = head.query.get('to') ?? 'scheme';
  const host = parseAuthority(head.authority ?? '')?.host ?? 'lab.test';
  const other = head.scheme === 'https' ? 'http' : 'https';
  switch (to) {
    case 'scheme': return leadTo(`${other}://${host}:${ports[other]}/headers`);
    case 'name': return leadTo(
      `${head.scheme}://${host === 'other.lab.test' ? 'lab' : 'other.lab'}.test:${ports[head.scheme]}/headers`,
    );
    default: return problem(400, 'to is scheme or name.');
  }
}

export const redirectionRoutes: readonly Route[] = [
  {
    pattern: 'GET /relative-redirect/{n}', name: 'redirections/relative', handler: relative, isPublic: true,
    example: '/relative-redirect/2',
    summary: { en: 'So many relative redirects, then /json.', ko: '지정한 수만큼 상대 경로로 리디렉션한 뒤 /json으로 보냅니다.' },
  },
  {
    pattern: 'GET /absolute-redirect/{n}', name: 'redirections/absolute', handler: absolute, isPublic: true,
    example: '/absolute-redirect/2',
    summary: { en: 'So many redirects by absolute URL, then 200.', ko: '지정한 수만큼 절대 URL로 리디렉션한 뒤 200으로 응답합니다.' },
  },
  {
    pattern: 'GET /redirect-loop', name: 'redirections/loop', isPublic: true, handler: () => leadTo('/redirect-loop'),
    summary: { en: 'Redirects to itself, for ever.', ko: '자기 자신으로 끝없이 리디렉션합니다.' },
  },
  {
    pattern: 'GET /fragment-redirect', name: 'redirections/fragment', isPublic: true, example: '/fragment-redirect',
    handler: () => leadTo('/html#end'),
    summary: { en: 'Redirects to a URL with a fragment.', ko: '프래그먼트가 있는 URL로 리디렉션합니다.' },
  },
  {
    pattern: 'GET /cross-redirect', name: 'redirections/cross', handler: cross, example: '/cross-redirect?to=scheme',
    summary: {
      en: 'Redirects to another origin of the lab: ?to=scheme or ?to=name.',
      ko: '랩의 다른 출처로 리디렉션합니다: ?to=scheme 또는 ?to=name입니다.',
    },
  },
];
