import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatLifetime, formatSize } from '../../src/explain/format.ts';
import type { DnsRecord, DnsStep } from '../../src/trace/event.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';

/** Who was asked for the addresses, what each said, and what was made of it. */
export function dnsPanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const lookup = exchange.connection?.lookup;
  if (!lookup) return html`<p class="dim">${t('no-lookup')}</p>`;
  return html`
    ${exchange.reused ? html`<p class="remark">${t('no-lookup-reused')}</p>` : nothing}
    <section class="block wide">
      <h2>${t('lookup')} <span class="plain name">${lookup.name}</span> <span class="plain">${spanOf(view, lookup.startAt, lookup.endAt)}</span></h2>
      <ol class="lookup-steps">${lookup.steps.map((step) => stepOf(view, step))}</ol>
    </section>
    ${
      lookup.addresses.length === 0
        ? nothing
        : html`<section class="block wide"><h2>${t('addresses')}</h2>
      <ol class="addresses">${lookup.addresses.map(
        ({ address, family }) => html`
        <li><span class="mono">${address}</span> <span class="dim">IPv${family}</span></li>`,
      )}</ol></section>`
    }`;
}

function spanOf(view: View, startAt: number, endAt: number | undefined): string {
  return endAt === undefined
    ? view.t('outcome-running')
    : formatDuration(endAt - startAt, view.language);
}

function stepOf(view: View, step: DnsStep): TemplateResult {
  const { t } = view;
  const good = step.outcome === 'answered';
  const neutral = step.outcome === 'not-listed' || step.outcome === 'no-data';
  return html`<li class="lookup-step">
    <div class="step-line">
      <span class=${good ? 'good' : neutral ? 'dim' : 'bad'}>${icon(good ? 'check' : neutral ? 'dots' : 'cross')}</span>
      <span class="step-source">${t(`source-${step.source}`)} ${step.server ? html`<span class="mono">${step.server}</span>` : nothing}
        ${step.transport ? html`<span class="dim">${t('over', { transport: step.transport.toUpperCase() })}</span>` : nothing}</span>
      <span class="mono">${step.question.type} ${step.question.name}</span>
      <span class=${good || neutral ? '' : 'bad'}>${t(`outcome-${step.outcome}`)}${step.rcode ? html` <span class="mono dim">${step.rcode}</span>` : nothing}</span>
      <span class="step-time">${formatDuration(step.at - step.startAt, view.language)}</span>
    </div>
    ${stepDetails(view, step)}
    ${step.records?.length ? recordTable(view, step.records) : nothing}
  </li>`;
}

function stepDetails(view: View, step: DnsStep): TemplateResult | typeof nothing {
  const { t, language } = view;
  const parts = [
    step.authoritative ? t('authoritative') : undefined,
    step.truncated ? t('truncated') : undefined,
    step.querySize === undefined || step.answerSize === undefined
      ? undefined
      : t('sizes', {
          query: formatSize(step.querySize, language),
          answer: formatSize(step.answerSize, language),
        }),
    step.message,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? nothing : html`<p class="step-details dim">${parts.join(' · ')}</p>`;
}

function recordTable(view: View, records: readonly DnsRecord[]): TemplateResult {
  const { t, language } = view;
  return html`<div class="scroll"><table class="data mono">
    <thead><tr><th scope="col">${t('record-name')}</th><th scope="col">${t('record-type')}</th>
      <th scope="col" class="number">${t('record-ttl')}</th><th scope="col">${t('record-value')}</th><th scope="col">${t('record-section')}</th></tr></thead>
    <tbody>${records.map((record) => html`<tr><td>${record.name}</td><td>${record.type}</td>
      <td class="number">${record.ttl === undefined ? '' : formatLifetime(record.ttl, language)}</td>
      <td class="value">${record.value}</td><td class="dim">${record.section}</td></tr>`)}</tbody>
  </table></div>`;
}
