import { STATUS_CODES } from 'node:http';
import { problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { isOwnHost, parseAuthority } from '../http/ownNames.ts';
import type { FieldLine } from '../messages.ts';
import { wholeNumber } from './numbers.ts';

const redirects = [301, 302, 303, 307, 308];
const maxRedirects = 50;

/** Fields that a response with this status code must or should have (RFC 9110 §15). */
const requiredFields: Readonly<Record<number, readonly FieldLine[]>> = {
  401: [['WWW-Authenticate', 'Basic realm="lab", charset="UTF-8"']],
  405: [['Allow', 'GET, HEAD']],
  407: [['Proxy-Authenticate', 'Basic realm="lab"']],
  416: [['Content-Range', 'bytes */0']],
  426: [['Upgrade', 'HTTP/2.0'], ['Connection', 'Upgrade']],
  429: [['Retry-After', '1']],
  503: [['Retry-After', '1']],
};

const status: Handler = ({ parameters, head }) => {
  const code = wholeNumber(parameters.code, 200, 599);
  if (code === undefined) {
    return problem(400, 'The status code of a final response is from 200 to 599.');
  }
  // RFC 9113 §8.2.2: HTTP/2 has no connection-specific fields.
  const fields = (requiredFields[code] ?? []).filter(([name]) =>
    head.httpVersion !== '2' || !/^(connection|upgrade)$/i.test(name));
  if (redirects.includes(code)) return redirect(code, '/');
  if (code === 204 || code === 205 || code === 304) return { statusCode: code, headers: fields };
  if (code >= 400) return problem(code, 'You asked for this status code.', fields);
  return text(code, 'text/plain', `${code} ${STATUS_CODES[code] ?? ''}\n`, fields);
};

function redirect(statusCode: number, location: string): Answer {
  return text(statusCode, 'text/plain', `See ${location}\n`, [['Location', location]]);
}

const countDown: Handler = ({ parameters }) => {
  const left = wholeNumber(parameters.n, 0, maxRedirects);
  if (left === undefined) return problem(400, `The number of redirects goes up to ${maxRedirects}.`);
  return left === 0 ? text(200, 'text/plain', 'Arrived.\n') : redirect(302, `/redirect/${left - 1}`);
};

const redirectTo: Handler = ({ head }) => {
  const code = wholeNumber(head.query.get('status') ?? '302', 300, 399);
  if (code === undefined || !redirects.includes(code)) {
    return problem(400, `The status of a redirect is one of ${redirects.join(', ')}.`);
  }
  const location = ownLocation(head.query.get('url') ?? '', `${head.scheme}://lab.test`);
  if (location === undefined) {
    return problem(400, 'The url is a path, or a URL of lab.test, a name below it, or this machine.');
  }
  return redirect(code, location);
};

/** Any port of this machine, but no other machine: the lab sends nobody away. */
function ownLocation(url: string, base: string): string | undefined {
  if (url === '' || !URL.canParse(url, base)) return undefined;
  const target = new URL(url, base);
  const host = parseAuthority(target.host)?.host;
  if (!/^https?:$/.test(target.protocol) || target.username || target.password) return undefined;
  if (host === undefined || !isOwnHost(host)) return undefined;
  // A path stays as it was written where that is safe in a field; a URL becomes its normal form.
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(url) ? url : target.href;
}

export const statusRoutes: readonly Route[] = [
  {
    pattern: '/status/{code}', name: 'statuses/status', handler: status, isPublic: true,
    example: '/status/418',
    summary: { en: 'A response with this status code, 200 to 599.', ko: '지정한 상태 코드(200~599)로 응답합니다.' },
  },
  {
    pattern: 'GET /redirect/{n}', name: 'statuses/redirect', handler: countDown, isPublic: true,
    example: '/redirect/3',
    summary: { en: 'So many redirects, then 200.', ko: '지정한 수만큼 리디렉션한 뒤 200으로 응답합니다.' },
  },
  {
    pattern: '/redirect-to', name: 'statuses/redirect-to', handler: redirectTo,
    example: '/redirect-to?url=/json&status=307',
    summary: {
      en: 'Redirects to a URL of this machine with 301, 302, 303, 307 or 308.',
      ko: '이 컴퓨터의 URL로 리디렉션합니다(301, 302, 303, 307, 308).',
    },
  },
];
