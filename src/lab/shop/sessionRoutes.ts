import { json, problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { LabRequest, Route } from '../http/handler.ts';
import { isPassword } from './accounts.ts';
import { readCredentials } from './credentials.ts';
import { whenKnown } from './eventually.ts';
import { challenge, noSession, noStore, readTerms, sessionHandler } from './sessionHandler.ts';
import type { SessionStep } from './sessionAccess.ts';
import type { Session } from './sessions.ts';

/** The user who has given the right password; an answer that says what is wrong. */
function userOf(request: LabRequest): string | Answer {
  const credentials = readCredentials(request);
  if ('statusCode' in credentials) return credentials;
  if (isPassword(credentials.user, credentials.password)) return credentials.user;
  return problem(401, 'User and password do not match. Try ada with lovelace.', challenge);
}

const login = sessionHandler((request) => {
  const user = userOf(request);
  if (typeof user !== 'string') return user;
  const terms = readTerms(request);
  if ('statusCode' in terms) return terms;
  return whenKnown(request.session.begin({ user, ...terms }), (field) => json(200, { user }, [noStore, field]));
});

const vulnerableLogin = sessionHandler((request) => {
  const user = userOf(request);
  if (typeof user !== 'string') return user;
  return whenKnown(request.session.keep(user), (field) => json(200, { user }, [noStore, field]));
});

const me = sessionHandler(({ session }) => whenKnown(session.load(), tellUser));

/** What was told of a session: memory gives the same one each time. */
const told = new WeakMap<Session, Answer>();

function tellUser(step: SessionStep): Answer {
  const { session } = step;
  if (!session) return noSession(step);
  const known = told.get(session);
  if (known) return known;
  const { user } = session;
  const answer = user === undefined ? problem(401, 'The session is nobody’s yet. POST /login first.', challenge)
    : json(200, { user }, [noStore]);
  told.set(session, answer);
  return answer;
}

const logout = sessionHandler(({ session }) =>
  whenKnown(session.end(), (field) => ({ statusCode: 204, headers: [noStore, field] })));

const begin = sessionHandler((request) => {
  const terms = readTerms(request);
  if ('statusCode' in terms) return terms;
  return whenKnown(request.session.begin(terms), (field) =>
    json(201, { user: null }, [noStore, ['Location', '/session'], field]));
});

const show = sessionHandler(({ session }) => whenKnown(session.load(), (step) =>
  (step.session ? json(200, describe(step.session), [noStore]) : noSession(step))));

/** In seconds; whole ones, so that what is left does not tell more than it seems to. */
function describe({ user, idleTimeout, lifetime, createdAt }: Session) {
  return {
    user: user ?? null, idle: idleTimeout / 1000, lifetime: lifetime / 1000,
    left: Math.max(0, Math.ceil((createdAt + lifetime - Date.now()) / 1000)),
  };
}

export const sessionRoutes: readonly Route[] = [
  {
    pattern: 'POST /login', name: 'shop/login', handler: login,
    summary: {
      en: 'Logs in with user and password, as a form or JSON (ada/lovelace, alan/turing); ?idle= and ?lifetime= in s.',
      ko: '폼이나 JSON으로 user와 password를 보내 로그인합니다(ada/lovelace, alan/turing). ?idle=과 ?lifetime=은 초 단위입니다.',
    },
  },
  {
    pattern: 'POST /login/vulnerable', name: 'shop/vulnerable-login', handler: vulnerableLogin,
    summary: {
      en: 'Logs in as one should not: the session keeps the id that it had before, which somebody else may know.',
      ko: '잘못된 로그인의 예입니다. 로그인 전의 세션 ID를 그대로 쓰므로 그 ID를 아는 사람도 로그인됩니다.',
    },
  },
  {
    pattern: 'GET /me', name: 'shop/me', handler: me, example: '/me',
    summary: { en: 'The user of the session; 401 without one.', ko: '세션의 사용자입니다. 세션이 없으면 401입니다.' },
  },
  {
    pattern: 'POST /logout', name: 'shop/logout', handler: logout,
    summary: { en: 'Ends the session, also on the server.', ko: '세션을 서버에서도 끝냅니다.' },
  },
  {
    pattern: 'GET /session', name: 'shop/session', handler: show,
    summary: {
      en: 'Whose the session is, how long it may be idle and how long it lasts (s).',
      ko: '세션의 사용자와, 요청 없이 유지되는 시간, 최대 유지 시간(초)입니다.',
    },
  },
  {
    pattern: 'POST /session', name: 'shop/begin-session', handler: begin,
    summary: {
      en: 'Begins a session of nobody, as for a visitor’s basket; ?idle=2&lifetime=5 makes it short (s).',
      ko: '방문자의 장바구니처럼 사용자가 없는 세션을 시작합니다. ?idle=2&lifetime=5로 짧게 할 수 있습니다(초).',
    },
  },
];
