import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { say } from '../../src/explain/text/text.ts';
import { webSocketTexts } from '../../src/explain/text/webSocket.ts';
import { isUnreadable } from '../../src/explain/failure.ts';
import type { Failure, PhaseName } from '../../src/trace/failure.ts';
import { wasUnverified } from '../../src/trace/verification.ts';
import { ownCookies } from './cookies.ts';
import { tabs } from './state.ts';
import type { Tab, View } from './state.ts';

/** The views of an exchange; arrow keys, Home and End move between them (WAI-ARIA tabs pattern). */
export function tabList(view: View): TemplateResult {
  return html`<div class="tabs" role="tablist" aria-label=${view.t('tabs')}
    @keydown=${(event: KeyboardEvent) => move(event, view)}>
    ${tabs.map((tab) => oneTab(view, tab))}
  </div>`;
}

function oneTab(view: View, tab: Tab): TemplateResult {
  const selected = view.saved.tab === tab;
  return html`<button type="button" role="tab" id=${`tab-${tab}`} aria-controls="panel"
    aria-selected=${selected ? 'true' : 'false'}
    tabindex=${selected ? 0 : -1} @click=${() => view.save({ tab })}>${label(view, tab)}${badge(view, tab)}</button>`;
}

/** A WebSocket has messages and no body. */
function label({ exchange, language, t }: View, tab: Tab): string {
  return tab === 'body' && exchange.spec.webSocket ? say(webSocketTexts, language, 'tab') : t(`tab-${tab}`);
}

const failedTabs: Readonly<Record<PhaseName, Tab>> = {
  blocked: 'overview',
  dns: 'dns',
  tcp: 'connection',
  proxy: 'connection',
  tls: 'tls',
  send: 'request',
  wait: 'response',
  receive: 'body',
};

function failedTab({ phase, code }: Failure): Tab {
  return code === 'too-many-redirects' || code === 'redirect-invalid' || isUnreadable(code)
    ? 'response'
    : failedTabs[phase];
}

function badge(view: View, tab: Tab): TemplateResult | typeof nothing {
  const { failure, cookies } = view.exchange;
  const messages = view.exchange.webSocket?.counts;
  const count = tab === 'cookies' ? ownCookies(view).length + cookies.received.length
    : tab === 'body' && messages ? messages.sent + messages.received : 0;
  if (failure && failure.code !== 'cancelled' && tab !== 'overview' && failedTab(failure) === tab) {
    return html`<span class="badge bad"
      title=${view.t('failed-here')}>!<span class="unseen"> ${view.t('failed-here')}</span></span>`;
  }
  if (tab === 'tls' && wasUnverified(view.exchange)) {
    return html`<span class="badge warn"
      title=${view.t('unverified')}>!<span class="unseen"> ${view.t('unverified')}</span></span>`;
  }
  return count === 0 ? nothing : html`<span class="badge">${count}</span>`;
}

function move(event: KeyboardEvent, view: View): void {
  const at = tabs.indexOf(view.saved.tab);
  const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[
    event.key
  ];
  if (target === undefined) return;
  event.preventDefault();
  const tab = tabs[(target + tabs.length) % tabs.length] as Tab;
  view.save({ tab });
  document.getElementById(`tab-${tab}`)?.focus();
}
