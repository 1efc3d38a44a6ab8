import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { seenSoFar } from '../../src/explain/elapsed.ts';
import { failureStatus } from '../../src/explain/failure.ts';
import {
  formatDuration, formatEndpoint, formatHttpVersion, formatSize, formatTlsVersion,
} from '../../src/explain/format.ts';
import { sumOfStretches, uncovered } from '../../src/explain/ownTime.ts';
import { formatProxies } from '../../src/explain/proxies.ts';
import { phaseInSentence } from '../../src/explain/phases.ts';
import { explainAuthorization, explainChallenge } from '../../src/explain/authentication.ts';
import { explainPhrase, statusTone } from '../../src/explain/statusCodes.ts';
import { explainExtras } from '../../src/explain/extras.ts';
import { explainExchange } from '../../src/explain/summary.ts';
import { explainStatus } from '../../src/explain/whoAnswered.ts';
import type { InspectorAction } from '../../src/protocol.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { durationOf, phasesOf } from '../../src/trace/phases.ts';
import type { WebSocketCounts } from '../../src/trace/webSocket.ts';
import { wasUnverified } from '../../src/trace/verification.ts';
import { failureCard } from './failureCard.ts';
import { icon, spinner } from './icons.ts';
import type { IconName } from './icons.ts';
import { progressPart } from './progress.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';
import { statusText } from './status.ts';

/** Status, method and URL; the facts; what they mean; and the steps of a redirected send. */
export function header(view: View): TemplateResult {
  const { exchange } = view;
  return html`
    <header>
      <div class="line">
        ${status(view)}
        <span class="method">${exchange.request?.method ?? exchange.spec.method}</span>
        <span class="url" title=${exchange.spec.url}>${exchange.spec.url}</span>
        ${actions(view)}
      </div>
      ${facts(view)}
      ${unverified(view)}
      ${progressPart(view)}
      ${exchange.failure ? failureCard(view, exchange.failure) : exchange.held ? nothing : summary(view)}
      ${view.exchanges.length > 1 ? chain(view) : nothing}
    </header>`;
}

type Tone = 'good' | 'redirect' | 'bad' | 'interim' | 'running' | 'stopped';

const toneIcons: Readonly<Record<Exclude<Tone, 'running'>, IconName>> = {
  good: 'check', redirect: 'redirect', bad: 'cross', interim: 'dots', stopped: 'cancel',
};

function toneOf(exchange: Exchange): Tone {
  if (exchange.failure) return exchange.failure.code === 'cancelled' ? 'stopped' : 'bad';
  if (exchange.endAt === undefined) return 'running';
  return statusTone(exchange.response?.statusCode ?? 0);
}

