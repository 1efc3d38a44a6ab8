import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { charsetName, offeredCharsets } from '../../src/explain/charset.ts';
import { formatNumber } from '../../src/explain/format.ts';
import type { DecodedText } from './contentKind.ts';
import { icon } from './icons.ts';
import type { View } from './state.ts';

/** In which charset the text is shown and why, others to choose from, and what does not fit. */
export function charsetBar(view: View, decoded: DecodedText): TemplateResult {
  const { local, t } = view;
  const { charset: { label, from } } = decoded;
  const all = [label, ...offeredCharsets.filter((one) => one !== label)];
  const chosen = local.charset ?? label;
  const choose = (value: string): void => view.change(
    { charset: value === label ? undefined : value } as Partial<View['local']>,
  );
  return html`<div class="charset">
      <label>${t('charset')}
        <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>${all.map((one) => html`
          <option value=${one} ?selected=${one === chosen}>${charsetName(one)}</option>`)}</select></label>
      <span class="dim">${t(local.charset === undefined ? `charset-from-${from}` : 'charset-from-chosen')}</span>
    </div>${remark(view, decoded, chosen, choose)}`;
}

function remark(
  { t, language }: View, { charset, broken, guess, isUnknown }: DecodedText, chosen: string,
  choose: (label: string) => void,
): TemplateResult | typeof nothing {
  const name = charsetName(chosen);
  const text = isUnknown ? t('charset-unknown', { name })
    : broken > 0 ? t('charset-broken', { name, count: formatNumber(broken, language) })
      : charset.otherwise !== undefined && chosen === charset.label
        ? t('charset-otherwise', { name, other: charset.otherwise })
        : undefined;
  if (text === undefined) return nothing;
  return html`<p class="remark">${icon('warning')}${text} ${guess === undefined ? nothing : html`
    <button type="button" class="link"
      @click=${() => choose(guess)}>${t('charset-guess', { name: charsetName(guess) })}</button>`}</p>`;
}
