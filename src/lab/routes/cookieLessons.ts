import { httpDate } from '../http/httpDate.ts';

/** What RFC 6265bis has a client do with a cookie: `shortened` is stored, for less time than asked for. */
export type Meant = 'stored' | 'shortened' | 'deleted' | 'refused';

/** One thing to know about cookies. */
export interface CookieLesson {
  readonly name: string;
  /** Where it is to be asked for: the scheme, and the host where another one than `lab.test` matters. */
  readonly at?: { readonly scheme?: 'http' | 'https'; readonly host?: string };
  /** The values of Set-Cookie; `now` in epoch ms. */
  readonly fields: (now: number) => readonly string[];
  readonly meant: Meant;
  readonly why: { readonly en: string; readonly ko: string };
}

const hour = 3_600_000;
const past = 'Wed, 21 Oct 2015 07:28:00 GMT';
const secure = { scheme: 'https' } as const;
const plain = { scheme: 'http' } as const;

/** A lesson with one cookie, which is always the same. */
function lesson(
  name: string, meant: Meant, field: string, en: string, ko: string, at?: CookieLesson['at'],
): CookieLesson {
  return { name, meant, fields: () => [field], why: { en, ko }, ...(at ? { at } : {}) };
}

/** As Netscape had it: `Wed, 21-Oct-15 07:28:00 GMT`. */
function oldDate(at: number): string {
  return httpDate(at).replace(/ (\w{3}) \d{2}(\d{2}) /, '-$1-$2 ');
}

const attributes: readonly CookieLesson[] = [
  lesson('session', 'stored', 'session=1; Path=/',
    'Without Max-Age and Expires it lasts until the session of the client ends (§5.7).',
    'Max-Age와 Expires가 없으면 클라이언트의 세션이 끝날 때까지 유지됩니다(§5.7).'),
  lesson('all', 'stored', 'all=1; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Strict',
    'Every attribute at once.', '모든 속성을 한꺼번에 사용합니다.', secure),
  lesson('http-only', 'stored', 'http-only=1; Path=/; HttpOnly',
    'Scripts of a page cannot read it (§5.6.6).', '페이지의 스크립트가 읽을 수 없습니다(§5.6.6).'),
  lesson('path', 'stored', 'path=1; Path=/cookies',
    'It goes to /cookies and what is below it only (§5.1.4).', '/cookies와 그 아래 경로에만 보냅니다(§5.1.4).'),
  lesson('path-default', 'stored', 'path-default=1',
    'Without Path it is that of the request up to its last slash, /cookies/lessons (§5.1.4).',
    'Path가 없으면 요청 경로의 마지막 슬래시 앞까지인 /cookies/lessons가 됩니다(§5.1.4).'),
  lesson('path-relative', 'stored', 'path-relative=1; Path=cookies',
    'A Path that does not begin with a slash counts as none (§5.6.4).',
    '슬래시로 시작하지 않는 Path는 없는 것과 같습니다(§5.6.4).'),
  lesson('twice', 'stored', 'twice=1; Path=/nowhere; Path=/',
    'Of an attribute given twice the last one counts (§5.7).', '같은 속성이 두 번 나오면 마지막 것이 적용됩니다(§5.7).'),
  lesson('unknown', 'stored', 'unknown=1; Path=/; Colour=Blue',
    'An attribute that nobody knows is passed over (§5.6).', '알 수 없는 속성은 무시합니다(§5.6).'),
  lesson('value', 'stored', 'value="a=b, c"; Path=/',
    'The value goes up to the semicolon; quotes and equals signs belong to it (§5.6).',
    '값은 세미콜론 앞까지이며 따옴표와 등호도 값에 포함됩니다(§5.6).'),
];

