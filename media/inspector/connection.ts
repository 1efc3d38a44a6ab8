import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatEndpoint, formatHttpVersion } from '../../src/explain/format.ts';
import { attemptNote } from '../../src/explain/phases.ts';
import type { Attempt, Connection } from '../../src/trace/exchange.ts';
import { factList, mono } from './factList.ts';
import { icon } from './icons.ts';
import { proxyChoice, proxySections } from './proxies.ts';
import type { View } from './state.ts';

/** The attempts to connect, both ends of the connection, and the proxy between them. */
export function connectionPanel(view: View): TemplateResult {
  const connection = view.exchange.connection;
  if (!connection) return html`<p class="dim">${view.t('no-connection')}</p>${proxyChoice(view)}`;
  const attempts = connection.attempts.filter((attempt) => attempt !== undefined);
  return html`
    <section class="block wide"><h2>${view.t('the-connection')}</h2>${connectionFacts(view, connection)}</section>
    ${attempts.length === 0 ? nothing : html`<section class="block wide"><h2>${view.t('attempts')}</h2>${attemptTable(view, attempts)}</section>`}
    ${proxyChoice(view)}${proxySections(view)}`;
}

function connectionFacts(view: View, connection: Connection): TemplateResult {
  const { t, exchange } = view;
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
    [t('http-version'), connection.httpVersion && formatHttpVersion(connection.httpVersion)],
    [t('used'), usedText(view)],
    [t('sender'), exchange.request && mono(exchange.request.client)],
  ]);
}

function usedText({ exchange, language, t }: View): string {
  if (!exchange.reused) return t('used-new');
  if (exchange.idle === undefined) return t('used-reused');
  return t('used-reused-idle', { idle: formatDuration(exchange.idle, language) });
}

function attemptTable(view: View, attempts: readonly Attempt[]): TemplateResult {
  const { t } = view;
  return html`<div class="scroll"><table class="data">
    <thead><tr><th scope="col">${t('attempt-address')}</th><th scope="col">${t('attempt-family')}</th>
      <th scope="col">${t('attempt-outcome')}</th><th scope="col" class="number">${t('column-duration')}</th><th scope="col">${t('column-note')}</th></tr></thead>
    <tbody>${attempts.map((attempt) => html`<tr>
      <th scope="row" class="mono">${formatEndpoint(attempt.address, attempt.port)}</th>
      <td>IPv${attempt.family}</td>
      <td class=${outcomeTone(attempt)}>${icon(attempt.outcome === 'connected' ? 'check' : attempt.outcome === 'failed' ? 'cross' : 'dots')}${t(`outcome-${attempt.outcome ?? 'running'}`)}</td>
      <td class="number">${attempt.endAt === undefined ? '…' : formatDuration(attempt.endAt - attempt.startAt, view.language)}</td>
      <td class="dim">${attemptNote(attempt, view.exchange, view.language)}</td></tr>`)}</tbody>
  </table></div>`;
}

function outcomeTone(attempt: Attempt): string {
  return attempt.outcome === 'connected' ? 'good' : attempt.outcome === 'failed' ? 'bad' : 'dim';
}
