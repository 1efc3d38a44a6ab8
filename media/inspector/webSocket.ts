import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatSize } from '../../src/explain/format.ts';
import { say } from '../../src/explain/text/text.ts';
import { webSocketTexts } from '../../src/explain/text/webSocket.ts';
import { explainAgreement, explainCloseCode, isCut, messageNote } from '../../src/explain/webSocket.ts';
import type { Places } from '../../src/explain/text/text.ts';
import type { TimedWebSocketMessage, WebSocketSide } from '../../src/trace/webSocket.ts';
import { bytesView } from './hexView.ts';
import { icon, spinner } from './icons.ts';
import { prettyJson } from './json.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

type Words = (id: keyof typeof webSocketTexts, places?: Places) => string;

function wordsOf({ language }: View): Words {
  return (id, places) => say(webSocketTexts, language, id, places);
}

/** The messages of a WebSocket in the order they passed, and while it is open a box to type further ones in. */
export function webSocketPanel(view: View): TemplateResult {
  const { exchange: { webSocket } } = view;
  const words = wordsOf(view);
  if (!webSocket) return html`<p class="remark">${spinner()}${words('opening')}</p>`;
  const { messages, counts } = webSocket;
  const cut = isCut(webSocket) ? html`<p class="remark">${words('messages-cut', { count: messages.length })}</p>`
    : nothing;
  queueMicrotask(keepAtEnd);
  return html`<section class="block wide">
    <div class="heading"><h2>${words('messages', { sent: counts.sent, received: counts.received })}</h2></div>
    <p class="dim agreement">${explainAgreement(webSocket, view.language).map((one, index) =>
      html`${index === 0 ? '' : ' · '}${prose(one)}`)}</p>
    <div class="unseen" role="status"
      aria-live="polite">${isOpen(view) ? words('announce', { received: counts.received }) : nothing}</div>
    ${messages.length === 0 ? html`<p class="dim">${words('no-messages')}</p>` : html`
      <ol class="messages" @scroll=${noteScroll} tabindex="0"
        aria-label=${words('list')}>${messages.map((one) => row(view, one))}</ol>`}
    ${cut}${isOpen(view) ? composer(view) : ending(view, webSocket)}</section>`;
}

/** The last few messages, for the overview. */
export function latestMessages(view: View): TemplateResult | typeof nothing {
  const { messages = [] } = view.exchange.webSocket ?? {};
  if (messages.length === 0) return nothing;
  const words = wordsOf(view);
  const { sent, received } = view.exchange.webSocket!.counts;
  const last = messages.length <= latest ? nothing
    : html`<p class="dim">${words('latest-of', { shown: latest, count: messages.length })}</p>`;
  return html`<section class="block"><h2>${words('messages', { sent, received })}</h2>${last}
    <ol class="messages brief">${messages.slice(-latest).map((one) => html`<li class=${classOf(one)}>${
      line(view, one)}</li>`)}</ol>
    <button type="button" class="link"
      @click=${() => view.save({ tab: 'body' })}>${words('all-messages')}</button></section>`;
}

const latest = 6;

function isOpen({ exchange, running }: View): boolean {
  return running && exchange.endAt === undefined && exchange.webSocket?.end === undefined
    && !exchange.webSocket?.messages.some(({ kind }) => kind === 'close');
}

// --- the list ----------------------------------------------------------------------------------------

function classOf({ direction, kind }: TimedWebSocketMessage): string {
  return `message ${direction}${kind === 'text' || kind === 'binary' ? '' : ' control'}`;
}

function row(view: View, message: TimedWebSocketMessage): TemplateResult {
  const opened = view.local.openMessages?.has(message.index) === true;
  return html`<li class=${classOf(message)}><details ?open=${opened}
    @toggle=${(event: Event) => toggle(view, message, event)}>
    <summary>${icon('chevron')}${line(view, message)}</summary>${opened ? body(view, message)
      : nothing}</details></li>`;
}

function toggle(view: View, { index }: TimedWebSocketMessage, event: Event): void {
  const { open } = event.target as HTMLDetailsElement;
  const openMessages = new Set(view.local.openMessages);
  if (open === openMessages.has(index)) return;
  if (open) openMessages.add(index);
  else openMessages.delete(index);
  view.change({ openMessages });
}

