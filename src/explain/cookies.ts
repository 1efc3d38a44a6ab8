import type { CookieVerdict } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { defaultCookieLimits } from '../trace/request.ts';
import { formatMoment, formatNumber } from './format.ts';
import { cookieTexts } from './text/cookie.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

/**
 * What became of one cookie: a word, the reason or its terms, and the section of RFC 6265bis behind
 * it.
 */
export interface CookieExplanation {
  /** A cookie kept back is neither good nor bad: it belongs elsewhere. */
  readonly tone: 'good' | 'neutral' | 'bad';
  readonly word: string;
  readonly text: string;
  readonly section?: string;
}

/** What a cookie was compared with: the URL of the request, and when it was sent (epoch ms). */
type CookieContext = Pick<Exchange, 'startedAt'> & { readonly spec: { readonly url: string } };

/** The section that decides, by reason (draft-ietf-httpbis-rfc6265bis, its last version). */
const receivedSections: Readonly<Record<string, string>> = {
  'domain': '§5.7', 'secure': '§5.7', 'overlay': '§5.7', 'expired': '§5.7', 'public-suffix': '§5.7',
  'same-site': '§5.7', 'nameless': '§5.7', 'syntax': '§5.6', 'size': '§5.6', 'prefix': '§5.4',
};
const sentSections: Readonly<Record<string, string>> = {
  'domain': '§5.1.3', 'path': '§5.1.4', 'secure': '§5.8.3', 'public-suffix': '§5.8.3', 'expired': '§5.7',
};

/**
 * What became of a `Set-Cookie` of a response: stored with its terms, the deletion of a cookie (an expiry in the past
 * is no refusal), or why it was refused, with what was compared.
 */
export function explainReceivedCookie(
  cookie: CookieVerdict, context: CookieContext, language: Language,
): CookieExplanation {
  const isPast = cookie.expires !== undefined && cookie.expires <= context.startedAt;
  if (isPast && (cookie.accepted || cookie.reason === 'expired')) {
    return {
      tone: 'good', word: say(cookieTexts, language, 'deleted'), text: say(cookieTexts, language, 'deleted-text'),
      section: 'RFC 6265bis §5.7',
    };
  }
  if (cookie.accepted) {
    const text = [termsOf(cookie, language), ...loopbackRemark(cookie, context, language)].join('. ');
    return { tone: 'good', word: say(cookieTexts, language, 'stored'), text };
  }
  const reason = cookie.reason ?? '';
  const id = reason === 'prefix' ? prefixId(cookie) : `set-${reason}`;
  const text = [
    textOr(id, 'set-other', placesOf(cookie, context, language), language),
    ...ignoredText('set-ignored', cookie, language),
  ].join(' ');
  return { tone: 'bad', word: say(cookieTexts, language, 'rejected'), text, ...sectionOf(receivedSections, reason) };
}

/** A cookie without a name is refused for a prefix of its value (RFC 6265bis §5.7). */
function prefixId({ name }: CookieVerdict): keyof typeof cookieTexts {
  if (/^__host-/i.test(name)) return 'set-prefix-host';
  return /^__secure-/i.test(name) ? 'set-prefix-secure' : 'set-prefix-nameless';
}

/** Whether a cookie of the jar went with a request, or why it was kept back, with what was compared. */
export function explainSentCookie(
  cookie: CookieVerdict, context: CookieContext, language: Language,
): CookieExplanation {
  const places = placesOf(cookie, context, language);
  if (cookie.accepted) {
    const isStrict = cookie.sameSite === 'strict' || cookie.sameSite === 'lax';
    return {
      tone: 'good', word: say(cookieTexts, language, 'sent'), section: 'RFC 6265bis §5.8.3',
      text: [
        say(cookieTexts, language, isStrict ? 'send-ok-same-site' : 'send-ok', places),
        ...loopbackRemark(cookie, context, language),
      ].join(' '),
    };
  }
  const reason = cookie.reason ?? '';
  const id = reason === 'domain' && cookie.hostOnly ? 'send-domain-host' : `send-${reason}`;
  return {
    tone: 'neutral', word: say(cookieTexts, language, 'kept-back'), text: textOr(id, 'send-other', places, language),
    ...sectionOf(sentSections, reason),
  };
}

