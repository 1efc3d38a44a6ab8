import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainMessage } from '../../src/explain/dnsMessage.ts';
import type { ExplainedMessage, MessagePart } from '../../src/explain/dnsMessage.ts';
import { formatSize } from '../../src/explain/format.ts';
import { dnsMessageTexts } from '../../src/explain/text/dnsMessage.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Places } from '../../src/explain/text/text.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import { certificateChain } from './certificates.ts';
import { fieldLines } from './fieldLines.ts';
import { markedBytes } from './hexView.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';

/**
 * A question to a name server as an exchange of its own, folded away: over HTTPS its heads, the two messages part by
 * part and octet by octet, and over TLS the certificate.
 */
export function questionExchange(view: View, step: DnsStep): TemplateResult | typeof nothing {
  const { connection, queryBytes, answerBytes, messagesOmitted } = step;
  const parts = [queryBytes, answerBytes, messagesOmitted, connection?.tls, connection?.requestHeaders];
  if (parts.every((part) => part === undefined)) return nothing;
  const { question: { type, name }, startAt, at } = step;
  const id = `dns-${type}-${name}-${startAt}-${at}`;
  const isOpen = view.local.openQuestions?.has(id) === true;
  return html`<details class="step-records" ?open=${isOpen} @toggle=${(event: Event) => toggle(view, id, event)}>
    <summary>${icon('chevron')}<span>${view.t('dns-exchange')}</span></summary>
    ${isOpen ? contents(view, step, id) : nothing}
  </details>`;
}

function toggle(view: View, id: string, event: Event): void {
  const { open } = event.target as HTMLDetailsElement;
  const openQuestions = new Set(view.local.openQuestions);
  if (open === openQuestions.has(id)) return;
  if (open) openQuestions.add(id);
  else openQuestions.delete(id);
  view.change({ openQuestions });
}

function words({ language }: View, id: keyof typeof dnsMessageTexts, places?: Places): string {
  return say(dnsMessageTexts, language, id, places);
}

function contents(view: View, step: DnsStep, id: string): TemplateResult {
  const { connection, transport, messagesOmitted } = step;
  const { tls, requestHeaders = [], responseHeaders = [] } = connection ?? {};
  const isPrefixed = (transport === 'tcp' || transport === 'tls') && step.queryBytes !== undefined;
  return html`
    ${requestHeaders.length === 0 ? nothing
      : html`<h2>${view.t('dns-request-headers')}</h2>${fieldLines(view, `${id}-request`, requestHeaders)}`}
    ${message(view, step, 'query', id)}
    ${responseHeaders.length === 0 ? nothing
      : html`<h2>${view.t('response-headers')}</h2>${fieldLines(view, `${id}-response`, responseHeaders)}`}
    ${message(view, step, 'answer', id)}
    ${isPrefixed ? html`<p class="dim">${words(view, 'length-before', { transport: transport.toUpperCase() })}</p>`
      : nothing}
    ${messagesOmitted ? html`<p class="remark">${words(view, 'omitted')}</p>` : nothing}
    ${tls ? certificateChain(view, tls, connection!.serverName) : nothing}`;
}

function message(view: View, step: DnsStep, which: 'query' | 'answer', id: string): TemplateResult | typeof nothing {
  const explained = explainMessage(step, which, view.language);
  if (!explained) return nothing;
  const { bytes, size, parts, remarks } = explained;
  const title = words(view, which);
  const label = words(view, 'hex', { message: title, question: `${step.question.type} ${step.question.name}` });
  const key = `${id}-${which}`;
  const { markedPart } = view.local;
  const marked = markedPart?.message === key ? parts.find(({ start }) => start === markedPart.start) : undefined;
  return html`<h2>${title} <span class="plain">${formatSize(size, view.language)}</span></h2>
    ${remarks.map((remark) => html`<p class="remark">${remark}</p>`)}
    <div class="dns-message">${parts.length === 0 ? nothing : partTable(view, explained, key, marked)}
      ${bytes.length === 0 ? nothing : markedBytes(bytes, label, marked)}</div>`;
}

/** A part's name shows where its octets are. */
function partTable(
  view: View, { parts }: ExplainedMessage, key: string, marked: MessagePart | undefined,
): TemplateResult {
  return html`<div class="scroll"><table class="data">
    <thead><tr><th scope="col" class="number">${words(view, 'octets')}</th><th scope="col">${words(view, 'part')}</th>
      <th scope="col">${words(view, 'value')}</th></tr></thead>
    <tbody>${parts.map((part) => html`<tr class=${part === marked ? 'marked' : ''}>
      <td class="number mono dim">${placeText(part)}</td>
      <td><button type="button" class="link" aria-pressed=${part === marked ? 'true' : 'false'}
        title=${words(view, 'mark')} @click=${() => view.change(
          { markedPart: part === marked ? undefined : { message: key, start: part.start } })}>${part.name}</button></td>
      <td class="mono value">${part.text}</td></tr>`)}</tbody>
  </table></div>`;
}

function placeText({ start, end }: MessagePart): string {
  return `${start}–${end - 1}`;
}
