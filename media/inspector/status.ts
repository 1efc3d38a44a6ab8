import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { statusParts } from '../../src/explain/statusCodes.ts';

/** A status as it came; the name of its code is dimmed where no phrase came, as it is ours. */
export function statusText(statusCode: number, reasonPhrase?: string): TemplateResult {
  const { sent, name } = statusParts(statusCode, reasonPhrase);
  return html`${sent}${name === undefined ? nothing : html` <span class="ours">(${name})</span>`}`;
}
