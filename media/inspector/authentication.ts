import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import {
  explainAuthorization, explainChallenge, explainProxyAuthorizations,
} from '../../src/explain/authentication.ts';
import type { AuthorizationExplained } from '../../src/explain/authentication.ts';
import { factList, mono } from './factList.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';

/** Why credentials were sent, and what was computed from what: for the server, and for proxies. */
export function authorizationSection({ exchange, language }: View): TemplateResult | typeof nothing {
  const explained = explainAuthorization(exchange, language);
  const all = [...explained ? [explained] : [], ...explainProxyAuthorizations(exchange, language)];
  return all.length === 0 ? nothing : html`${all.map(section)}`;
}

function section({ title, sentences, facts, texts }: AuthorizationExplained): TemplateResult {
  return html`<section class="block wide authorization"><h2>${title}</h2>
    ${sentences.map((sentence) => html`<p>${prose(sentence)}</p>`)}
    ${factList(facts.map(([name, value]) => [name, mono(value)]))}
    ${texts.map(([name, text]) => html`<h2>${name}</h2><pre class="start-line">${text}</pre>`)}</section>`;
}

/** What a 401 or a 407 asks for, and what to do next. */
export function challengeSection({ exchange, language }: View): TemplateResult | typeof nothing {
  const sentences = explainChallenge(exchange, language);
  return sentences.length === 0 ? nothing : html`<div class="challenge">
    ${sentences.map((sentence) => html`<p>${prose(sentence)}</p>`)}</div>`;
}
