import {
  explainLabProblem, labFigures, labGroupName, labServerName, labServerPurpose, labStateText,
  labWorkerFigures, labWorkerName,
} from '../../explain/lab.ts';
import { labGroups } from '../../explain/labServers.ts';
import type { LabGroupId } from '../../explain/labServers.ts';
import { labStateTexts } from '../../explain/text/lab.ts';
import type { Language } from '../../explain/text/language.ts';
import { say } from '../../explain/text/text.ts';
import type { LabServerId, LabServerState, LabState, LabWorkerState } from '../../protocol.ts';
import { portSetting } from '../contributions.ts';

/** A row of the lab's tree; what it shows, without the editor's own types. */
export interface Row {
  /** The same for as long as the lab runs. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Read aloud in place of label and description. */
  readonly spoken: string;
  /** Lines of Markdown. */
  readonly tooltip: readonly string[];
  readonly icon: 'running' | 'stopped' | 'failed' | 'starting' | undefined;
  /** What can be done with it: words that the menus of the manifest look for. */
  readonly context: string;
  readonly children: readonly Row[];
  readonly server?: LabServerId;
  readonly worker?: number;
  readonly address?: string;
}

/** Rows of all groups. */
export function labTreeRows({ servers, workers }: LabState, language: Language): Row[] {
  const byId = new Map(servers.map((server) => [server.id, server]));
  return labGroups.map(({ id, servers: ids }) => {
    const own = ids.flatMap((one) => byId.get(one) ?? []);
    return groupRow(id, own, workers, language);
  });
}

/** Where a server's sample is, and which one. */
export function sampleOf(id: LabServerId): string {
  return samples[id];
}

const samples: Readonly<Record<LabServerId, string>> = {
  http: '01-hello.http', https: '03-https-and-http2.http',
  dns: '14-names.http', topDns: '14-names.http', rootDns: '14-names.http', slowDns: '14-names.http',
  silentDns: '14-names.http',
  proxy: '17-proxies.http', memberProxy: '17-proxies.http', httpsProxy: '17-proxies.http', socks: '17-proxies.http',
  relay: '18-relays.http', blindRelay: '18-relays.http',
  reverseProxy: '24-gateways.http', accelerator: '24-gateways.http', securityGateway: '24-gateways.http',
  ftpGateway: '24-gateways.http', ftp: '24-gateways.http', resourceGateway: '24-gateways.http',
  cluster: '25-cluster.http', balancer: '25-cluster.http',
};

/** The sessions of the web server are both its doors', so they are told of here, once. */
function groupRow(
  id: LabGroupId, servers: readonly LabServerState[], workers: readonly LabWorkerState[], language: Language,
): Row {
  const running = servers.filter(({ state }) => state === 'running').length;
  const sessions = id === 'web' ? servers[0]?.sessions : undefined;
  const some = { running, count: servers.length };
  const figures = [
    ...(running < servers.length ? [say(labStateTexts, language, 'some-running', some)] : []),
    ...labFigures({ connections: 0, ...(sessions === undefined ? {} : { sessions }) }, language),
  ];
  const label = labGroupName(id, language);
  return {
    id: `group ${id}`, label, description: figures.join(' · '), spoken: [label, ...figures].join(', '),
    tooltip: [], icon: undefined,
    context: sessions ? 'group sessions' : 'group',
    children: servers.map((server) => serverRow(id === 'web' ? withoutSessions(server) : server, workers, language)),
  };
}

function withoutSessions({ sessions: _, ...server }: LabServerState): LabServerState {
  return server;
}

function serverRow(server: LabServerState, workers: readonly LabWorkerState[], language: Language): Row {
  const { id, state, port, problem, sessions } = server;
  const label = labServerName(id, language);
  const figures = labFigures(server, language);
  const stateText = labStateText(state, language);
  const shownPort = port ?? problem?.port;
  const address = addressOf(server);
  const isRunning = state === 'running';
  const context = ['server', state, sessions && 'sessions', address && 'address', id === 'cluster' && 'cluster'];
  return {
    id, label, server: id, icon: state, context: context.filter(Boolean).join(' '),
    description: [...(isRunning ? [] : [stateText]), ...(shownPort ? [`:${shownPort}`] : []), ...figures].join(' · '),
    spoken: [
      label, stateText, ...(shownPort ? [say(labStateTexts, language, 'port', { port: shownPort })] : []), ...figures,
    ].join(', '),
    tooltip: [
      `**${label}** · ${stateText}`, labServerPurpose(id, language), ...(address ? [`\`${address}\``] : []),
      ...variableOf(id),
      ...(problem ? [explainLabProblem(id, problem, remedy, language)] : []),
    ],
    children: id === 'cluster' && isRunning ? workers.map((worker) => workerRow(worker, language)) : [],
    ...(address ? { address } : {}),
  };
}

const remedy = { setting: `\`${portSetting}\``, again: 'server' } as const;

/** As it is given to a program: an origin, or where there is no URL for it an address and a port. */
function addressOf({ origin, address, port }: LabServerState): string | undefined {
  if (origin === undefined) return undefined;
  return origin.startsWith('dns:') ? `${address}:${port}` : origin;
}

/** How a request file names it. */
function variableOf(id: LabServerId): string[] {
  if (id === 'dns') return ['`{{$lab.dnsPort}}`'];
  return id.endsWith('Dns') ? [] : [`\`{{$lab.${id}}}\``];
}

function workerRow(worker: LabWorkerState, language: Language): Row {
  const { number, state, pid } = worker;
  const label = labWorkerName(number, language);
  const figures = labWorkerFigures(worker, language);
  const process = pid === undefined ? [] : [say(labStateTexts, language, 'process', { pid })];
  const stateText = labStateText(state, language);
  return {
    id: `worker ${number}`, label, worker: number, icon: state === 'idle' ? 'stopped' : state,
    context: `worker ${state}`, children: [],
    description: [...(state === 'running' ? [] : [stateText]), ...process, ...figures].join(' · '),
    spoken: [label, stateText, ...process, ...figures].join(', '),
    tooltip: [`**${label}** · ${stateText}`, ...[...process, ...figures].map((figure) => `- ${figure}`)],
  };
}
