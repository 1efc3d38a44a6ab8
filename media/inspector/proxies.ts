import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatSize } from '../../src/explain/format.ts';
import { explainHop } from '../../src/explain/hopFacts.ts';
import { explainProxyDecision, explainProxyRule } from '../../src/explain/proxies.ts';
import type { ProxyHop } from '../../src/trace/exchange.ts';
import { certificateChain, unjudged } from './certificates.ts';
import { factList, factRow, mono } from './factList.ts';
import type { FactRow } from './factList.ts';
import { fieldHeading, fieldLines } from './fieldLines.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';
import { tlsLadder, unreadMessages } from './tlsLadder.ts';

/** Which proxy was chosen or why none, and every source that was asked. */
export function proxyChoice(view: View): TemplateResult | typeof nothing {
  const { exchange, language, t } = view;
  const decision = exchange.spec.options.proxyDecision;
  const told = explainProxyDecision(exchange, language);
  if (!decision || told === undefined) return nothing;
  return html`<section class="block wide"><h2>${t('proxy-choice')}</h2>
    <p>${prose(told)}</p>
    ${decision.considered.length === 0 ? nothing : html`<h2>${t('proxy-considered')}</h2>
      ${factList(decision.considered.map((rule): FactRow => [rule.name, mono(explainProxyRule(rule, language))]))}`}
  </section>`;
}

/** What passed between us and each proxy on the way, before the request. */
export function proxySections(view: View): TemplateResult[] {
  const { proxies = [], proxy } = view.exchange.connection ?? {};
  const hops = proxies.length === 0 && proxy ? [proxy] : proxies;
  return hops.map((hop, index) => html`<section class="block wide">
    <h2>${hops.length === 1 ? view.t('proxy') : view.t('proxy-hop', { number: index + 1 })}</h2>
    ${factList(hopFacts(view, hop))}${answerParts(view, hop, index)}
  </section>${ladderOf(view, hop, index)}${chainOf(view, hop)}`);
}

function hopFacts({ language, t }: View, hop: ProxyHop): FactRow[] {
  const { way, times, before, answer } = explainHop(hop, language);
  return [[t('proxy'), mono(hop.proxy)], ...[...way, ...times, ...before, ...answer].map(factRow)];
}

function chainOf(view: View, { proxy, tls, tlsSeen }: ProxyHop): TemplateResult | typeof nothing {
  return tls
    ? certificateChain(view, tls, URL.parse(proxy)?.hostname.replace(/^\[|\]$/g, '')) : unjudged(view, tlsSeen);
}

/** The handshake with the proxy itself. */
function ladderOf(
  view: View, { tlsMessages, tlsSeen, tlsUnread, startAt, steps }: ProxyHop, index: number,
): TemplateResult | typeof nothing {
  const waits = tlsUnread ? unreadMessages(view) : nothing;
  if (!tlsMessages) return waits;
  const step = steps?.find(({ name }) => name === 'tls');
  const seen = {
    messages: tlsMessages, seen: tlsSeen, startAt: step?.startAt ?? startAt, endAt: step?.endAt, key: `proxy-${index}`,
  };
  return html`${tlsLadder(view, seen)}${waits}`;
}

function answerParts(view: View, { headers, body }: ProxyHop, index: number): TemplateResult {
  const size = formatSize(body?.size ?? 0, view.language);
  return html`
    ${headers?.length ? html`${fieldHeading(view, view.t('proxy-headers'))}
      ${fieldLines(view, `proxy-${index}`, headers)}` : nothing}
    ${body?.text ? html`<h2>${view.t(body.complete ? 'proxy-body' : 'proxy-body-cut', { size })}</h2>
      <pre class="proxy-body" tabindex="0">${body.text}</pre>` : nothing}`;
}
