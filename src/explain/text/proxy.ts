import type { Texts } from './text.ts';

/** Which proxy was chosen and why; what was asked of it, step by step. */
export const proxyTexts = {
  // the rule that decided
  'chosen-request': { en: 'Through `{proxy}`, as `# {name}` of the request says.', ko: '요청의 `# {name}` 설정에 따라 `{proxy}` 프록시를 거칩니다.' },
  'chosen-command-line': { en: 'Through `{proxy}`, as `{name}` of the command line says.', ko: '명령줄의 `{name}` 옵션에 따라 `{proxy}` 프록시를 거칩니다.' },
  'chosen-setting': { en: 'Through `{proxy}`, as the setting `{name}` says.', ko: '`{name}` 설정에 따라 `{proxy}` 프록시를 거칩니다.' },
  'chosen-editor': { en: 'Through `{proxy}`, as the editor’s setting `{name}` says.', ko: '편집기의 `{name}` 설정에 따라 `{proxy}` 프록시를 거칩니다.' },
  'chosen-environment': { en: 'Through `{proxy}`, as the environment variable `{name}` says.', ko: '환경 변수 `{name}` 값에 따라 `{proxy}` 프록시를 거칩니다.' },
  'direct': { en: 'Without a proxy, as `{name}` says.', ko: '`{name}` 지정에 따라 프록시 없이 연결합니다.' },
  'excluded': {
    en: 'Without a proxy: `{name}` excepts `{host}` by its entry `{matched}`.',
    ko: '프록시 없이 연결합니다. `{name}` 목록의 `{matched}` 항목이 `{host}` 호스트를 제외합니다.',
  },
  'off': { en: 'Without a proxy: `{name}` is `off`.', ko: '프록시 없이 연결합니다. `{name}` 설정이 `off`입니다.' },
  'this-machine': {
    en: 'Without a proxy: `{host}` is this machine, for which `{name}` does not count. `# @proxy` or `roundtrip.proxy.url` would.',
    ko: '프록시 없이 연결합니다. `{host}` 호스트는 이 컴퓨터이므로 `{name}` 값을 따르지 않습니다. 거치려면 `# @proxy` 또는 `roundtrip.proxy.url` 설정을 쓰십시오.',
  },
  'lab': {
    en: 'Without a proxy: only this machine knows the lab’s name `{host}`, so `{name}` does not count. `# @proxy` or `roundtrip.proxy.url` would.',
    ko: '프록시 없이 연결합니다. 랩의 이름 `{host}` 주소는 이 컴퓨터만 알고 있으므로 `{name}` 값을 따르지 않습니다. 거치려면 `# @proxy` 또는 `roundtrip.proxy.url` 설정을 쓰십시오.',
  },
  'not-set': { en: 'Without a proxy: nothing names one.', ko: '프록시를 지정한 곳이 없어 프록시 없이 연결합니다.' },
  'not-set-upper-case': {
    en: 'Without a proxy: `HTTP_PROXY` is not read in capitals, since a web server sets it from a request’s `Proxy` field (httpoxy). Write `http_proxy`.',
    ko: '프록시 없이 연결합니다. 웹 서버가 요청의 `Proxy` 필드로 값을 넣을 수 있어(httpoxy) 대문자 `HTTP_PROXY` 변수는 읽지 않습니다. `http_proxy`로 쓰십시오.',
  },

  // what else there is to say of it
  'authorization-sent': {
    en: 'It is sent `Proxy-Authorization` as `http.proxyAuthorization` says.',
    ko: '이 프록시에는 `http.proxyAuthorization` 설정의 값을 `Proxy-Authorization` 필드로 보냅니다.',
  },
  'authorization-invalid': {
    en: '`http.proxyAuthorization` is not sent to it: it holds characters that no field may have (RFC 9110 §5.5).',
    ko: '`http.proxyAuthorization` 값에는 필드에 쓸 수 없는 문자가 있어 이 프록시에 보내지 않습니다(RFC 9110 §5.5).',
  },
  'authorization-socks': {
    en: '`http.proxyAuthorization` is not sent to it: SOCKS has no fields. Write user name and password into the proxy’s URL.',
    ko: 'SOCKS에는 필드가 없어 `http.proxyAuthorization` 값을 보내지 않습니다. 사용자 이름과 비밀번호는 프록시 URL에 쓰십시오.',
  },
  'typed-sent': {
    en: '`Proxy-Authorization` of the request goes to `{proxy}` as it is written.',
    ko: '요청에 쓴 `Proxy-Authorization` 필드는 적힌 그대로 `{proxy}` 프록시에 보냅니다.',
  },
  'typed-socks': {
    en: '`Proxy-Authorization` of the request is left out: it is for a proxy, and SOCKS has no fields. Write user name and password into the proxy’s URL.',
    ko: '요청에 쓴 `Proxy-Authorization` 필드는 프록시용인데 SOCKS에는 필드가 없어 보내지 않습니다. 사용자 이름과 비밀번호는 프록시 URL에 쓰십시오.',
  },
  'typed-direct': {
    en: '`Proxy-Authorization` of the request goes to the server itself, which can read it: there is no proxy to take it.',
    ko: '요청에 쓴 `Proxy-Authorization` 필드를 받을 프록시가 없어 서버로 그대로 보냅니다. 서버에서 그 값을 읽을 수 있습니다.',
  },
  'may-use-system': {
    en: 'The editor itself may use a PAC file or the system’s proxy, which Roundtrip does not read: if one is needed here, name it in `http.proxy` or `roundtrip.proxy.url`.',
    ko: '편집기 자체는 PAC 파일이나 시스템 프록시를 쓸 수 있지만 Roundtrip은 이를 읽지 않습니다. 필요하면 `http.proxy` 또는 `roundtrip.proxy.url` 설정에 프록시를 지정하십시오.',
  },

  // what became of each source, beside its name
  'rule-chosen': { en: '{proxy}', ko: '{proxy}' },
  'rule-direct': { en: 'no proxy', ko: '프록시 없음' },
  'rule-excluded': { en: 'excepted by {matched}', ko: '{matched} 항목으로 제외' },
  'rule-off': { en: 'off', ko: '꺼짐' },
  'rule-this-machine': { en: '{proxy}, not for this machine', ko: '{proxy}, 이 컴퓨터에는 쓰지 않음' },
  'rule-lab': { en: '{proxy}, not for the lab', ko: '{proxy}, 랩에는 쓰지 않음' },
  'rule-not-set': { en: 'not set', ko: '지정하지 않음' },
  'rule-upper-case': { en: '{proxy}, not read in capitals', ko: '{proxy}, 대문자 변수는 읽지 않음' },

  // kinds
  'kind-http': { en: 'HTTP proxy', ko: 'HTTP 프록시' },
  'kind-https': { en: 'HTTP proxy over TLS', ko: 'TLS로 연결하는 HTTP 프록시' },
  'kind-socks4': { en: 'SOCKS4; names are looked up here', ko: 'SOCKS4, 이름은 이쪽에서 조회' },
  'kind-socks4a': { en: 'SOCKS4a; names are looked up by the proxy', ko: 'SOCKS4a, 이름은 프록시에서 조회' },
  'kind-socks5': { en: 'SOCKS5 (RFC 1928); names are looked up here', ko: 'SOCKS5(RFC 1928), 이름은 이쪽에서 조회' },
  'kind-socks5h': { en: 'SOCKS5 (RFC 1928); names are looked up by the proxy', ko: 'SOCKS5(RFC 1928), 이름은 프록시에서 조회' },

  // steps
  'step-tls': { en: 'TLS with the proxy', ko: '프록시와 TLS' },
  'step-dns': { en: 'Target’s address', ko: '대상 주소 조회' },
  'step-greeting': { en: 'SOCKS greeting', ko: 'SOCKS 인사' },
  'step-authentication': { en: 'Sign-in at the proxy', ko: '프록시 인증' },
  'step-connect': { en: 'Proxy tunnel', ko: '프록시 터널' },

  // who answered a request that a proxy was to pass on
  'answered-itself': {
    en: 'The proxy `{proxy}` answered this itself; it does not come from the server of the URL.',
    ko: '`{proxy}` 프록시에서 직접 보낸 응답이며, URL의 서버에서 온 것이 아닙니다.',
  },
  'answered-maybe': {
    en: 'The proxy `{proxy}` may have answered this itself: what a proxy passes on names it in `Via` (RFC 9110 §7.6.3), and this response has none.',
    ko: '`{proxy}` 프록시에서 직접 보낸 응답일 수 있습니다. 프록시가 전달한 응답에는 `Via` 필드가 있어야 하는데(RFC 9110 §7.6.3) 이 응답에는 없습니다.',
  },
  'own-400': { en: 'The proxy could not make sense of the request.', ko: '프록시에서 요청을 이해하지 못했습니다.' },
  'own-403': { en: 'The proxy understood the request, and refuses to pass it on.', ko: '프록시에서 요청을 이해했지만 전달을 거부했습니다.' },
  'own-502': { en: 'The proxy got no usable answer from the server.', ko: '프록시에서 서버의 올바른 응답을 받지 못했습니다.' },
  'own-504': { en: 'The proxy waited too long for the server.', ko: '프록시에서 서버의 응답을 너무 오래 기다렸습니다.' },
  'own-508': { en: 'The request had come through the proxy before: it goes in a circle.', ko: '이 프록시를 이미 거쳐 간 요청으로, 순환하고 있습니다.' },

  // answers of SOCKS: RFC 1928 §6, and SOCKS4's
  'socks-0': { en: 'succeeded (0)', ko: '성공(0)' },
  'socks-1': { en: 'general failure (1): the proxy does not say more', ko: '일반 오류(1)이며 프록시가 더 알려 주지 않음' },
  'socks-2': { en: 'not allowed by its rules (2)', ko: '프록시 규칙에서 허용하지 않음(2)' },
  'socks-3': { en: 'network unreachable from there (3)', ko: '프록시에서 네트워크에 닿을 수 없음(3)' },
  'socks-4': { en: 'host unreachable from there, or its name unknown (4)', ko: '프록시에서 호스트에 닿을 수 없거나 이름을 알 수 없음(4)' },
  'socks-5': { en: 'the target refused the connection (5)', ko: '대상에서 연결을 거부함(5)' },
  'socks-6': { en: 'the connection took too long (6)', ko: '연결 시간이 초과됨(6)' },
  'socks-7': { en: 'the proxy does not know CONNECT (7)', ko: '프록시가 CONNECT 명령을 모름(7)' },
  'socks-8': { en: 'the proxy cannot use this kind of address (8)', ko: '프록시가 이 주소 종류를 쓸 수 없음(8)' },
  'socks-90': { en: 'granted (90)', ko: '허용(90)' },
  'socks-91': { en: 'rejected or failed (91): the proxy does not say more', ko: '거절 또는 실패(91)이며 프록시가 더 알려 주지 않음' },
  'socks-92': { en: 'the proxy could not ask this machine who the user is (92)', ko: '프록시가 이 컴퓨터에 사용자를 확인하지 못함(92)' },
  'socks-93': { en: 'the user name is not the one this machine tells (93)', ko: '사용자 이름이 이 컴퓨터에서 알린 것과 다름(93)' },
  'socks-other': { en: 'code {reply}, which no standard defines', ko: '표준에 없는 코드 {reply}' },
  'socks-no-method': { en: 'it takes none of the ways to sign in that were offered (255)', ko: '제안한 인증 방식을 모두 받아들이지 않음(255)' },
  'socks-credentials': { en: 'it does not accept the user name and password', ko: '사용자 이름과 비밀번호를 받아들이지 않음' },
  'method-0': { en: 'none', ko: '없음' },
  'method-2': { en: 'user name and password (RFC 1929)', ko: '사용자 이름과 비밀번호(RFC 1929)' },
  'method-255': { en: 'none acceptable', ko: '받아들일 방식 없음' },
} satisfies Texts;
