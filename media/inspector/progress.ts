import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainHeld } from '../../src/explain/held.ts';
import { formatProgress, progressOf } from '../../src/explain/progress.ts';
import type { Progress } from '../../src/explain/progress.ts';
import type { ContentLimitMet } from '../../src/trace/event.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** How far a long body has got, or the question where it is held; nothing otherwise. */
export function progressPart(view: View): TemplateResult | typeof nothing {
  const { exchange } = view;
  if (exchange.endAt !== undefined) return nothing;
  if (exchange.held) return question(view, exchange.held);
  const progress = progressOf(exchange);
  return progress ? bar(view, progress) : nothing;
}

function question({ language, t, act }: View, held: ContentLimitMet): TemplateResult {
  const { question: text, setting } = explainHeld(held, language);
  return html`<div class="card held" role="group" aria-label=${t('held')}>
    <p>${icon('warning')}<strong>${text}</strong></p>
    <p class="dim">${prose(setting)}</p>
    <p class="answers">
      <button type="button" class="primary" @click=${() => act('receive-all')}>${t('receive-all')}</button>
      <button type="button" class="secondary"
        @click=${() => act('receive-no-more')}>${t('receive-no-more')}</button></p>
  </div>`;
}

/** Without a known length there is no bar: it would say how far it is. */
function bar({ language, t }: View, progress: Progress): TemplateResult {
  const { direction, size, total } = progress;
  const label = t(direction === 'sent' ? 'sending-body' : 'receiving-body');
  return html`<div class="progress">
    ${total === undefined ? nothing : html`<progress aria-label=${label} max=${total} value=${size}></progress>`}
    <span>${label}</span> <span class="dim">${formatProgress(progress, language)}</span>
  </div>`;
}
