import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** A sentence with names between backticks, which are set as code. Everything stays text. */
export function prose(text: string): TemplateResult {
  const parts = text.split('`');
  return html`${parts.map((part, index) => index % 2 === 1 ? html`<code>${part}</code>` : part)}`;
}
