import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatEndpoint, formatHttpVersion } from '../../src/explain/format.ts';
import { linkTexts } from '../../src/explain/text/link.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Connection } from '../../src/trace/exchange.ts';
import { defaultMaxConnections } from '../../src/trace/request.ts';
import { factList, mono } from './factList.ts';
import { icon } from './icons.ts';
import { proxyChoice, proxySections } from './proxies.ts';
import type { View } from './state.ts';
import { figuresSection, raceSection } from './tcp.ts';
import { handshakeSection, waySection } from './way.ts';

/** Both ends of the connection, the way between them, how it was opened, what the kernel counted, and the proxies. */
export function connectionPanel(view: View): TemplateResult {
  const connection = view.exchange.connection;
  if (!connection) return html`<p class="dim">${view.t('no-connection')}</p>${proxyChoice(view)}`;
  return html`
    <section class="block wide"><h2>${view.t('the-connection')}</h2>${
      connectionFacts(view, connection)}${captureButton(view, connection)}</section>
    ${waySection(view, connection)}${handshakeSection(view, connection)}${
      raceSection(view, connection)}${figuresSection(view, connection)}
    ${proxyChoice(view)}${proxySections(view)}`;
}

/** Of what passed on the network; where nothing was connected there are no packets. */
function captureButton({ act, exchange, t }: View, { peerAddress }: Connection): TemplateResult | typeof nothing {
  if (peerAddress === undefined || exchange.spec.options.capture === 'none') return nothing;
  return html`<p><button type="button" class="link"
    @click=${() => act('export-pcapng')}>${icon('export')}${t('export-pcapng')}</button></p>`;
}

function connectionFacts(view: View, connection: Connection): TemplateResult {
  const { t, exchange, language } = view;
  return factList([
    [t('origin'), mono(connection.origin)],
    [
      t('peer'),
      connection.peerAddress === undefined
        ? undefined
        : mono(formatEndpoint(connection.peerAddress, connection.peerPort)),
    ],
    [
      t('local'),
      connection.localAddress === undefined
        ? undefined
        : mono(formatEndpoint(connection.localAddress, connection.localPort)),
    ],
    [say(linkTexts, language, 'peer-name'), peerName(view, connection)],
    [t('http-version'), connection.httpVersion && formatHttpVersion(connection.httpVersion)],
    [t('used'), used(view)],
    [t('waited'), waitedText(view)],
    [t('at-once'), connection.httpVersion === '1.1' ? atOnceText(view) : undefined],
    [t('sender'), exchange.request && mono(exchange.request.client)],
  ]);
}

/** Nobody is asked for it before somebody wants it. */
function peerName(view: View, { peerName: known, peerAddress }: Connection): TemplateResult | string | undefined {
  const { language } = view;
  if (!known) {
    return peerAddress === undefined ? undefined
      : html`<button type="button" class="link"
        @click=${() => view.act('look-up-peer')}>${view.t('look-up-peer')}</button>`;
  }
  return known.names.length === 0 ? say(linkTexts, language, 'peer-name-none') : mono(known.names.join(', '));
}

/** Reused: and how to be given a new one. */
function used(view: View): TemplateResult | string {
  const text = usedText(view);
  if (!view.exchange.reused || view.running) return text;
  return html`${text} <button type="button" class="link"
    @click=${() => view.act('resend-new')}>${view.t('resend-new')}</button>`;
}

function waitedText({ exchange: { waited }, language, t }: View): string | undefined {
  if (!waited) return undefined;
  const time = formatDuration(waited.until - waited.since, language);
  if (waited.for === 'version') return t('waited-version', { time });
  const { ahead, limit } = waited;
  if (waited.for === 'stream') return t(ahead === 0 ? 'waited-stream' : 'waited-stream-ahead', { time, ahead, limit });
  return t(ahead === 0 ? 'waited-connection' : 'waited-ahead', { time, ahead });
}

function atOnceText({ exchange: { spec }, t }: View): string {
  return t('at-once-limit', { limit: spec.options.maxConnections ?? defaultMaxConnections });
}

function usedText({ exchange, language, t }: View): string {
  if (!exchange.reused) return t('used-new');
  if (exchange.idle === undefined) return t('used-reused');
  return t('used-reused-idle', { idle: formatDuration(exchange.idle, language) });
}
