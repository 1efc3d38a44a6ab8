import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration } from '../../src/explain/format.ts';
import { explainHandshake, handshakeOf } from '../../src/explain/handshake.ts';
import { explainLink, isPeerProxy, wayOf } from '../../src/explain/link.ts';
import { linkTexts } from '../../src/explain/text/link.ts';
import { say } from '../../src/explain/text/text.ts';
import type { Connection } from '../../src/trace/exchange.ts';
import type { View } from './state.ts';

/** From this machine to the server: the interface, the gateway, and whose MAC address is on the frames. */
export function waySection({ exchange, language }: View, connection: Connection): TemplateResult | typeof nothing {
  const points = wayOf(connection, language, isPeerProxy(exchange));
  const sentences = explainLink(connection, language);
  if (sentences.length === 0) return nothing;
  return html`<section class="block wide">
    <h2>${say(linkTexts, language, 'way')}</h2>
    <ol class="certificates way">${points.map(({ kind, name, lines }) => html`
      <li class=${`certificate ${kind}`}><strong>${name}</strong>${
        lines.map((line) => html`<span class="mono">${line}</span>`)}</li>`)}</ol>
    <p class="under dim">${sentences.join(' ')}</p>
  </section>`;
}

/** SYN, SYN/ACK and ACK between two lines of time. */
export function handshakeSection(view: View, connection: Connection): TemplateResult | typeof nothing {
  const { language, exchange } = view;
  const own = exchange.reused ? connection.startAt : exchange.startAt;
  const handshake = handshakeOf(connection, own);
  if (!handshake) return nothing;
  const { label, text } = explainHandshake(handshake, language);
  const { synAt, synAckAt, course } = handshake;
  const syn = course.kind === 'again' ? `SYN ×${course.count + 1}` : 'SYN';
  return html`<section class="block wide">
    <h2>${say(linkTexts, language, 'handshake')} <span class="verdict derived">${
      say(linkTexts, language, 'derived')}</span></h2>
    <div class="handshake">
      <svg viewBox="0 0 320 132" role="img" aria-label=${label}>
        <path class="lifeline" d="M84 20v112M252 20v112"/>
        <path class="segment" d="M84 34 248 64m-7-5 7 5-8 2"/>
        <path class="segment" d="M252 66 88 96m7-5-7 5 8 2"/>
        <path class="segment" d="M84 98 248 128m-7-5 7 5-8 2"/>
        <g aria-hidden="true">
          <text x="84" y="12" class="end">${say(linkTexts, language, 'this-machine')}</text>
          <text x="252" y="12" class="end">${say(linkTexts, language, isPeerProxy(exchange) ? 'proxy' : 'server')}</text>
          <text x="168" y="43" class="name">${syn}</text><text x="168" y="75" class="name">SYN/ACK</text>
          <text x="168" y="107" class="name">ACK</text>
          <text x="76" y="38" class="moment">${formatDuration(synAt, language)}</text>
          <text x="76" y="101" class="moment">${formatDuration(synAckAt, language)}</text>
        </g>
      </svg>
      <p class="dim">${text}</p>
    </div>
  </section>`;
}