const times: readonly CookieLesson[] = [
  lesson('max-age', 'stored', 'max-age=1; Path=/; Max-Age=600',
    'It lasts for ten minutes (§5.6.2).', '10분 동안 유지됩니다(§5.6.2).'),
  {
    name: 'expires', meant: 'stored', fields: (now) => [`expires=1; Path=/; Expires=${httpDate(now + hour)}`],
    why: { en: 'It lasts until then, by the clock of the client (§5.6.1).', ko: '클라이언트의 시계로 그 시각까지 유지됩니다(§5.6.1).' },
  },
  lesson('max-age-first', 'stored', `max-age-first=1; Path=/; Max-Age=600; Expires=${past}`,
    'Max-Age counts before Expires (§5.7).', 'Max-Age가 Expires보다 우선합니다(§5.7).'),
  lesson('expires-past', 'deleted', `session=1; Path=/; Expires=${past}`,
    'A time in the past deletes the cookie of this name, domain and path (§5.7).',
    '과거의 시각은 이름과 도메인, 경로가 같은 쿠키를 삭제합니다(§5.7).'),
  lesson('max-age-zero', 'deleted', 'session=1; Path=/; Max-Age=0',
    'Max-Age=0 deletes the cookie, as a time in the past does (§5.6.2).', 'Max-Age=0은 과거의 시각처럼 쿠키를 삭제합니다(§5.6.2).'),
  lesson('max-age-negative', 'deleted', 'session=1; Path=/; Max-Age=-1',
    'A Max-Age below 0 deletes the cookie, too (§5.6.2).', '0보다 작은 Max-Age도 쿠키를 삭제합니다(§5.6.2).'),
  lesson('expires-unreadable', 'stored', 'expires-unreadable=1; Path=/; Expires=soon',
    'A date that cannot be read counts as none (§5.6.1).', '읽을 수 없는 날짜는 없는 것과 같습니다(§5.6.1).'),
  lesson('max-age-unreadable', 'stored', 'max-age-unreadable=1; Path=/; Max-Age=soon',
    'A Max-Age that is no number counts as none (§5.6.2).', '숫자가 아닌 Max-Age는 없는 것과 같습니다(§5.6.2).'),
  {
    name: 'old-date', meant: 'stored', fields: (now) => [`old-date=1; Path=/; Expires=${oldDate(now + hour)}`],
    why: {
      en: 'Dates are read in many forms; years from 0 to 69 are those of this century (§5.1.1).',
      ko: '날짜는 여러 형식으로 읽으며 0~69년은 2000년대로 봅니다(§5.1.1).',
    },
  },
  lesson('too-long', 'shortened', 'too-long=1; Path=/; Max-Age=99999999',
    'No cookie lasts longer than 400 days (§5.5).', '어떤 쿠키도 400일보다 오래 유지되지 않습니다(§5.5).'),
];

const security: readonly CookieLesson[] = [
  lesson('secure', 'stored', 'secure=1; Path=/; Secure',
    'It goes over HTTPS only (§5.8.3).', 'HTTPS로만 보냅니다(§5.8.3).', secure),
  lesson('secure-over-http', 'refused', 'secure-over-http=1; Path=/; Secure',
    'Nobody can promise Secure over plain HTTP (§5.7).', '암호화되지 않은 HTTP로는 Secure를 보장할 수 없습니다(§5.7).', plain),
  lesson('overlay', 'refused', 'secure=other; Path=/',
    'After the lesson “secure”: over plain HTTP nothing may take the place of a Secure cookie (§5.7).',
    '“secure” 다음에 요청하십시오. 암호화되지 않은 HTTP로는 Secure 쿠키를 대신할 수 없습니다(§5.7).', plain),
  lesson('strict', 'stored', 'strict=1; Path=/; SameSite=Strict',
    'A browser sends it only from pages of the same site (§5.2).', '브라우저는 같은 사이트의 페이지에서만 보냅니다(§5.2).'),
  lesson('lax', 'stored', 'lax=1; Path=/; SameSite=Lax',
    'A browser sends it also when a link of another site leads here (§5.2).',
    '브라우저는 다른 사이트의 링크를 따라올 때도 보냅니다(§5.2).'),
  lesson('none', 'stored', 'none=1; Path=/; SameSite=None; Secure',
    'A browser sends it from pages of every site (§5.2).', '브라우저는 모든 사이트의 페이지에서 보냅니다(§5.2).', secure),
  lesson('none-insecure', 'refused', 'none-insecure=1; Path=/; SameSite=None',
    'SameSite=None needs Secure (§5.7).', 'SameSite=None에는 Secure가 필요합니다(§5.7).', secure),
  lesson('sometimes', 'stored', 'sometimes=1; Path=/; SameSite=Sometimes',
    'Another value counts as none, which browsers take for Lax (§5.6.7).',
    '다른 값은 없는 것과 같으며 브라우저는 이를 Lax로 봅니다(§5.6.7).'),
  lesson('partitioned', 'stored', '__Host-partitioned=1; Path=/; Secure; SameSite=None; Partitioned',
    'CHIPS: a browser keeps one for each site whose pages include this one, so that it cannot follow you.',
    'CHIPS: 브라우저는 이 페이지를 포함한 사이트마다 따로 보관하므로 사이트를 넘나드는 추적에 쓸 수 없습니다.', secure),
  lesson('partitioned-insecure', 'refused', 'partitioned-insecure=1; Path=/; Partitioned',
    'CHIPS: Partitioned needs Secure.', 'CHIPS: Partitioned에는 Secure가 필요합니다.', secure),
];

