import type { Texts } from './text.ts';

/** What became of cookies, and why. Sections are those of RFC 6265bis (draft 22). */
export const cookieTexts = {
  'sent': { en: 'sent', ko: '전송됨' },
  'kept-back': { en: 'kept back', ko: '보내지 않음' },
  'stored': { en: 'stored', ko: '저장됨' },
  'rejected': { en: 'rejected', ko: '거부됨' },
  'deleted': { en: 'deleted', ko: '삭제됨' },

  'until-session-ends': { en: 'until the session ends', ko: '세션이 끝날 때까지' },
  'until': { en: 'until {moment}', ko: '{moment}까지' },
  'deleted-text': { en: 'its expiry lies in the past, which deletes it', ko: '만료 시각이 과거이므로 쿠키를 삭제합니다' },
  'set-domain': { en: '`Domain={domain}` is not this host or above it.', ko: '`Domain={domain}` 값이 이 호스트도, 그 상위 이름도 아닙니다.' },
  'set-domain-plain': { en: 'Its `Domain` is not this host or above it.', ko: '`Domain` 값이 이 호스트도, 그 상위 이름도 아닙니다.' },
  'set-path': { en: 'Its `Path` does not fit.', ko: '`Path` 값이 맞지 않습니다.' },
  'set-secure': { en: 'A `Secure` cookie can only be set over HTTPS, and cannot be overwritten without it.', ko: '`Secure` 쿠키는 HTTPS에서만 설정할 수 있고, HTTPS 없이 덮어쓸 수 없습니다.' },
  'set-expired': { en: 'Its expiry lies in the past.', ko: '만료 시각이 과거입니다.' },
  'set-public-suffix': { en: '`Domain={domain}` is a public suffix that many owners share.', ko: '`Domain={domain}` 값은 여러 소유자가 함께 쓰는 공용 접미사입니다.' },
  'set-syntax': { en: 'It cannot be read as a cookie.', ko: '쿠키로 읽을 수 없는 형식입니다.' },
  'set-size': { en: 'Name and value together are longer than 4096 bytes.', ko: '이름과 값을 합쳐 4096바이트를 넘습니다.' },
  'set-prefix': { en: 'Its name begins with `__Secure-` or `__Host-`, but its attributes do not keep that promise.', ko: '이름이 `__Secure-` 또는 `__Host-`로 시작하지만 속성이 그 조건을 지키지 않습니다.' },
  'set-same-site': { en: '`SameSite=None` needs `Secure`, and other values refuse a cross-site response.', ko: '`SameSite=None`에는 `Secure`가 필요하며, 다른 값은 교차 사이트 응답에서 받지 않습니다.' },
  'set-other': { en: 'The cookie jar did not take it ({reason}).', ko: '쿠키 저장소에서 받지 않았습니다({reason}).' },

  'send-domain': { en: 'It belongs to `{domain}`, not to this host.', ko: '이 호스트가 아니라 `{domain}` 쿠키입니다.' },
  'send-path': { en: 'It is for paths below `{path}`.', ko: '`{path}` 아래 경로에만 보내는 쿠키입니다.' },
  'send-secure': { en: 'It is `Secure`, and this request is not encrypted.', ko: '`Secure` 쿠키인데 이 요청은 암호화되지 않았습니다.' },
  'send-expired': { en: 'It has expired.', ko: '만료된 쿠키입니다.' },
  'send-same-site': { en: 'It is `SameSite`, and the request comes from another site.', ko: '`SameSite` 쿠키인데 다른 사이트에서 시작된 요청입니다.' },
  'send-typed': { en: 'The request names a cookie like this itself, which wins.', ko: '요청에 같은 이름의 쿠키가 직접 적혀 있어 그쪽이 우선합니다.' },
  'send-other': { en: 'It does not belong to this request ({reason}).', ko: '이 요청에 해당하지 않는 쿠키입니다({reason}).' },
  'send-ok': { en: 'Host, path and security fit.', ko: '호스트와 경로, 보안 조건이 맞습니다.' },
} satisfies Texts;
