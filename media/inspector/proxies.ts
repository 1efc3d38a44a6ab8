import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatSize, formatTlsVersion } from '../../src/explain/format.ts';
import {
  explainProxyAnswer, explainProxyDecision, explainProxyKind, explainProxyRule, explainSocksMethod, proxyStepLabel,
  schemesAsked,
} from '../../src/explain/proxies.ts';
import type { ProxyHop } from '../../src/trace/exchange.ts';
import { certificateChain } from './certificates.ts';
import { factList, mono } from './factList.ts';
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

function hopFacts(view: View, hop: ProxyHop): FactRow[] {
  const { language, t } = view;
  const asked = hop.statusCode === 407 ? schemesAsked(hop.headers ?? []).join(', ') : '';
  return [
    [t('proxy'), mono(hop.proxy)],
    [t('proxy-kind'), hop.kind && explainProxyKind(hop.kind, language)],
    [t('proxy-target'), mono(hop.target)],
    [t('proxy-time'), hop.endAt === undefined ? undefined : formatDuration(hop.endAt - hop.startAt, language)],
    ...(hop.steps ?? []).map((step): FactRow => [
      proxyStepLabel(step.name, language),
      step.endAt === undefined ? '…' : formatDuration(step.endAt - step.startAt, language),
    ]),
    [t('proxy-tls'), tlsText(hop)],
    [t('proxy-lookup'), lookupText(hop)],
    [t('proxy-method'), hop.socks?.method === undefined ? undefined : explainSocksMethod(hop.socks.method, language)],
    [t('proxy-answer'), explainProxyAnswer(hop, language)],
    [t('proxy-asks'), asked === '' ? undefined : mono(asked)],
    [t('proxy-bound'), hop.socks?.bound === undefined ? undefined : mono(hop.socks.bound)],
  ];
}

function chainOf(view: View, { proxy, tls }: ProxyHop): TemplateResult | typeof nothing {
  return tls ? certificateChain(view, tls, URL.parse(proxy)?.hostname.replace(/^\[|\]$/g, '')) : nothing;
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

function lookupText({ lookup }: ProxyHop): TemplateResult | undefined {
  if (!lookup || lookup.addresses.length === 0) return undefined;
  return mono(`${lookup.name} → ${lookup.addresses.map(({ address }) => address).join(', ')}`);
}

function tlsText({ tls }: ProxyHop): TemplateResult | undefined {
  if (!tls) return undefined;
  const parts = [formatTlsVersion(tls.version), tls.cipher, tls.group];
  return mono(parts.filter((part) => part !== undefined).join(', '));
}

function answerParts(view: View, { headers, body }: ProxyHop, index: number): TemplateResult {
  const size = formatSize(body?.size ?? 0, view.language);
  return html`
    ${headers?.length ? html`${fieldHeading(view, view.t('proxy-headers'))}
      ${fieldLines(view, `proxy-${index}`, headers)}` : nothing}
    ${body?.text ? html`<h2>${view.t(body.complete ? 'proxy-body' : 'proxy-body-cut', { size })}</h2>
      <pre class="proxy-body" tabindex="0">${body.text}</pre>` : nothing}`;
}