/** What is `Secure` passed without TLS: only ever on this machine itself. */
function loopbackRemark({ secure }: CookieVerdict, { spec }: CookieContext, language: Language): string[] {
  const { protocol, hostname } = URL.parse(spec.url) ?? {};
  const isHere = hostname !== undefined && /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])\.?$/.test(hostname);
  const isClear = protocol === 'http:' || protocol === 'ws:';
  return secure && isHere && isClear ? [say(cookieTexts, language, 'secure-loopback')] : [];
}

function textOr(id: string, other: keyof typeof cookieTexts, places: Places, language: Language): string {
  const known = Object.hasOwn(cookieTexts, id) ? id as keyof typeof cookieTexts : other;
  return say(cookieTexts, language, known, places);
}

function sectionOf(sections: Readonly<Record<string, string>>, reason: string): Pick<CookieExplanation, 'section'> {
  return Object.hasOwn(sections, reason) ? { section: `RFC 6265bis ${sections[reason]}` } : {};
}

function placesOf(cookie: CookieVerdict, { spec }: CookieContext, language: Language): Places {
  const url = URL.parse(spec.url);
  return {
    domain: cookie.domain ?? '?', path: cookie.path ?? '/', reason: cookie.reason ?? '?',
    size: formatNumber(cookie.met?.size ?? defaultCookieLimits.size, language),
    host: url?.hostname ?? '?', requestPath: url?.pathname ?? '?', scheme: url?.protocol.replace(/:$/, '') ?? '?',
    moment: cookie.expires === undefined ? '?' : formatMoment(cookie.expires, language),
    sameSite: sameSiteOf(cookie) ?? '',
  };
}

function sameSiteOf({ sameSite }: CookieVerdict): string | undefined {
  return sameSite && `${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`;
}

/** How many others had to go, and by which limit. */
function evictedText({ evicted, met = {} }: CookieVerdict, language: Language): string[] {
  if (!evicted) return [];
  const { perDomain, total = defaultCookieLimits.total } = met;
  const id = perDomain === undefined ? 'evicted-total' : 'evicted-perDomain';
  return [say(cookieTexts, language, id, { count: evicted, limit: formatNumber(perDomain ?? total, language) })];
}

function ignoredText(
  id: 'ignored' | 'set-ignored', { ignored = [], met }: CookieVerdict, language: Language,
): string[] {
  if (ignored.length === 0) return [];
  const limit = formatNumber(met?.attribute ?? defaultCookieLimits.attribute, language);
  return [say(cookieTexts, language, id, { limit, names: ignored.map((name) => `\`${name}\``).join(', ') })];
}

/** How long and where a stored cookie holds, what it replaced, and its attributes. */
function termsOf(cookie: CookieVerdict, language: Language): string {
  const { expires, replaced, shortened, httpOnly, secure, partitioned, met } = cookie;
  const tell = (id: keyof typeof cookieTexts, places: Places = {}): string => say(cookieTexts, language, id, places);
  const time = expires === undefined ? tell('until-session-ends')
    : tell('until', { moment: formatMoment(expires, language) });
  const sameSite = sameSiteOf(cookie);
  const attributes = [
    ...httpOnly ? ['HttpOnly'] : [], ...secure ? ['Secure'] : [], ...sameSite ? [`SameSite=${sameSite}`] : [],
    ...partitioned ? ['Partitioned'] : [],
  ];
  return [
    time, ...shortened ? [tell('shortened', { limit: met?.days ?? defaultCookieLimits.days })] : [],
    ...replaced ? [tell(`replaced-${replaced}`)] : [], ...evictedText(cookie, language),
    ...ignoredText('ignored', cookie, language),
    ...attributes.length > 0 ? [attributes.join(', ')] : [],
  ].join('; ');
}
