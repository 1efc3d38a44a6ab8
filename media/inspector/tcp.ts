import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainRace, raceOf } from '../../src/explain/link.ts';
import { formatDuration, formatEndpoint } from '../../src/explain/format.ts';
import { attemptNote } from '../../src/explain/phases.ts';
import { explainSilence, figuresOf } from '../../src/explain/tcpFigures.ts';
import { tcpTexts } from '../../src/explain/text/tcp.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Attempt, Connection } from '../../src/trace/exchange.ts';
import { icon } from './icons.ts';
import { place } from './place.ts';
import type { View } from './state.ts';

/** The attempts to connect on one axis, with what became of each. */
export function raceSection(view: View, connection: Connection): TemplateResult | typeof nothing {
  const attempts = connection.attempts.filter((attempt) => attempt !== undefined);
  if (attempts.length === 0) return nothing;
  const rules = explainRace(connection, view.language);
  const { t, language } = view;
  const { bars, total } = raceOf(attempts);
  const share = (ms: number): number => total > 0 ? Math.round((ms / total) * 1e5) / 1e3 : 0;
  return html`<section class="block wide"><h2>${t('attempts')}</h2>
    <div class="scroll"><table class="data race">
      <thead><tr><th scope="col">${t('attempt-address')}</th>
      <th scope="col" class="race-axis"><span class="unseen">${t('column-timeline')}</span></th>
        <th scope="col" class="number">${t('column-duration')}</th>
        <th scope="col">${t('attempt-outcome')}</th></tr></thead>
      <tbody>${bars.map(({ attempt, start, duration }) => html`<tr class=${attempt.outcome ?? 'running'}>
        <th scope="row" class="mono">${formatEndpoint(attempt.address, attempt.port)}</th>
        <td class="race-axis"><span class="unseen">${
          t('from', { start: formatDuration(start, language) })}</span><span class="race-track"><span
          class="bar tcp" ${place({
          from: share(start), width: total > 0 ? share(duration ?? total - start) : 100 })}></span></span></td>
        <td class="number">${duration === undefined ? '…' : formatDuration(duration, language)}</td>
        <td class="reason"><span class=${outcomeTone(attempt)}>${
          icon(outcomeIcon(attempt))}${attemptNote(attempt, view.exchange, language)}</span></td></tr>`)}</tbody>
    </table></div>
    ${rules === undefined ? nothing : html`<p class="under dim">${rules}</p>`}
  </section>`;
}

function outcomeTone({ outcome }: Attempt): string {
  return outcome === 'connected' ? 'good' : outcome === 'failed' ? 'bad' : 'dim';
}

function outcomeIcon({ outcome }: Attempt): 'check' | 'cross' | 'dots' {
  return outcome === 'connected' ? 'check' : outcome === 'failed' ? 'cross' : 'dots';
}

/** What the kernel counted, at each time it was asked, and what the figures mean. */
export function figuresSection({ exchange, language }: View, connection: Connection): TemplateResult | typeof nothing {
  const title = html`<h2>${say(tcpTexts, language, 'figures')}</h2>`;
  const startAt = Math.min(exchange.startAt, connection.startAt);
  const table = figuresOf(connection, startAt, language);
  const silence = explainSilence(connection, language);
  if (!table) return silence === undefined
    ? nothing : html`<section class="block wide">${title}<p class="dim">${silence}</p></section>`;
  const { times, rows, note } = table;
  return html`<section class="block wide">${title}
    <div class="scroll"><table class="data figures">
      <thead><tr><th scope="col">${say(tcpTexts, language, 'figure')}</th>
        ${times.map((time) => html`<th scope="col"
          class="number">${say(tcpTexts, language, 'at-connected', { time })}</th>`)}
        <th scope="col">${say(tcpTexts, language, 'meaning')}</th></tr></thead>
      <tbody>${rows.map(({ name, values, meaning }) => html`<tr><th scope="row">${name}</th>
        ${values.map((value) => html`<td class="number">${value ?? '–'}</td>`)}<td
          class="dim meaning-cell">${meaning}</td></tr>`)}</tbody>
    </table></div>
    <p class="under dim">${note}</p>
  </section>`;
}
