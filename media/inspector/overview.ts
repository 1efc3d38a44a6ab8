import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { formatDuration, formatEndpoint } from '../../src/explain/format.ts';
import { explainArrival } from '../../src/explain/redirects.ts';
import { serverName } from '../../src/explain/serverName.ts';
import { explainRouteReason, serverEvent, sessionNote } from '../../src/explain/serverPhases.ts';
import { certificateChain } from './certificates.ts';
import { cookieList, ownCookies } from './cookies.ts';
import { factList, mono } from './factList.ts';
import type { FactRow } from './factList.ts';
import { fieldLines } from './fieldLines.ts';
import { graphqlErrors } from './graphql.ts';
import { icon } from './icons.ts';
import { prose } from './prose.ts';
import type { View } from './state.ts';
import { waterfall } from './waterfall.ts';
import { latestMessages } from './webSocket.ts';

/** Header lines shown before the reader is sent to the Response tab. */
const firstHeaders = 8;

/** The phases, then what was decided and why. */
export function overviewPanel(view: View): TemplateResult {
  return html`
    ${arrival(view)}
    <h2 id="phases">${view.t('phases')}</h2>
    ${waterfall(view)}
    ${graphqlErrors(view)}
    <div class="columns">${latestMessages(view)}${routing(view)}${cookies(view)}${headers(view)}</div>
    ${chain(view)}`;
}

/** Why this request was sent, where a redirect asked for it. */
function arrival(view: View): TemplateResult | typeof nothing {
  const { exchange, exchanges, language } = view;
  const before = exchanges.find(({ redirect }) => redirect?.exchangeId === exchange.id);
  const [because, ...more] = explainArrival(exchange, before, language);
  if (because === undefined) return nothing;
  return html`<p class="arrival">${icon('redirect')} ${prose(because)} <span class="dim">${
    prose(more.join(' '))}</span></p>`;
}

function routing(view: View): TemplateResult | typeof nothing {
  const routed = serverEvent(view.exchange, 'routed');
  if (!routed) return nothing;
  const session = serverEvent(view.exchange, 'session-loaded');
  const rows: FactRow[] = [
    ...routed.candidates.map((candidate): FactRow => [
      candidate.pattern,
      candidate.pattern === routed.pattern
        ? html`<span class="good">${icon('check')}${view.t('route-chosen')}</span> <span class="dim">${
          explainRouteReason(candidate.reason, view.language)}</span>`
        : html`<span class="dim">${explainRouteReason(candidate.reason, view.language)}</span>`,
    ]),
    ...Object.entries(routed.parameters).map(([name, value]): FactRow => [
      `{${name}}`,
      mono(value),
    ]),
  ];
  const more: FactRow[] = [
    [view.t('route-handler'), routed.handler && mono(routed.handler)],
    [view.t('route-session'), session && sessionText(view, session)],
    [view.t('route-server'), serverText(view)],
    [view.t('route-listening'), listeningText(view)],
  ];
  return html`<section class="block"><h2>${view.t('routing')}</h2>
    ${rows.length === 0 ? nothing : html`<div class="mono-names">${factList(rows)}</div>`}${factList(more)}</section>`;
}

function sessionText(
  view: View,
  session: NonNullable<ReturnType<typeof serverEvent<'session-loaded'>>>,
): TemplateResult {
  return html`${sessionNote(session, view.language)}${session.id === undefined ? nothing : html` ${mono(session.id)}`}`;
}

function serverText(view: View): string | undefined {
  const accepted = serverEvent(view.exchange, 'accepted');
  return (
    accepted
    && view.t('server-facts', {
      server: serverName(accepted.server, view.language),
      connection: accepted.connection,
      open: accepted.openConnections,
      request: accepted.request,
    })
  );
}

/** Told with the first request of a connection. */
function listeningText(view: View): string | undefined {
  const listening = serverEvent(view.exchange, 'listening');
  const accepted = serverEvent(view.exchange, 'accepted');
  return listening && accepted && view.t('listening-facts', {
    address: formatEndpoint(listening.address, listening.port),
    time: formatDuration(accepted.at - listening.at, view.language),
  });
}

function cookies(view: View): TemplateResult | typeof nothing {
  if (ownCookies(view).length + view.exchange.cookies.received.length === 0) return nothing;
  return html`<section class="block"><h2>${view.t('cookies')}</h2>${cookieList(view)}</section>`;
}

function headers(view: View): TemplateResult | typeof nothing {
  const all = view.exchange.response?.headers ?? [];
  if (all.length === 0) return nothing;
  const rest = all.length - firstHeaders;
  return html`<section class="block"><h2>${view.t('response-headers')}</h2>
    ${fieldLines(view, 'overview', all.slice(0, firstHeaders))}
    ${rest <= 0 ? nothing : html`<button type="button" class="link"
      @click=${() => view.save({ tab: 'response' })}>${view.t('more-headers', { count: rest })}</button>`}
  </section>`;
}

function chain(view: View): TemplateResult | typeof nothing {
  const facts = view.exchange.connection?.tls?.facts;
  return facts && facts.certificateChain.length > 0 ? certificateChain(view, facts) : nothing;
}
