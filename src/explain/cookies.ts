import type { CookieVerdict } from '../trace/event.ts';
import { formatMoment } from './format.ts';
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

/** The section that decides, by reason (draft-ietf-httpbis-rfc6265bis-22). */
const sections: Readonly<Record<string, string>> = {
  'domain': '§5.1.3',
  'path': '§5.1.4',
  'secure': '§5.7',
  'expired': '§5.7',
  'public-suffix': '§5.7',
  'syntax': '§5.6',
  'size': '§5.6',
  'prefix': '§4.1.3',
  'same-site': '§5.2',
};

/**
 * What became of a `Set-Cookie` of a response. `now` is the epoch ms of the exchange: an expiry
 * before it deletes the cookie, which is not a refusal.
 */
export function explainReceivedCookie(
  cookie: CookieVerdict,
  now: number,
  language: Language,
): CookieExplanation {
  if (
    cookie.expires !== undefined
    && cookie.expires <= now
    && (cookie.accepted || cookie.reason === 'expired')
  ) {
    return {
      tone: 'good',
      word: say(cookieTexts, language, 'deleted'),
      text: say(cookieTexts, language, 'deleted-text'),
      section: 'RFC 6265bis §5.7',
    };
  }
  if (cookie.accepted) {
    return {
      tone: 'good',
      word: say(cookieTexts, language, 'stored'),
      text: termsOf(cookie, language),
    };
  }
  return refused('rejected', `set-${cookie.reason ?? ''}`, cookie, language);
}

/** Whether a cookie of the jar went with a request, or why it was kept back. */
export function explainSentCookie(cookie: CookieVerdict, language: Language): CookieExplanation {
  if (!cookie.accepted)
    return refused('kept-back', `send-${cookie.reason ?? ''}`, cookie, language);
  return {
    tone: 'good',
    word: say(cookieTexts, language, 'sent'),
    text: say(cookieTexts, language, 'send-ok'),
    section: 'RFC 6265bis §5.8.3',
  };
}

function refused(
  word: 'rejected' | 'kept-back', id: string, cookie: CookieVerdict, language: Language,
): CookieExplanation {
  const section = sections[cookie.reason ?? ''];
  const places: Places = {
    domain: cookie.domain ?? '?', path: cookie.path ?? '/', reason: cookie.reason ?? '?',
  };
  const plain = id === 'set-domain' && cookie.domain === undefined ? 'set-domain-plain' : id;
  const other = word === 'rejected' ? 'set-other' : 'send-other';
  const known = Object.hasOwn(cookieTexts, plain) ? plain as keyof typeof cookieTexts : other;
  return {
    tone: word === 'rejected' ? 'bad' : 'neutral',
    word: say(cookieTexts, language, word),
    text: say(cookieTexts, language, known, places),
    ...(section === undefined ? {} : { section: `RFC 6265bis ${section}` }),
  };
}

/** How long and where a stored cookie holds, and its attributes. */
function termsOf(cookie: CookieVerdict, language: Language): string {
  const time = cookie.expires === undefined ? say(cookieTexts, language, 'until-session-ends')
    : say(cookieTexts, language, 'until', { moment: formatMoment(cookie.expires, language) });
  const attributes = [
    cookie.httpOnly ? 'HttpOnly' : undefined,
    cookie.secure ? 'Secure' : undefined,
    cookie.sameSite
      ? `SameSite=${cookie.sameSite[0]?.toUpperCase()}${cookie.sameSite.slice(1)}`
      : undefined,
  ].filter((attribute) => attribute !== undefined);
  return attributes.length === 0 ? time : `${time}; ${attributes.join(', ')}`;
}
