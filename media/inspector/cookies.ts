import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainReceivedCookie, explainSentCookie } from '../../src/explain/cookies.ts';
import type { CookieExplanation } from '../../src/explain/cookies.ts';
import { formatNumber } from '../../src/explain/format.ts';
import type { CookieVerdict } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** The jar's cookies of this host: those of other hosts of its site are in the tab only. */
export function ownCookies(view: View): CookieVerdict[] {
  return view.exchange.cookies.sent.filter((cookie) => cookie.reason !== 'domain');
}

/** Every cookie of the exchange with what became of it, in short. */
export function cookieList(view: View): TemplateResult {
  const { exchange, language } = view;
  const rows = [
    ...ownCookies(view).map((cookie) => [cookie, explainSentCookie(cookie, exchange, language)] as const),
    ...exchange.cookies.received.map((cookie) =>
      [cookie, explainReceivedCookie(cookie, exchange, language)] as const),
  ];
  return html`<dl class="facts-list mono-names">${rows.map(([cookie, explanation]) => html`
    <div><dt>${cookie.name}</dt><dd>${verdict(explanation)}</dd></div>`)}</dl>`;
}

const toneMarks = {
  good: ['good', 'check'],
  neutral: ['dim', 'dots'],
  bad: ['bad', 'cross'],
} as const;

function verdict({ tone, word, text, section }: CookieExplanation): TemplateResult {
  const [tint, drawing] = toneMarks[tone];
  return html`<span class=${tint}>${icon(drawing)}${word}</span>
    <span>${prose(text)}</span> <span class="dim">${section ?? ''}</span>`;
}

/** The cookies that went, those kept back, and those the response set, each with the reason. */
export function cookiesPanel(view: View): TemplateResult {
  const { exchange, language, t } = view;
  const { received, sent, others = 0, unlisted = 0 } = exchange.cookies;
  return html`
    <section class="block wide"><h2>${t('cookies-sent')}</h2>
      ${sent.length === 0 ? html`<p class="dim">${t('no-cookies-sent')}</p>`
        : cookieTable(view, sent, (cookie) => explainSentCookie(cookie, exchange, language))}
      ${unlisted === 0 ? nothing : html`<p class="dim">${
        t('cookies-unlisted', { count: formatNumber(unlisted, language) })}</p>`}
      ${others === 0 ? nothing : cookiesOfOthers(view, others)}</section>
    <section class="block wide"><h2>${t('cookies-set')}</h2>
      ${
        received.length === 0
          ? html`<p class="dim">${t(noneSet(exchange))}</p>`
          : cookieTable(view, received, (cookie) =>
              explainReceivedCookie(cookie, exchange, language),
            )
      }</section>`;
}

/** Those of other sites, asked for when this is opened: the jar may have changed since. */
function cookiesOfOthers(view: View, count: number): TemplateResult {
  const { exchange, language, local, otherCookies, t } = view;
  const isOpen = local.otherCookiesOpen === true;
  const toggle = (event: Event): void => {
    const { open } = event.target as HTMLDetailsElement;
    if (open === isOpen) return;
    if (open) otherCookies.ask(exchange.id);
    view.change({ otherCookiesOpen: open });
  };
  return html`<details class="step-records other-cookies" ?open=${isOpen} @toggle=${toggle}>
    <summary>${icon('chevron')}<span>${
      t('cookies-of-others', { count: formatNumber(count, language) })}</span></summary>
    ${isOpen ? othersListed(view, count) : nothing}
  </details>`;
}

function othersListed(view: View, count: number): TemplateResult {
  const { exchange, language, otherCookies, t } = view;
  const answer = otherCookies.of(exchange.id);
  if (!answer) return html`<p class="dim">${t('cookies-others-awaited')}</p>`;
  const { others } = answer;
  if (!others) return html`<p class="dim">${t('cookies-others-gone')}</p>`;
  const { cookies, total } = others;
  const remark = (id: 'cookies-unlisted' | 'cookies-others-changed', left: number): TemplateResult | typeof nothing =>
    left <= 0 ? nothing : html`<p class="dim">${t(id, { count: formatNumber(left, language) })}</p>`;
  return html`${cookies.length === 0 ? nothing
    : cookieTable(view, cookies, (cookie) => explainSentCookie(cookie, exchange, language))}
    ${remark('cookies-unlisted', total - cookies.length)}${remark('cookies-others-changed', count - total)}`;
}

/** Without a response nothing could be set. */
function noneSet({ response, endAt }: Exchange): 'no-cookies-set' | 'no-response' | 'response-awaited' {
  if (response?.statusCode) return 'no-cookies-set';
  return endAt === undefined ? 'response-awaited' : 'no-response';
}

function cookieTable(
  { t }: View,
  cookies: readonly CookieVerdict[],
  explain: (cookie: CookieVerdict) => CookieExplanation,
): TemplateResult {
  return html`<div class="scroll"><table class="data cookies">
    <thead><tr><th scope="col">${t('cookie-name')}</th><th scope="col">${t('cookie-value')}</th>
      <th scope="col">${t('cookie-scope')}</th><th scope="col">${t('cookie-verdict')}</th></tr></thead>
    <tbody>${cookies.map((cookie) => html`<tr>
      <th scope="row" class="mono">${cookie.name}</th>
      <td class="mono value">${cookie.value}</td>
      <td class="mono scope">${scopeOf(cookie)}</td>
      <td class="reason">${verdict(explain(cookie))}</td></tr>`)}</tbody>
  </table></div>`;
}

/** As cookie files have it: a dot where names below the domain count, too. */
function scopeOf({ domain = '', path = '', hostOnly, accepted, reason }: CookieVerdict): string {
  const isSettled = accepted || (reason !== 'domain' && reason !== 'public-suffix') || path !== '';
  return `${domain !== '' && !hostOnly && isSettled ? '.' : ''}${domain}${path}`;
}
