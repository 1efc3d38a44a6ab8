import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainFailure, failureStatus } from '../../src/explain/failure.ts';
import { formatDuration } from '../../src/explain/format.ts';
import { formatStatus } from '../../src/explain/statusCodes.ts';
import { inspectorTexts } from '../../src/explain/text/inspector.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Language } from '../../src/protocol.ts';
import { durationOf } from '../../src/trace/phases.ts';
import { bodyPanel } from './body.ts';
import { connectionPanel } from './connection.ts';
import { cookiesPanel } from './cookies.ts';
import { dnsPanel } from './dns.ts';
import { header } from './header.ts';
import { overviewPanel } from './overview.ts';
import { prose } from './prose.ts';
import { requestPanel } from './request.ts';
import { responsePanel } from './response.ts';
import type { Tab, View } from './state.ts';
import { tabList } from './tabs.ts';
import { tlsPanel } from './tls.ts';
import { wirePanel } from './wire.ts';

/** The whole page for one exchange. `announced` is the exchange that was told to screen readers. */
export function page(view: View, announced: string | undefined): TemplateResult {
  const tab = view.saved.tab;
  return html`
    <h1 class="unseen">${view.t('page')}</h1>
    <div class="unseen" role="status" aria-live="polite">${announced === view.exchange.id ? announcement(view)
      : nothing}</div>
    ${header(view)}
    ${tabList(view)}
    <section id="panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0" class=${`panel panel-${tab}`}>
      ${panels[tab](view)}
    </section>`;
}

const panels: Readonly<Record<Tab, (view: View) => TemplateResult>> = {
  overview: overviewPanel, dns: dnsPanel, connection: connectionPanel, tls: tlsPanel,
  request: requestPanel, response: responsePanel, cookies: cookiesPanel, body: bodyPanel, wire: wirePanel,
};

function announcement({ exchange, language, t }: View): string {
  const time = formatDuration(durationOf(exchange) ?? 0, language);
  const { failure, response } = exchange;
  if (failure) {
    const status = failureStatus(failure, language);
    if (failure.code === 'cancelled') return t('announce-done', { status, time });
    const title = explainFailure(failure, exchange, language).title.replace(/\.$/, '');
    return t('announce-done', { status: `${status}: ${title}`, time });
  }
  return t('announce-done', {
    status: formatStatus(response?.statusCode ?? 0, response?.reasonPhrase),
    time,
  });
}

/** What is shown before the first request. */
export function emptyPage(language: Language): TemplateResult {
  const t = (id: keyof typeof inspectorTexts): string => say(inspectorTexts, language, id);
  return html`
    <div class="empty">
      <svg class="empty-drawing" viewBox="0 0 120 40" aria-hidden="true" focusable="false">
        <path d="M6 14h96m-8-6 8 6-8 6M114 28H18m8-6-8 6 8 6"/>
      </svg>
      <h1>${t('empty-title')}</h1>
      <ol>
        <li>${prose(t('empty-1'))}</li>
        <li>${prose(t('empty-2'))}</li>
        <li>${prose(t('empty-3'))}</li>
      </ol>
    </div>`;
}
