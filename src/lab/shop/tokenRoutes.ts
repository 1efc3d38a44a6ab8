import { monotonicNow } from '../clock.ts';
import { json, problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';
import { isPassword } from './accounts.ts';
import { readCredentials } from './credentials.ts';
import { createTokens } from './tokens.ts';

const noStore: FieldLine = ['Cache-Control', 'no-store'];
const tokens = createTokens({ now: monotonicNow, lifetime: 30 * 60 });

/** The form of RFC 6749 §5.1; how to ask for it is our own. */
const issue: Handler = (request) => {
  const credentials = readCredentials(request);
  if ('statusCode' in credentials) return credentials;
  const { user, password } = credentials;
  if (!isPassword(user, password)) {
    return problem(401, 'User and password do not match. Try ada with lovelace.', challenge(''));
  }
  const token = { access_token: tokens.issue(user), token_type: 'Bearer', expires_in: tokens.lifetime };
  return json(200, token, [noStore]);
};

/** RFC 6750 §2.1 */
const account: Handler = ({ head }) => {
  const written = head.first('authorization') ?? '';
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(written)?.[1];
  if (token === undefined) {
    return problem(401, 'Send Authorization: Bearer with a token from POST /token.', challenge(''));
  }
  const user = tokens.userOf(token);
  if (user === undefined) {
    return problem(401, 'This token was not issued by this lab, or it has expired.',
      challenge(', error="invalid_token"'));
  }
  return /\bxml\b/.test(head.first('accept') ?? '') ? asXml(user) : json(200, accountOf(user), [noStore]);
};

/** RFC 6750 §3 */
function challenge(parameters: string): readonly FieldLine[] {
  return [noStore, ['WWW-Authenticate', `Bearer realm="shop"${parameters}`]];
}

function accountOf(user: string) {
  return { user, orders: [{ id: 1001, item: 2 }, { id: 1002, item: 3 }] };
}

function asXml(user: string): Answer {
  const orders = accountOf(user).orders
    .map(({ id, item }) => `  <order id="${id}"><item>${item}</item></order>\n`).join('');
  return text(200, 'application/xml', `<account user="${user}">\n${orders}</account>\n`, [noStore]);
}

export const tokenRoutes: readonly Route[] = [
  {
    pattern: 'POST /token', name: 'shop/token', handler: issue,
    summary: {
      en: 'Gives an access token for user and password, as a form or JSON.',
      ko: '폼이나 JSON으로 user와 password를 보내면 액세스 토큰을 줍니다.',
    },
  },
  {
    pattern: 'GET /account', name: 'shop/account', handler: account,
    summary: {
      en: 'The account that a bearer token belongs to, as JSON or XML; 401 without one.',
      ko: '베어러 토큰의 주인인 계정을 JSON이나 XML로 줍니다. 토큰이 없으면 401입니다.',
    },
  },
];
