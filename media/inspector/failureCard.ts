import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { explainCause, explainConfidence, explainFailure } from '../../src/explain/failure.ts';
import type { FailureStep } from '../../src/explain/failure.ts';
import type { InspectorAction } from '../../src/protocol.ts';
import type { Failure } from '../../src/trace/failure.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** What failed, with this exchange's own names, and what to do next. */
export function failureCard(view: View, failure: Failure): TemplateResult {
  const { title, text, steps } = explainFailure(
    failure, view.exchange, view.language, view.lab,
  );
  const small = [explainConfidence(failure, view.language), explainCause(failure, view.language, text)]
    .filter((line) => line !== undefined);
  return html`
    <div class=${failure.code === 'cancelled' ? 'card' : 'card bad'}>
      <p><strong>${title}</strong> ${prose(text)}</p>
      ${steps.length === 0 ? nothing : html`<ol class="steps">${steps.map((step) => html`<li>${
        stepText(view, step)}</li>`)}</ol>`}
      ${small.length === 0 ? nothing : html`<p class="cause">${small.join(' ')}</p>`}
    </div>`;
}

function stepText(view: View, { text, action, lab }: FailureStep): TemplateResult {
  if (action === undefined) return prose(text);
  const kind = lab ? 'primary' : 'link';
  return html`${prose(text)} <button type="button" class=${kind}
    @click=${() => act(view, action)}>${view.t(action)}</button>`;
}

function act(view: View, action: InspectorAction): void {
  if (action === 'show-certificate') view.save({ tab: 'tls' });
  else view.act(action);
}
