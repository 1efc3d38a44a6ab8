import type { Texts } from './text.ts';

/** What a session, or what should protect it, has to do with the response. */
export const sessionTexts = {
  'tampered-strong': { en: 'The session id is not genuine:', ko: '세션 ID가 진짜가 아닙니다.' },
  'tampered': {
    en: 'its signature does not fit, so the server did not even look it up. It was altered, or another lab made it. Log in again.',
    ko: '서명이 맞지 않으므로 서버가 찾아보지도 않았습니다. 변조되었거나 다른 랩에서 만든 것입니다. 다시 로그인하십시오.',
  },
  'unknown-strong': { en: 'The server does not know this session:', ko: '서버가 이 세션을 모릅니다.' },
  'unknown': {
    en: 'it was ended, renewed by a login, or lost when the server started anew. Log in again.',
    ko: '종료되었거나, 로그인으로 새 ID를 받았거나, 서버가 다시 시작하면서 사라졌습니다. 다시 로그인하십시오.',
  },
  'unknown-redis': {
    en: 'Redis does not have it. It was ended, renewed by a login, or has expired, which Redis sees to itself. Log in again.',
    ko: 'Redis에 없습니다. 종료되었거나, 로그인으로 새 ID를 받았거나, 만료되어 Redis가 스스로 지웠습니다. 다시 로그인하십시오.',
  },
  'elsewhere-strong': { en: 'Worker {worker} does not know this session:', ko: '워커 {worker}번이 이 세션을 모릅니다.' },
  'elsewhere': {
    en: 'it knows only its own memory, and another worker may have it. Ask under `shared.lab.test`, or let all of them share sessions with `roundtrip.lab.sessionStore`.',
    ko: '자신의 메모리만 보므로 다른 워커에 있을 수 있습니다. `shared.lab.test` 이름으로 요청하거나 `roundtrip.lab.sessionStore` 설정으로 모든 워커가 세션을 함께 쓰게 하십시오.',
  },
  'expired-strong': { en: 'The session has expired:', ko: '세션이 만료되었습니다.' },
  'expired': { en: 'its time was over. Log in again.', ko: '유지 시간이 지났습니다. 다시 로그인하십시오.' },
  'expired-idle': {
    en: 'nothing was asked with it for too long. Log in again.', ko: '너무 오래 요청이 없었습니다. 다시 로그인하십시오.',
  },
  'expired-absolute': {
    en: 'it had lasted for as long as it may, however busy it was. Log in again.',
    ko: '계속 사용했더라도 최대 유지 시간이 지났습니다. 다시 로그인하십시오.',
  },
  'kept-strong': { en: 'This login is open to session fixation:', ko: '세션 고정 공격에 열려 있는 로그인입니다.' },
  'kept': {
    en: 'the id of the session stays as it was before, so whoever knew it is logged in as `{user}`, too. A login has to renew the id.',
    ko: '세션 ID가 로그인 전과 같으므로 그 ID를 알던 사람도 `{user}` 사용자로 로그인됩니다. 로그인할 때 ID를 새로 만들어야 합니다.',
  },
  'failed-strong': { en: 'The session store could not be used:', ko: '세션 저장소를 사용할 수 없었습니다.' },
  'failed-not-set': {
    en: 'no Redis is set for this lab. Give its URL in `roundtrip.lab.sessionStore`, or with `--session-store`, and start the lab again.',
    ko: '이 랩에 설정된 Redis가 없습니다. `roundtrip.lab.sessionStore` 설정이나 `--session-store` 옵션에 URL을 지정하고 랩을 다시 시작하십시오.',
  },
  'failed-unreachable': {
    en: 'Redis cannot be reached{code}. Start it: the lab connects again by itself, and the sessions are there again.',
    ko: 'Redis에 연결할 수 없습니다{code}. Redis를 시작하면 랩이 저절로 다시 연결하고 세션도 다시 사용할 수 있습니다.',
  },
  'failed-timeout': {
    en: 'Redis did not answer in time{code}. See whether it is busy or stopped.',
    ko: 'Redis가 제때 응답하지 않았습니다{code}. 바쁘거나 멈춰 있지 않은지 확인하십시오.',
  },
  'failed-refused': {
    en: 'Redis refuses the connection{code}. Check user and password in its URL.',
    ko: 'Redis에서 연결을 거부합니다{code}. URL의 사용자와 비밀번호를 확인하십시오.',
  },
  'form-strong': { en: 'The form was refused:', ko: '폼이 거부되었습니다.' },
  'foreign-origin': {
    en: 'a page of `{target}` sent it, and only pages of the server’s own origin may. That is how cross-site request forgery (CSRF) is kept out.',
    ko: '`{target}` 페이지가 보냈는데 서버와 같은 오리진의 페이지만 보낼 수 있습니다. 사이트 간 요청 위조(CSRF)를 막는 방법입니다.',
  },
  'no-form-token': {
    en: 'its token is missing. A page of another site could have sent it, cookie and all (CSRF); only the server’s own page knows the token.',
    ko: '토큰이 없습니다. 다른 사이트의 페이지도 쿠키와 함께 보낼 수 있으므로(CSRF) 서버의 페이지만 아는 토큰이 필요합니다.',
  },
  'wrong-form-token': {
    en: 'its token is not the one of this session. Load the form again, and send the token that it has (CSRF).',
    ko: '이 세션의 토큰이 아닙니다. 폼을 다시 받아 그 안의 토큰을 보내십시오(CSRF).',
  },
} satisfies Texts;
