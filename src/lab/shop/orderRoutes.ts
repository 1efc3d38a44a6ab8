import { json, problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { LabRequest, Route } from '../http/handler.ts';
import { parseAuthority } from '../http/ownNames.ts';
import { pageFields } from '../routes/pages.ts';
import { whenKnown } from './eventually.ts';
import type { Eventually } from './eventually.ts';
import { noSession, noStore, sessionHandler } from './sessionHandler.ts';
import { isSame } from './signer.ts';

/** Whose form it is, and that what is sent comes from it: the double check against cross-site request forgery. */
const order = sessionHandler((request) => {
  const { session } = request;
  return whenKnown(session.load(), (step) => {
    if (step.session?.user === undefined) return noSession(step);
    const { user } = step.session;
    const origin = foreignOrigin(request);
    if (origin !== undefined) {
      session.refuse('foreign-origin', origin);
      return problem(403, `The form was sent by a page of ${origin}, and only pages of this origin may.`);
    }
    const item = new URLSearchParams(request.body.toString()).get('item') ?? '1';
    return whenKnown(session.formToken(step.session), (own) => refusal(request, own) ?? ordered(user, item));
  });
});

function ordered(user: string, item: string): Answer {
  return /^[1-3]$/.test(item) ? json(201, { user, item: Number(item) }, [noStore])
    : problem(422, 'The shop has the items 1 to 3.');
}

/**
 * RFC 6454 §7: where a browser says which page sent a form, it must be a page of this very origin. A neighbour such as
 * another name under lab.test is the same site, so its pages may send the cookie, but not the form.
 */
function foreignOrigin({ head, ports }: LabRequest): string | undefined {
  const authority = (head.authority ?? '').toLowerCase();
  const port = parseAuthority(authority)?.port;
  // A gateway may have taken TLS away: its port alone tells how it is spoken to.
  const isInFront = port !== undefined && ports.front?.has(port) === true;
  const own = (isInFront ? ['http', 'https'] : [head.scheme]).map((scheme) => `${scheme}://${authority}`);
  return head.all('origin').find((origin) => !own.includes(origin.toLowerCase()));
}

function refusal({ head, body, session }: LabRequest, own: string): Answer | undefined {
  const given = head.first('x-form-token') ?? new URLSearchParams(body.toString()).get('token') ?? undefined;
  if (given !== undefined && isSame(given, own)) return undefined;
  const reason = given === undefined ? 'no-form-token' : 'wrong-form-token';
  session.refuse(reason, head.path);
  const what = given === undefined ? 'The form’s token is missing.' : 'The token is not that of this session’s form.';
  return problem(403, `${what} Get it with the form, GET /order, and send it as token or in X-Form-Token.`);
}

const form = sessionHandler(({ head, session }) => whenKnown(session.load(), (step): Eventually<Answer> => {
  if (step.session?.user === undefined) return noSession(step);
  const { user } = step.session;
  return whenKnown(session.formToken(step.session), (token) =>
    (/\bjson\b/.test(head.first('accept') ?? '') ? json(200, { user, token }, [noStore])
      : text(200, 'text/html', page(token), [noStore, ...pageFields])));
}));

/** The token is base64url: nothing in it has a meaning in HTML. */
function page(token: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>An order</title>
<form method="post" action="/order">
<input type="hidden" name="token" value="${token}">
<label>Item <input name="item" value="1"></label>
<button>Order</button>
</form>
</html>
`;
}

export const orderRoutes: readonly Route[] = [
  {
    pattern: 'GET /order', name: 'shop/order-form', handler: form,
    summary: {
      en: 'A form with a token of the session, so that no page of another site can send it (CSRF); also as JSON.',
      ko: '다른 사이트의 페이지가 보낼 수 없도록(CSRF) 세션 토큰이 들어 있는 폼입니다. JSON으로도 받을 수 있습니다.',
    },
  },
  {
    pattern: 'POST /order', name: 'shop/order', handler: order,
    summary: {
      en: 'Takes an order; 403 without the token of the form, or from a page of another origin.',
      ko: '주문을 받습니다. 폼의 토큰이 없거나 다른 오리진의 페이지가 보냈으면 403입니다.',
    },
  },
];
