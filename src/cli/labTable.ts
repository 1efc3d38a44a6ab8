import { formatEndpoint } from '../explain/format.ts';
import { labFigures, labGroupName, labServerName, labStateText, labWorkerFigures, labWorkerName,  } from '../explain/lab.ts';
import { labGroups } from '../explain/labServers.ts';
import type { Language } from '../explain/text/language.ts';
import type { LabServerState, LabState, LabWorkerState } from '../protocol.ts';
import { widthOf } from './terminal.ts';

type Row = readonly [name: string, id: string, place: string, note: string];

/** The lab's servers by groups, a line for each, and its workers. */
export function labTable(state: LabState, language: Language): string[] {
  const byId = new Map(state.servers.map((server) => [server.id, server]));
  const sections = labGroups.map(({ id, servers }) => {
    const rows = servers.flatMap((one) => {
      const server = byId.get(one);
      return server ? [serverRow(server, language)] : [];
    });
    const workers = id === 'cluster' ? state.workers.map((worker) => workerRow(worker, language)) : [];
    return { title: labGroupName(id, language), rows: [...rows, ...workers] };
  });
  const all = sections.flatMap(({ rows }) => rows);
  return sections.flatMap(({ title, rows }) => [title, ...rows.map((row) => line(row, all))]);
}

/** The lines of some of the servers. */
export function labRows(servers: readonly LabServerState[], language: Language): string[] {
  const rows = servers.map((server) => serverRow(server, language));
  return rows.map((row) => line(row, rows));
}

export function labWorkerRows(workers: readonly LabWorkerState[], language: Language): string[] {
  const rows = workers.map((worker) => workerRow(worker, language));
  return rows.map((row) => line(row, rows));
}

function serverRow(server: LabServerState, language: Language): Row {
  const state = server.state === 'running' ? [] : [labStateText(server.state, language)];
  // Both doors of the web server share one store.
  const { sessions: _, ...own } = server;
  const note = [...state, ...labFigures(server.id === 'https' ? own : server, language)].join(', ');
  return [labServerName(server.id, language), server.id, placeOf(server), note];
}

function placeOf({ origin, address, port }: LabServerState): string {
  if (origin === undefined || address === undefined || port === undefined) return '';
  return origin.startsWith('dns:') ? formatEndpoint(address, port) : origin;
}

function workerRow(worker: LabWorkerState, language: Language): Row {
  const state = worker.state === 'running' ? [] : [labStateText(worker.state, language)];
  return [
    labWorkerName(worker.number, language), '', worker.pid === undefined ? '' : `pid ${worker.pid}`,
    [...state, ...labWorkerFigures(worker, language)].join(', '),
  ];
}

function line([name, id, place, note]: Row, rows: readonly Row[]): string {
  const cells = [name, id, place].map((cell, index) =>
    cell + ' '.repeat(Math.max(...rows.map((row) => widthOf(row[index] ?? ''))) - widthOf(cell)));
  return `  ${[...cells, note].join('  ')}`.trimEnd();
}
