import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainDnsStep } from '../../src/explain/nameStep.ts';
import { explainServerOf } from '../../src/explain/questions.ts';
import { formatDuration, formatLifetime } from '../../src/explain/format.ts';
import { explainStepDetails, stepTone } from '../../src/explain/stepDetails.ts';
import type { DnsRecord, DnsStep } from '../../src/trace/dnsStep.ts';
import type { PeerName } from '../../src/trace/exchange.ts';
import { questionExchange } from './dnsExchange.ts';
import { serviceSection } from './dnsService.ts';
import { systemFacts } from './dnsSystem.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';
import { wireText } from './wire.ts';

/** Who was asked for the addresses, what each said, and what was made of it. */
export function dnsPanel(view: View): TemplateResult {
  const { exchange, t } = view;
  const { connection } = exchange;
  const lookup = connection?.lookup;
  const peer = connection?.peerName;
  if (!lookup) return html`<p class="dim">${t('no-lookup')}</p>${peer ? peerSection(view, peer) : nothing}`;
  return html`
    ${exchange.reused ? html`<p class="remark">${t('no-lookup-reused')}</p>` : nothing}
    <section class="block wide">
      <h2>${t('lookup')} <span class="plain name">${lookup.name}</span> <span class="plain">${
        spanOf(view, lookup.startAt, lookup.endAt)}</span></h2>
      ${walkLine(view, lookup.steps)}${absence(view, lookup.steps)}
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
    }
    ${serviceSection(view, connection)}${peer ? peerSection(view, peer) : nothing}`;
}

/** The lookup of the peer's name: beside the exchange, and no part of the lookup of the addresses. */
function peerSection(view: View, { address, startAt, endAt, steps }: PeerName): TemplateResult | typeof nothing {
  if (steps.length === 0) return nothing;
  return html`<section class="block wide">
    <h2>${view.t('peer-names')} <span class="plain name">${address}</span> <span class="plain">${
      spanOf(view, startAt, endAt)}</span></h2>
    <ol class="lookup-steps">${steps.map((step) => stepOf(view, step))}</ol>
  </section>`;
}

function spanOf(view: View, startAt: number, endAt: number | undefined): string {
  return endAt === undefined
    ? view.t('outcome-running')
    : formatDuration(endAt - startAt, view.language);
}

/** Why the messages of questions that were asked cannot be seen. */
function absence(view: View, steps: readonly DnsStep[]): TemplateResult | typeof nothing {
  const isWanted = view.exchange.spec.options.capture !== 'none';
  if (isWanted || !steps.some(({ source }) => source === 'name-server')) return nothing;
  return html`<p class="dim">${wireText(view, 'not-kept')}</p>`;
}

/** How much was asked on the walk from the root. */
function walkLine({ t }: View, steps: readonly DnsStep[]): TemplateResult | typeof nothing {
  const walk = steps.filter((step) => step.zone !== undefined);
  if (walk.length === 0) return nothing;
  const asked = walk.filter(({ source }) => source === 'name-server');
  const servers = new Set(asked.map(({ server }) => server)).size;
  const known = walk.filter(({ source, learntHere }) => source === 'cache' && !learntHere).length;
  return html`<p class="dim">${t('walk', { questions: asked.length, servers })}${
    known === 0 ? nothing : html` ${t('walk-cached', { count: known })}`}</p>`;
}

function stepOf(view: View, step: DnsStep): TemplateResult {
  const { t } = view;
  const tone = stepTone(step);
  const sentence = explainDnsStep(step, view.language);
  return html`<li class="lookup-step">
    <div class="step-line">
      <span class=${tone}>${icon(({ good: 'check', dim: 'dots', bad: 'cross' } as const)[tone])}</span>
      <span class="step-source">${step.zone === undefined ? t(`source-${step.source}`) : walkedAt(view, step)} ${
        step.server ? html`<span class="mono">${step.server}</span>` : nothing}
        ${step.transport ? html`<span class="dim">${t('over', { transport: step.transport.toUpperCase() })}</span>`
          : nothing}</span>
      <span class="mono">${step.question.type} ${step.question.name}</span>
      <span class=${tone === 'bad' ? 'bad' : ''}>${t(`outcome-${step.outcome}`)}${step.rcode
        ? html` <span class="mono dim">${step.rcode}</span>` : nothing}</span>
      <span class="step-time">${formatDuration(step.at - step.startAt, view.language)}</span>
    </div>
    ${sentence === undefined ? nothing : html`<p class="step-sentence">${sentence}</p>`}
    ${stepDetails(view, step)}${serverOf(view, step)}
    ${step.system ? html`<div class="step-facts">${systemFacts(view, step.system)}</div>` : nothing}
    ${questionExchange(view, step)}
    ${step.records?.length ? recordsOf(view, step, step.records) : nothing}
  </li>`;
}

/** The zone and the server's name, as a referral or the root hints gave it. */
function walkedAt({ t }: View, { zone, serverName }: DnsStep): TemplateResult {
  return html`${t('zone')} <span class="mono">${zone}</span>${
    serverName === undefined ? nothing : html` <span class="mono">${serverName}</span>`
  }`;
}

/** Referrals have dozens of records: folded away, as the sentence says what they come to. */
function recordsOf(view: View, step: DnsStep, records: readonly DnsRecord[]): TemplateResult {
  if (step.outcome !== 'referral') return recordTable(view, records);
  return html`<details class="step-records">
    <summary>${icon('chevron')}<span>${view.t('records', { count: records.length })}</span></summary>
    ${recordTable(view, records)}
  </details>`;
}

function stepDetails({ language }: View, step: DnsStep): TemplateResult | typeof nothing {
  const parts = explainStepDetails(step, language);
  return parts.length === 0 ? nothing : html`<p class="step-details dim">${parts.join(' · ')}</p>`;
}

/** The other side of the question, where that is the lab's. */
function serverOf({ exchange, language }: View, step: DnsStep): TemplateResult | typeof nothing {
  const told = explainServerOf(step, exchange, language);
  return told === undefined ? nothing : html`<p class="step-details dim">${told}</p>`;
}

function recordTable(view: View, records: readonly DnsRecord[]): TemplateResult {
  const { t, language } = view;
  const label = t('records', { count: records.length });
  return html`<div class="scroll" role="group" tabindex="0" aria-label=${label}><table class="data mono">
    <thead><tr><th scope="col">${t('record-name')}</th><th scope="col">${t('record-type')}</th>
      <th scope="col" class="number">${t('record-ttl')}</th><th scope="col">${t('record-value')}</th>
      <th scope="col">${t('record-section')}</th></tr></thead>
    <tbody>${records.map((record) => html`<tr><td>${record.name}</td><td>${record.type}</td>
      <td class="number">${record.ttl === undefined ? '' : formatLifetime(record.ttl, language)}</td>
      <td class="value">${record.value}</td><td class="dim">${record.section}</td></tr>`)}</tbody>
  </table></div>`;
}
