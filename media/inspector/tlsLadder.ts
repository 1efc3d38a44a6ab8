import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatSize } from '../../src/explain/format.ts';
import {
  explainTlsExtension, explainTlsMessage, isBadTlsMessage, summarizeTlsMessage, tlsFieldLabel, tlsFieldText,
  tlsMessageTime, tlsMessageTitle,
} from '../../src/explain/tlsMessages.ts';
import { tlsSpan } from '../../src/trace/phases.ts';
import type { TlsExtension, TlsMessage, TlsSeen } from '../../src/trace/tls/message.ts';
import { factList, mono } from './factList.ts';
import type { FactRow } from './factList.ts';
import { explainedLine, fieldHeading } from './fieldLines.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** One handshake to be drawn: what passed, from when times count, and what tells it from others on the page. */
interface Ladder {
  readonly messages: readonly TlsMessage[];
  readonly seen: TlsSeen | undefined;
  readonly startAt: number;
  readonly endAt: number | undefined;
  readonly key: string;
}

/** Messages as arrows between both ends, in the order they passed; each opens what it holds. */
export function tlsLadder(view: View, ladder: Ladder): TemplateResult {
  const { t } = view;
  const { messages } = ladder;
  return html`<section class="block wide">
    ${fieldHeading(view, t('handshake'), heading(view, ladder))}
    <div class="ladder">
      <div class="rung-grid ladder-head" aria-hidden="true">
        <span class="rung-time">${t('ladder-time')}</span>
        <span class="ladder-ends"><span>${t('ladder-client')}</span><span>${t('ladder-server')}</span></span>
        <span class="rung-note">${t('ladder-says')}</span><span class="rung-size">${t('ladder-size')}</span>
      </div>
      <ol>${messages.map((message, index) => rung(view, ladder, message, index))}</ol>
    </div>
    ${messages.some(({ encrypted }) => encrypted)
      ? html`<p class="dim ladder-meaning">${icon('lock')}${t('ladder-meaning')}</p>` : nothing}
  </section>`;
}

function heading(view: View, ladder: Ladder): string {
  const { t, language } = view;
  const { seen } = ladder;
  const [startAt, endAt] = tlsSpan(ladder);
  const trips = seen?.roundTrips ?? 0;
  return [
    startAt === undefined || endAt === undefined ? '' : formatDuration(endAt - startAt, language),
    trips === 0 ? '' : t(trips === 1 ? 'round-trip' : 'round-trips', { count: trips }),
    seen?.helloRetry ? t('hello-retry') : '',
  ].filter((part) => part !== '').join(' · ');
}

function rung(view: View, ladder: Ladder, message: TlsMessage, index: number): TemplateResult {
  const { language, t } = view;
  const { messages, key } = ladder;
  const [startAt = ladder.startAt] = tlsSpan(ladder);
  const { at, direction, encrypted, size } = message;
  const before = messages[index - 1];
  // Those that came together are one flight.
  const isFirst = !before || before.direction !== direction || at - before.at >= 0.05;
  const marks = [
    direction, encrypted ? 'encrypted' : 'clear', isBadTlsMessage(message) ? 'broken' : '', isFirst ? 'first' : '',
  ];
  const title = tlsMessageTitle(message, language);
  const state = [t(direction === 'sent' ? 'ladder-sent' : 'ladder-received'), encrypted ? t('ladder-encrypted') : ''];
  return html`<li class=${`rung ${marks.join(' ')}`}><details>
    <summary class="rung-grid">
      <span class="rung-time">${isFirst ? tlsMessageTime(message, startAt, language) : ''}</span>
      <span class="rung-arrow"><span class="rung-name">${encrypted ? icon('lock') : nothing}${title}<span
        class="unseen"> ${state.filter(Boolean).join(', ')} </span></span><span class="rung-line"></span></span>
      <span class="rung-note">${summarizeTlsMessage(message, language)}</span>
      <span class="rung-size">${formatSize(size, language)}</span>
    </summary>
    ${rungBody(view, message, `${key}-${index}`)}
  </details></li>`;
}

function rungBody(view: View, message: TlsMessage, key: string): TemplateResult {
  const { language, t } = view;
  const { extensions = [] } = message;
  return html`<div class="rung-body">
    <p>${prose(explainTlsMessage(message, language))}</p>
    ${factList(message.fields.filter(({ values }) => values.length > 0).map((field): FactRow => [
      tlsFieldLabel(field, language), mono(tlsFieldText(field, language)),
    ]))}
    ${extensions.length === 0 ? nothing : html`<h2>${t('extensions', { count: extensions.length })}</h2>
      <dl class="fields">${extensions.map((one, index) => extensionLine(view, one, `${key}-${index}`))}</dl>`}
  </div>`;
}

function extensionLine(view: View, extension: TlsExtension, key: string): TemplateResult {
  const { name, size, values } = extension;
  const meaning = explainTlsExtension(extension, view.language);
  const value = values.length > 0
    ? values.join(', ') : size === 0 ? html`<span class="dim">${view.t('extension-empty')}</span>` : `${size} B`;
  return explainedLine(view, key, name, value, meaning);
}

/**
 * Many connections were opened at once: reading what passed waits until there is time. To ask for the bytes is to have
 * it read now, if they are still kept.
 */
export function unreadMessages({ t, wires, exchange }: View): TemplateResult {
  const isGone = wires.of(exchange)?.missing !== undefined;
  return html`<p class="dim block wide">${t(isGone ? 'tls-unread-gone' : 'tls-unread')}</p>`;
}