const names: readonly CookieLesson[] = [
  lesson('host-prefix', 'stored', '__Host-right=1; Path=/; Secure',
    'The name itself proves: set by this host, over HTTPS, for all of it (§5.4).',
    '이 호스트가 HTTPS로 호스트 전체에 설정했음을 이름이 증명합니다(§5.4).', secure),
  lesson('host-prefix-domain', 'refused', '__Host-domain=1; Path=/; Secure; Domain=lab.test',
    '__Host- and Domain do not go together (§5.4).', '__Host-에는 Domain을 쓸 수 없습니다(§5.4).', secure),
  lesson('host-prefix-path', 'refused', '__Host-path=1; Path=/cookies; Secure',
    '__Host- wants Path=/ (§5.4).', '__Host-에는 Path=/가 필요합니다(§5.4).', secure),
  lesson('host-prefix-insecure', 'refused', '__Host-insecure=1; Path=/',
    '__Host- wants Secure (§5.4).', '__Host-에는 Secure가 필요합니다(§5.4).', secure),
  lesson('secure-prefix', 'stored', '__Secure-right=1; Path=/cookies; Secure; Domain=lab.test',
    '__Secure- proves HTTPS alone (§5.4).', '__Secure-는 HTTPS로 설정했음만 증명합니다(§5.4).', secure),
  lesson('secure-prefix-insecure', 'refused', '__Secure-insecure=1; Path=/',
    '__Secure- wants Secure (§5.4).', '__Secure-에는 Secure가 필요합니다(§5.4).', secure),
  lesson('prefix-case', 'refused', '__hOST-case=1; Path=/',
    'The prefix counts in any case, since some servers do not tell cases apart (§5.4).',
    '대소문자를 구분하지 않는 서버가 있으므로 접두사는 대소문자와 관계없이 적용됩니다(§5.4).', secure),
  lesson('prefix-nameless', 'refused', '=__Host-nameless=1; Path=/; Secure',
    'Without a name, the value must not look like one that is (§5.7).',
    '이름이 없는 쿠키의 값이 접두사 있는 이름처럼 보여서는 안 됩니다(§5.7).', secure),
  lesson('nameless', 'stored', '=nameless; Path=/',
    'A cookie need not have a name: its value is sent alone (§5.6).', '쿠키에 이름이 없어도 되며 값만 보냅니다(§5.6).'),
  lesson('empty', 'refused', '=; Path=/', 'Without both name and value there is no cookie (§5.7).',
    '이름과 값이 모두 없으면 쿠키로 받지 않습니다(§5.7).'),
  lesson('largest', 'stored', `largest=${'x'.repeat(4089)}; Path=/`,
    'Name and value may have 4096 bytes together (§5.6).', '이름과 값은 합쳐서 4096바이트까지입니다(§5.6).'),
  lesson('too-large', 'refused', `too-large=${'x'.repeat(4088)}; Path=/`,
    'One byte more than 4096 for name and value is too many (§5.6).', '이름과 값이 4096바이트를 한 바이트만 넘어도 받지 않습니다(§5.6).'),
  lesson('long-attribute', 'stored', `long-attribute=1; Path=/${'x'.repeat(1024)}`,
    'An attribute of more than 1024 bytes is passed over (§5.6).', '1024바이트를 넘는 속성은 무시합니다(§5.6).'),
];

const domains: readonly CookieLesson[] = [
  lesson('domain-parent', 'stored', 'domain-parent=1; Path=/; Domain=lab.test',
    'It goes to lab.test and all names below it (§5.1.3).',
    'lab.test와 그 아래 모든 이름에 보냅니다(§5.1.3).', { host: 'shop.lab.test' }),
  lesson('domain-dot', 'stored', 'domain-dot=1; Path=/; Domain=.lab.test',
    'A dot before the domain, as it was written of old, does not matter (§5.6.3).', '예전 방식의 앞 점은 의미가 없습니다(§5.6.3).'),
  lesson('domain-sibling', 'refused', 'domain-sibling=1; Path=/; Domain=www.lab.test',
    'A host cannot speak for its neighbour (§5.7).', '호스트는 이웃 이름의 쿠키를 설정할 수 없습니다(§5.7).', { host: 'shop.lab.test' }),
  lesson('domain-below', 'refused', 'domain-below=1; Path=/; Domain=shop.lab.test',
    'A host cannot speak for a name below it (§5.7).', '호스트는 아래 이름의 쿠키를 설정할 수 없습니다(§5.7).'),
  lesson('domain-suffix', 'refused', 'domain-suffix=1; Path=/; Domain=test',
    'A host cannot speak for a public suffix, which many owners share (§5.7).',
    '호스트는 여러 소유자가 함께 쓰는 공용 접미사에 쿠키를 설정할 수 없습니다(§5.7).'),
  lesson('domain-foreign', 'refused', 'domain-foreign=1; Path=/; Domain=example.org',
    'A host cannot speak for somebody else’s domain (§5.7).', '호스트는 다른 도메인의 쿠키를 설정할 수 없습니다(§5.7).'),
  {
    name: 'many', meant: 'stored', at: { host: 'www.lab.test' },
    fields: () => Array.from({ length: 51 }, (_, index) => `many-${index + 1}=1; Path=/`),
    why: {
      en: 'A client keeps 50 of a domain: for one more, the one used longest ago has to go (§5.7).',
      ko: '클라이언트는 도메인마다 50개를 보관합니다. 하나를 더 받으면 가장 오래 쓰지 않은 것을 지웁니다(§5.7).',
    },
  },
];

export const cookieLessons: readonly CookieLesson[] = [...attributes, ...times, ...security, ...names, ...domains];
