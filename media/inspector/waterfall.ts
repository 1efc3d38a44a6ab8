import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { axisFor } from '../../src/explain/axis.ts';
import type { Axis } from '../../src/explain/axis.ts';
import { formatDuration } from '../../src/explain/format.ts';
import { nameServerLanes } from '../../src/explain/nameServerLanes.ts';
import type { NameServerLanes } from '../../src/explain/nameServerLanes.ts';
import { waterfallOf } from '../../src/explain/waterfall.ts';
import type { Row } from '../../src/explain/waterfall.ts';
import { icon } from './icons.ts';
import { place } from './place.ts';
import type { View } from './state.ts';

/**
 * The phases of both ends on one axis. A table for everybody: the roles are written out because a
 * grid layout would take a table's meaning away.
 */
export function waterfall(view: View): TemplateResult {
  const { rows, total: seen } = waterfallOf(view.exchange, view.language);
  const total = Math.max(seen, view.elapsed ?? 0);
  const axis = axisFor(total);
  const step = axis.ticks[1]?.at ?? total;
  const servers = [...new Set(rows.flatMap(({ server }) => server ?? []))];
  const names = nameServerLanes(rows);
  const lane = (server: string): TemplateResult => html`
    <tbody role="rowgroup" class="server">
      <tr role="row" class="lane"><th role="rowheader" scope="rowgroup">${server}</th></tr>
      ${rows.filter((row) => row.server === server).map((row) => rowOf(view, row, axis))}
    </tbody>`;
  return html`
    <table class="waterfall" role="table" aria-labelledby="phases" ${place({ step: share(step, axis) })}>
      <thead role="rowgroup"><tr role="row">
        <th role="columnheader" scope="col"><span class="unseen">${view.t('column-phase')}</span></th>
        <th role="columnheader" scope="col"
          class="axis"><span class="unseen">${view.t('column-timeline')}</span>${ticks(axis)}</th>
        <th role="columnheader" scope="col"><span class="unseen">${view.t('column-duration')}</span></th>
        <th role="columnheader" scope="col"><span class="unseen">${view.t('column-note')}</span></th>
      </tr></thead>
      <tbody role="rowgroup">${rows.filter((row) => row.lane === 'client').map((row) => rowOf(view, row, axis))}</tbody>
      ${names ? folded(view, names, axis) : nothing}
      ${names && view.local.nameServersOpen ? names.servers.map(lane) : nothing}
      ${servers.filter((server) => !names?.servers.includes(server)).map(lane)}
    </table>`;
}

/** All name servers in one row, which opens their lanes: there may be many, and the reader looks for the server. */
function folded(view: View, { servers, rows, total }: NameServerLanes, axis: Axis): TemplateResult {
  const { nameServersOpen: isOpen = false } = view.local;
  return html`<tbody role="rowgroup" class="server folded">
    <tr role="row" class="row">
      <th role="rowheader" scope="row"><button type="button" aria-expanded=${isOpen ? 'true' : 'false'}
        @click=${() => view.change({ nameServersOpen: !isOpen })}><span class=${isOpen ? 'twist open' : 'twist'}>${
          icon('chevron')}</span>${view.t('name-servers', { count: servers.length })}</button></th>
      <td role="cell" class="track">${rows.map((row) => row.start === undefined ? nothing
        : mark(row, row.start, axis))}</td>
      <td role="cell" class="time">${total === undefined ? nothing : formatDuration(total, view.language)}</td>
      <td role="cell" class="note">${view.t('name-servers-note', { count: rows.length })}</td>
    </tr>
  </tbody>`;
}

function share(ms: number, axis: Axis): number {
  return Math.round((ms / axis.total) * 1e5) / 1e3;
}

function ticks(axis: Axis): TemplateResult {
  return html`<span class="ticks" aria-hidden="true">${axis.ticks.map(({ at, label }) => {
    const from = share(at, axis);
    const kind = from === 0 ? 'tick first' : from > 93 ? 'tick last' : 'tick';
  return html`<span class=${kind} ${place({ from })}>${label}</span>`;
  })}</span>`;
}

function rowOf(view: View, row: Row, axis: Axis): TemplateResult {
  if (row.state === 'reused') {
    return html`<tr role="row" class="row reused"><th role="rowheader" scope="row">${row.label}</th>
      <td role="cell" class="track" colspan="3" aria-colspan="3">${row.note}</td></tr>`;
  }
  return html`
    <tr role="row" class=${`row ${row.state}${row.longest ? ' longest' : ''}`}>
      <th role="rowheader" scope="row">${row.label}${row.detail ? html` <span class="dim mono">${row.detail}</span>`
        : nothing}</th>
      <td role="cell" class="track">${row.start === undefined ? nothing : bar(view, row, row.start, axis)}</td>
      <td role="cell" class="time">${
        row.duration === undefined
          ? row.start === undefined
            ? nothing
            : openEnd(view, row)
          : row.instant
            ? nothing
            : formatDuration(row.duration, view.language)
      }${stateWord(view, row)}</td>
      <td role="cell" class="note">${row.note}</td>
    </tr>`;
}

function bar(view: View, row: Row, start: number, axis: Axis): TemplateResult {
  return html`<span class="unseen">${view.t('from', { start: formatDuration(start, view.language) })}</span>${
    mark(row, start, axis)}`;
}

function mark(row: Row, start: number, axis: Axis): TemplateResult {
  const from = Math.min(100, share(start, axis));
  const width = row.duration === undefined ? 100 - from : share(row.duration, axis);
  const kind = row.lane === 'server' ? `server ${row.name}` : row.name;
  return html`<span class=${`bar ${kind}`} ${place({ from, width: Math.min(width, 100 - from) })}></span>`;
}

function openEnd(view: View, row: Row): TemplateResult {
  const { elapsed } = view;
  if (row.state === 'running' && row.start !== undefined && elapsed !== undefined) {
    const time = formatDuration(Math.max(0, elapsed - row.start), view.language);
    return html`${time}<span aria-hidden="true"> …</span><span class="unseen">, ${view.t('outcome-running')}</span>`;
  }
  return html`<span aria-hidden="true">…</span><span class="unseen">${
    view.t(row.state === 'running' ? 'outcome-running' : 'open-end')}</span>`;
}

/** What the hatching says, for those who do not see it. */
function stateWord(view: View, row: Row): TemplateResult | typeof nothing {
  if (row.state === 'failed') return html`<span class="unseen">, ${view.t('state-failed')}</span>`;
  if (row.state === 'lost') return html`<span class="unseen">, ${view.t('state-lost')}</span>`;
  return nothing;
}