function status({ exchange, language, t }: View): TemplateResult {
  const tone = toneOf(exchange);
  const mark = tone === 'running' ? spinner() : icon(toneIcons[tone]);
  const response = exchange.response;
  if (exchange.failure) {
    return html`<span class=${`status ${tone}`}>${mark}<span>${
      failureStatus(exchange.failure, language)}</span></span>`;
  }
  if (!response?.statusCode) {
    return html`<span class="status running">${mark}${exchange.endAt === undefined ? t('running') : '–'}</span>`;
  }
  const meaning = [explainStatus(exchange, language), explainPhrase(response, language) ?? ''];
  return html`<span class=${`status ${tone}`} title=${meaning.join(' ').trim().replaceAll('`', '')}>
    ${mark}<span>${statusText(response.statusCode, response.reasonPhrase)}</span></span>`;
}

const allActions: readonly (readonly [InspectorAction, IconName])[] = [
  ['copy-curl', 'copy'],
  ['export-har', 'export'],
  ['open-content', 'editor'],
  ['show-source', 'source'],
];

function actions(view: View): TemplateResult {
  const first = view.running ? ['cancel', 'cancel'] as const : ['resend', 'resend'] as const;
  const offered = allActions.filter(([action]) =>
    (action !== 'open-content' || (view.exchange.response?.contentSize ?? 0) > 0)
    && (action !== 'show-source' || view.exchange.spec.source !== undefined));
  return html`<div class="actions" role="group" aria-label=${view.t('actions')}>
    <button type="button" class="secondary" title=${view.t(first[0])} aria-label=${view.t(first[0])}
      @click=${() => view.act(first[0])}>${icon(first[1])}<span>${view.t(first[0])}</span></button>
    ${offered.map(([action, drawing]) => html`
      <button type="button" class="quiet" title=${view.t(action)} aria-label=${view.t(action)}
        @click=${() => view.act(action)}>${icon(drawing)}<span class="wide-only"
          aria-hidden="true">${view.t(action)}</span></button>`,
    )}
  </div>`;
}

function facts(view: View): TemplateResult {
  const parts = [
    timeFact,
    sizeFact,
    versionFact,
    tlsFact,
    peerFact,
    proxyFact,
    connectionFact,
    sentFact,
  ]
    .map((fact) => fact(view))
    .filter((fact) => fact !== undefined);
  return html`<ul class="facts">${parts.map((fact) => html`<li>${fact}</li>`)}</ul>`;
}

type Fact = TemplateResult | string | undefined;

function timeFact({ exchange, language, t, elapsed }: View): Fact {
  const duration = durationOf(exchange);
  if (duration === undefined) {
    return html`<b class="time-so-far">${
      t('so-far', { time: formatDuration(elapsed ?? seenSoFar(exchange), language) })}</b>`;
  }
  const time = formatDuration(duration, language);
  if (!exchange.failure) return html`<b>${time}</b>`;
  return html`<b>${t(exchange.failure.code === 'cancelled' ? 'until-cancelled' : 'until-failed', { time })}</b>`;
}

function sizeFact({ exchange, language, t }: View): Fact {
  const response = exchange.response;
  if (!response?.statusCode) return undefined;
  if (exchange.webSocket) return messagesFact(exchange.webSocket.counts);
  const wire = formatSize(response.bodySize, language);
  const coding = response.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  const content = formatSize(response.contentSize, language);
  const size = coding === undefined || response.bodySize === 0 ? html`<b>${wire}</b>`
    : html`<b>${wire}</b> ${coding} → ${response.contentSize === 0 && !response.complete ? t('not-decoded') : content}`;
  const cut = exchange.endAt !== undefined && !response.complete && !exchange.stream?.ended
    && exchange.failure?.code !== 'decoding-failed';
  return cut
    ? html`${size} <span class="tag warn">${icon('warning')}${t('incomplete')}</span>`
    : size;
}

function messagesFact({ sent, received }: WebSocketCounts): Fact {
  return html`<b>${icon('up')}${sent}</b> <b>${icon('down')}${received}</b>`;
}

function versionFact({ exchange, t }: View): Fact {
  const version = exchange.response?.httpVersion ?? exchange.request?.httpVersion;
  if (version === undefined) return undefined;
  const stream = exchange.request?.stream;
  return stream === undefined
    ? formatHttpVersion(version)
    : t('stream', { version: formatHttpVersion(version), stream });
}

function tlsFact({ exchange, t }: View): Fact {
  if (/^(?:http|ws):/.test(exchange.spec.url)) return t('unencrypted');
  const facts = exchange.connection?.tls?.facts;
  return facts && formatTlsVersion(facts.version);
}

function peerFact({ exchange }: View): Fact {
  const { peerAddress, peerPort } = exchange.connection ?? {};
  return peerAddress === undefined
    ? undefined
    : html`<span class="mono">${formatEndpoint(peerAddress, peerPort)}</span>`;
}

function proxyFact({ exchange, t }: View): Fact {
  // The whole chain, not the one proxy that was spoken to last.
  const proxy = exchange.spec.options.proxy ?? exchange.connection?.proxy?.proxy;
  return proxy === undefined ? undefined : t('through-proxy', { proxy: formatProxies(proxy) });
}

function connectionFact({ exchange, t }: View): Fact {
  if (exchange.reused) return t('reused-connection');
  return exchange.connection?.peerAddress === undefined ? undefined : t('new-connection');
}

function sentFact({ exchange, t }: View): Fact {
  return exchange.failure && !exchange.request ? t('nothing-sent') : undefined;
}

/** Lasting and loud: whoever looks at this response later must see it too. */
function unverified({ exchange, t }: View): TemplateResult | typeof nothing {
  if (!wasUnverified(exchange)) return nothing;
  return html`<p class="unverified">${icon('warning')}<strong>${t('unverified')}</strong> ${t('unverified-text')}</p>`;
}

function summary({ exchange, language }: View): TemplateResult {
  const { strong, text } = explainExchange(exchange, language);
  const { statusCode = 0, reasonPhrase } = exchange.response ?? {};
  const refused =
    statusCode >= 400
      ? html`<p><strong>${statusText(statusCode, reasonPhrase)}:</strong> ${
      prose(explainStatus(exchange, language))}</p>`
      : nothing;
  const first = explainAuthorization(exchange, language)?.sentences[0];
  const why = first === undefined ? nothing : html`<p>${prose(first)}</p>`;
  const steps = [
    ...explainChallenge(exchange, language), ...explainExtras(exchange, language),
  ].map((sentence) => html`<p>${prose(sentence)}</p>`);
  return html`<div class="card">${refused}${steps}${why}<p><strong>${prose(strong)}</strong> ${prose(text)}</p></div>`;
}

/** Longer chains are drawn with the code and the path alone. */
const manySteps = 5;

function chain(view: View): TemplateResult {
  const { exchanges, exchange, language, t } = view;
  return html`<nav aria-label=${t('chain')}><ol class="chain">${exchanges.map((one, index) => html`
    <li class=${one.resendOf !== undefined && one.resendOf === exchanges[index - 1]?.id ? 'resent' : 'sent'}>
      <button type="button" class="step" aria-current=${one.id === exchange.id ? 'step' : 'false'} title=${one.spec.url}
        @click=${() => view.select(one.id)}>
        <span class="unseen">${t('chain-step', { index: index + 1, count: exchanges.length })}</span>
        <span class=${`status ${toneOf(one)}`}>${exchanges.length > manySteps && one.response?.statusCode
          ? one.response.statusCode : shortStatus(one, language)}</span>
        ${wasUnverified(one) ? html`<span class="warn"
          title=${t('unverified')}>${icon('warning')}<span class="unseen">${t('unverified')}</span></span>` : nothing}
        <span class="mono step-url">${shortUrl(one, exchanges[index - 1])}</span>
        ${exchanges.length > manySteps ? nothing : html`<span class="dim">${timeOf(one, language)}</span>`}
      </button>
    </li>`)}${chainTotal(view)}</ol></nav>`;
}

/** ms; below that, steps follow each other. */
const leastBetween = 0.1;

/** From the first request's start to the last one's end, as above the request in the editor. */
function chainTotal({ exchanges, language, t }: View): TemplateResult | typeof nothing {
  const startAt = exchanges[0]?.startAt;
  const endAt = exchanges.at(-1)?.endAt;
  if (startAt === undefined || endAt === undefined) return nothing;
  const steps = exchanges.map((one) => ({ start: one.startAt, duration: (one.endAt ?? endAt) - one.startAt }));
  const between = sumOfStretches(uncovered(steps, startAt, endAt));
  const time = formatDuration(endAt - startAt, language);
  const text = between < leastBetween ? t('chain-total', { time })
    : t('chain-total-between', { time, between: formatDuration(between, language) });
  return html`<li class="total">${text}</li>`;
}

function shortStatus(exchange: Exchange, language: View['language']): TemplateResult | string {
  if (exchange.failure) return failureStatus(exchange.failure, language);
  const statusCode = exchange.response?.statusCode;
  if (statusCode) return statusText(statusCode, exchange.response?.reasonPhrase);
  return phaseInSentence(phasesOf(exchange).at(-1)?.name ?? 'blocked', language);
}

/** The path where the origin stays the same, else the whole URL. */
function shortUrl(exchange: Exchange, before: Exchange | undefined): string {
  const url = URL.parse(exchange.spec.url);
  const earlier = before && URL.parse(before.spec.url);
  if (!url) return exchange.spec.url;
  return !before || earlier?.origin === url.origin ? url.pathname + url.search : url.href;
}

function timeOf(exchange: Exchange, language: View['language']): string {
  const duration = durationOf(exchange);
  return duration === undefined ? '' : formatDuration(duration, language);
}
