import { json, problem, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';
import { pageFields } from '../routes/pages.ts';
import { isPassword } from './accounts.ts';
import { readCredentials } from './credentials.ts';

const noStore: FieldLine = ['Cache-Control', 'no-store'];

const login: Handler = async (request) => {
  const credentials = readCredentials(request);
  if ('statusCode' in credentials) return credentials;
  if (!isPassword(credentials.user, credentials.password)) {
    await request.session.load();
    return problem(401, 'User and password do not match. Try ada with lovelace.', challenge);
  }
  return json(200, { user: credentials.user }, [noStore, await request.session.begin(credentials.user)]);
};

/**
 * RFC 9110 §15.5.2 wants a challenge; the scheme is our own, so that no browser asks for a
 * password.
 */
const challenge: readonly FieldLine[] = [noStore, ['WWW-Authenticate', 'Session realm="shop"']];

const me: Handler = async ({ session }) => {
  const current = await session.load();
  return current
    ? json(200, { user: current.user }, [noStore])
    : problem(401, 'There is no session. POST /login first.', challenge);
};

const logout: Handler = async ({ session }) => ({ statusCode: 204, headers: [noStore, await session.end()] });

interface Item {
  readonly id: number;
  readonly name: { readonly en: string; readonly ko: string };
  /** In won. */
  readonly price: number;
}

const items: readonly Item[] = [
  { id: 1, name: { en: 'A ping', ko: '핑' }, price: 1000 },
  { id: 2, name: { en: 'A handshake', ko: '악수' }, price: 3000 },
  { id: 3, name: { en: 'A cookie', ko: '쿠키' }, price: 2500 },
];

const item: Handler = ({ parameters }) => {
  const found = items.find(({ id }) => String(id) === parameters.id);
  return found ? json(200, found) : problem(404, `The shop has no item ${parameters.id}.`);
};

/** A function declaration, for the page below is made when this file is loaded. */
function listed({ id, name, price }: Item): string {
  return `<li><a href="/items/${id}">${name.en} · ${name.ko}</a>, ₩${price}</li>`;
}

const shopPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The shop of the lab</title>
<h1>The shop of the lab</h1>
<ul>
${items.map(listed).join('\n')}
</ul>
</html>
`;

export const shopRoutes: readonly Route[] = [
  {
    pattern: 'POST /login', name: 'shop/login', handler: login,
    summary: {
      en: 'Logs in with user and password, as a form or JSON (ada/lovelace, alan/turing).',
      ko: '폼이나 JSON으로 user와 password를 보내 로그인합니다(ada/lovelace, alan/turing).',
    },
  },
  {
    pattern: 'GET /me', name: 'shop/me', handler: me, example: '/me',
    summary: { en: 'The user of the session; 401 without one.', ko: '세션의 사용자입니다. 세션이 없으면 401입니다.' },
  },
  {
    pattern: 'POST /logout', name: 'shop/logout', handler: logout,
    summary: { en: 'Ends the session.', ko: '세션을 끝냅니다.' },
  },
  {
    pattern: 'GET shop.lab.test/{$}', name: 'shop/front', isPublic: true,
    handler: () => text(200, 'text/html', shopPage, pageFields),
    summary: {
      en: 'The shop: a host of its own wins over the same path elsewhere.',
      ko: '상점입니다. 호스트를 지정한 패턴이 같은 경로의 다른 패턴보다 우선합니다.',
    },
  },
  {
    pattern: 'GET shop.lab.test/items/{id}', name: 'shop/item', isPublic: true, handler: item,
    summary: { en: 'An item of the shop, 1 to 3.', ko: '상점의 상품(1~3)입니다.' },
  },
];
