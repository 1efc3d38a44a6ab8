import { html, svg } from 'lit';
import type { TemplateResult } from 'lit';

/** Small line drawings of 16 by 16; always beside a word or an accessible name. */
const drawings = {
  resend: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8"/>`,
  cancel: svg`<path d="M4.5 4.5h7v7h-7z"/>`,
  copy: svg`<path d="M6 6h7v7.5H6zM3 10.500V2.500h7V4"/>`,
  export: svg`<path d="M8 2.500v7.500M5 7l3 3 3-3M3 11v2.500h10V11"/>`,
  editor: svg`<path d="M9.500 2.500H4v11h8V5zM9.500 2.500V5H12M6 8h4M6 10.500h4"/>`,
  source: svg`<path d="M6 4.500 2.500 8 6 11.500M10 4.500 13.500 8 10 11.500"/>`,
  start: svg`<path d="M5 3.500 12 8l-7 4.500z"/>`,
  certificate: svg`<path d="M8 2 3.500 4v3.500c0 3 1.800 5 4.500 6.500 2.700-1.500 4.500-3.500 4.500-6.500V4z"/>`,
  lock: svg`<path d="M4 7.500h8v6H4zM5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2"/>`,
  check: svg`<path d="m3.500 8.500 3 3 6-7"/>`,
  cross: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
  warning: svg`<path d="M8 2.500 14 13H2zM8 6.500V9.500M8 11.200v.3"/>`,
  redirect: svg`<path d="M3 11V8.500a2 2 0 0 1 2-2h7.500M10 4l2.500 2.500L10 9"/>`,
  up: svg`<path d="M8 13V3.500M4.500 7 8 3.500 11.500 7"/>`,
  down: svg`<path d="M8 3v9.500M4.500 9 8 12.500 11.500 9"/>`,
  dots: svg`<path d="M4 8h.1M8 8h.1M12 8h.1"/>`,
  sent: svg`<path d="M2.500 8h10.500m-4-4 4 4-4 4"/>`,
  received: svg`<path d="M13.500 8H3m4-4L3 8l4 4"/>`,
  chevron: svg`<path d="m6 4 4 4-4 4"/>`,
  help: svg`<path d="M6 6a2 2 0 1 1 2.700 1.900c-.5.2-.7.5-.7 1.100v.4M8 11.800v.2"/>`,
} as const;

export type IconName = keyof typeof drawings;

/** A drawing that says nothing to a screen reader. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${drawings[name]}</svg>`;
}

/** A busy mark; still where motion is not wanted. */
export function spinner(): TemplateResult {
  return html`<svg class="icon spinner" viewBox="0 0 16 16" aria-hidden="true"
    focusable="false"><path d="M8 2.500a5.500 5.500 0 1 1-5.500 5.500"/></svg>`;
}
