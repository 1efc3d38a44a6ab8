import type { Texts } from './text.ts';

/** What became of cookies, and why. Sections are those of RFC 6265bis (draft 22). */
export const cookieTexts = {
  'sent': { en: 'sent', ko: '전송됨' },
  'kept-back': { en: 'kept back', ko: '보내지 않음' },
  'stored': { en: 'stored', ko: '저장됨' },
  'rejected': { en: 'rejected', ko: '거부됨' },
  'deleted': { en: 'deleted', ko: '삭제됨' },

  'file-damaged': { en: 'The file of cookies `{path}` could not be read as one, so it was put aside as `{keptAs}` and a new one begun. Look at it there, or delete it.', ko: '쿠키 파일 `{path}` 내용을 쿠키로 읽을 수 없어 `{keptAs}` 이름으로 옮겨 두고 새로 시작했습니다. 그 파일을 확인하거나 지워 주세요.' },
  'file-unreadable': { en: 'The file of cookies `{path}` cannot be read ({reason}), so cookies are kept in memory only. Check its permissions.', ko: '쿠키 파일 `{path}` 내용을 읽을 수 없어({reason}) 쿠키를 메모리에만 보관합니다. 파일 권한을 확인해 주세요.' },
  'file-unwritable': { en: 'The file of cookies `{path}` cannot be written ({reason}), so new cookies are kept in memory only. Check the folder and the room on the disk.', ko: '쿠키 파일 `{path}` 내용을 쓸 수 없어({reason}) 새 쿠키를 메모리에만 보관합니다. 폴더와 디스크 여유 공간을 확인해 주세요.' },

  'until-session-ends': { en: 'until the session ends', ko: '세션이 끝날 때까지' },
  'without-expiry': { en: 'without an expiry', ko: '만료 시각 없음' },
  'until': { en: 'until {moment}', ko: '{moment}까지' },
  'deleted-text': { en: 'its expiry lies in the past, which deletes it', ko: '만료 시각이 과거이므로 쿠키를 삭제합니다' },
  'replaced-same': { en: 'renewed, with the same value', ko: '같은 값으로 갱신' },
  'replaced-other': { en: 'in place of one with another value', ko: '다른 값이던 쿠키를 대체' },
  'shortened': { en: 'reduced to 400 days, the most that is allowed (§5.5)', ko: '허용되는 최대 기간인 400일로 줄임(§5.5)' },
  'evicted': { en: 'made room for by deleting, from among those used longest ago: {count}', ko: '자리를 만들려고 오래 쓰지 않은 쿠키를 지움: {count}개' },

  'set-domain': { en: '`Domain={domain}` is neither this host, `{host}`, nor above it.', ko: '`Domain={domain}` 값이 이 호스트(`{host}`)도, 그 상위 이름도 아닙니다.' },
  'secure-loopback': { en: '`Secure` without TLS: what stays on this machine counts as safe, as in browsers.', ko: 'TLS가 없어도 `Secure` 쿠키를 허용합니다. 브라우저처럼 이 컴퓨터 안의 통신은 안전하다고 봅니다.' },
  'set-secure': { en: 'It is `Secure`, and this response came over `{scheme}`.', ko: '`Secure` 쿠키인데 이 응답을 받은 연결은 `{scheme}` 방식입니다.' },
  'set-overlay': { en: 'A `Secure` cookie of this name is stored, and a response over `{scheme}` must not stand before it.', ko: '같은 이름의 `Secure` 쿠키가 저장되어 있으며, `{scheme}` 응답의 쿠키가 그것을 가릴 수 없습니다.' },
  'set-expired': { en: 'Its expiry lies in the past.', ko: '만료 시각이 과거입니다.' },
  'set-public-suffix': { en: '`Domain={domain}` is a public suffix that many owners share.', ko: '`Domain={domain}` 값은 여러 소유자가 함께 쓰는 공용 접미사입니다.' },
  'set-syntax': { en: 'It holds a control character.', ko: '제어 문자가 들어 있습니다.' },
  'set-nameless': { en: 'It has neither a name nor a value.', ko: '이름도 값도 없습니다.' },
  'set-size': { en: 'Name and value together are longer than 4096 bytes.', ko: '이름과 값을 합쳐 4096바이트를 넘습니다.' },
  'set-prefix': { en: 'Its name begins with `__Secure-`, which promises `Secure`, or with `__Host-`, which promises `Secure`, `Path=/` and no `Domain`; its attributes do not keep that.', ko: '이름이 `Secure` 속성을 뜻하는 `__Secure-`, 또는 `Secure`와 `Path=/`가 있고 `Domain`이 없음을 뜻하는 `__Host-`로 시작하지만 속성이 그와 다릅니다.' },
  'set-same-site': { en: '`SameSite=None` needs `Secure`.', ko: '`SameSite=None`에는 `Secure`가 필요합니다.' },
  'set-partitioned': { en: '`Partitioned` needs `Secure` (CHIPS).', ko: '`Partitioned`에는 `Secure`가 필요합니다(CHIPS).' },
  'set-other': { en: 'The cookie jar did not take it ({reason}).', ko: '쿠키 저장소에서 받지 않았습니다({reason}).' },

  'send-domain-host': { en: 'It is for `{domain}` only, and the request goes to `{host}`.', ko: '`{domain}` 호스트에만 보내는 쿠키인데 요청은 `{host}` 호스트로 갑니다.' },
  'send-domain': { en: 'It is for `{domain}` and names below it, and the request goes to `{host}`.', ko: '`{domain}` 이름과 그 하위 이름에 보내는 쿠키인데 요청은 `{host}` 호스트로 갑니다.' },
  'send-path': { en: 'It is for paths below `{path}`, and the request is for `{requestPath}`.', ko: '`{path}` 아래 경로에만 보내는 쿠키인데 요청 경로가 다릅니다(`{requestPath}`).' },
  'send-secure': { en: 'It is `Secure`, and the request goes over `{scheme}`.', ko: '`Secure` 쿠키인데 요청은 `{scheme}` 방식으로 갑니다.' },
  'send-expired': { en: 'It expired on {moment}.', ko: '만료된 쿠키입니다({moment}).' },
  'send-public-suffix': { en: '`{domain}` is a public suffix that many owners share.', ko: '`{domain}` 이름은 여러 소유자가 함께 쓰는 공용 접미사입니다.' },
  'send-typed': { en: 'The request names a cookie like this itself, which wins.', ko: '요청에 같은 이름의 쿠키가 직접 적혀 있어 그쪽이 우선합니다.' },
  'send-other': { en: 'It does not belong to this request ({reason}).', ko: '이 요청에 해당하지 않는 쿠키입니다({reason}).' },
  'send-ok': { en: 'Host, path and security fit.', ko: '호스트와 경로, 보안 조건이 맞습니다.' },
  'send-ok-same-site': { en: 'Host, path and security fit. `SameSite={sameSite}` holds nothing back here: no page started this request, so it counts as same-site (§5.2), also after a redirect. From a page of another site, a browser might keep it back.', ko: '호스트와 경로, 보안 조건이 맞습니다. 페이지에서 시작된 요청이 아니므로 리디렉션 뒤에도 같은 사이트 요청으로 보아(§5.2) `SameSite={sameSite}` 속성이 전송을 막지 않습니다. 브라우저라면 다른 사이트의 페이지에서 시작된 요청에는 보내지 않을 수 있습니다.' },
} satisfies Texts;