/** When, which way, what, and how large: one line. */
function line(view: View, message: TimedWebSocketMessage): TemplateResult {
  const { exchange, language } = view;
  const words = wordsOf(view);
  const way = message.direction === 'sent' ? 'sent' : 'received';
  const text = messageNote(message, language).slice(0, 400);
  return html`<span class="message-time">${formatDuration(message.at - exchange.startAt, language)}</span>
    <span class="message-way">${icon(way === 'sent' ? 'up' : 'down')}<span class="unseen">${
      words(`way-${way}`)}</span></span>
    <span class=${message.kind === 'text' ? 'message-text mono' : 'message-text'}>${text === ''
      ? html`<span class="dim">${words('empty')}</span>` : text}</span>
    <span class="message-size">${message.compressed
      ? html`<span class="message-tag" title=${words('deflated')}>${words('deflated-short')}</span>`
      : nothing}${sizeOf(view, message)}</span>`;
}

function sizeOf({ language }: View, { kind, size }: TimedWebSocketMessage): string {
  return kind === 'text' || kind === 'binary' ? formatSize(size, language) : '';
}

/** All that is known of one message: what was in it, and how it went over the wire. */
function body(view: View, message: TimedWebSocketMessage): TemplateResult {
  const { text, bytes, cut, kind, code, reason, size } = message;
  const words = wordsOf(view);
  const shown = formatSize(
    text === undefined ? bytes?.length ?? 0 : new TextEncoder().encode(text).length, view.language,
  );
  return html`<div class="message-body">
    ${text === undefined ? nothing : html`<pre class="content">${prettyJson(text) ?? text}</pre>`}
    ${bytes === undefined ? nothing : bytesView(bytes)}
    ${kind !== 'close' ? nothing : html`<p>${code === undefined ? words('close-note-none')
      : html`<b class="mono">${code}</b> ${explainCloseCode(code, view.language)}`}${reason ? html` <q>${reason}</q>`
      : nothing}</p>`}
    ${cut ? html`<p class="dim">${words('message-cut', { shown, total: formatSize(size, view.language) })}</p>`
      : nothing}
    <p class="dim">${wire(view, message)}</p></div>`;
}

function wire(view: View, { frames, wireSize, compressed, startAt, at, kind }: TimedWebSocketMessage): string {
  const words = wordsOf(view);
  const took = startAt === undefined || at - startAt < 1 ? ''
    : words('arrival', { time: formatDuration(at - startAt, view.language) });
  return [
    words(`kind-${kind}`), words('on-wire', { frames, size: formatSize(wireSize, view.language) }),
    compressed ? words('deflated') : '', took,
  ].filter((part) => part !== '').join(' · ');
}

/** While its end is in sight, a list follows what comes; scrolled up, it stays where it is. */
let isAtEnd = true;

function noteScroll({ currentTarget }: Event): void {
  const { scrollTop, clientHeight, scrollHeight } = currentTarget as HTMLElement;
  isAtEnd = scrollTop + clientHeight >= scrollHeight - 8;
}

function keepAtEnd(): void {
  const list = document.querySelector('#panel .messages:not(.brief)');
  if (list && isAtEnd) list.scrollTop = list.scrollHeight;
}

// --- what is typed, and the end ----------------------------------------------------------------------

function composer(view: View): TemplateResult {
  const words = wordsOf(view);
  return html`<form class="composer" @submit=${(event: Event) => submit(view, event)}>
    <textarea rows="1" name="message" aria-label=${words('type')} placeholder=${words('type')} spellcheck="false"
      @keydown=${(event: KeyboardEvent) => sendOnEnter(event)}></textarea>
    <button type="submit" class="primary">${words('send')}</button>
    <button type="button" class="secondary" title=${words('close-title')}
      @click=${() => view.closeStream()}>${words('close')}</button>
  </form>`;
}

/** Enter sends and Shift+Enter makes a new line; while a syllable is composed, Enter ends that. */
function sendOnEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  (event.target as HTMLTextAreaElement).form?.requestSubmit();
}

function submit(view: View, event: Event): void {
  event.preventDefault();
  const field = (event.target as HTMLFormElement).elements.namedItem('message') as HTMLTextAreaElement;
  if (field.value === '') return;
  view.sendMessage(field.value);
  field.value = '';
  isAtEnd = true;
  field.focus();
}

/** Who closed it and with what; a break is told above, as a failure. */
function ending({ language, exchange }: View, { end }: WebSocketSide): TemplateResult | typeof nothing {
  const t: Words = (id, places) => say(webSocketTexts, language, id, places);
  if (!end) return exchange.endAt === undefined ? html`<p class="remark">${spinner()}${t('closing')}</p>` : nothing;
  const meaning = end.code === undefined ? '' : explainCloseCode(end.code, language);
  const who = t(`closed-${end.by}`, { code: end.code ?? t('no-code') });
  return html`<p class="remark">${prose(who)} ${meaning}${end.reason ? html` <q>${end.reason}</q>` : nothing}
    ${end.clean ? nothing : t('unanswered')}</p>`;
}
