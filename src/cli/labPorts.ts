import { labServerIds } from '../explain/labServers.ts';
import type { LabPorts, LabServerId } from '../protocol.ts';
import { UsageError } from './usageError.ts';

/** `--port SERVER=PORT`, as often as wanted, and short forms for the servers that are asked for most. */
export const labPortOptions = {
  'port': { type: 'string', multiple: true }, 'http-port': { type: 'string' }, 'https-port': { type: 'string' },
  'dns-port': { type: 'string' },
} as const;

type Values = { readonly port?: string[] } & { readonly [K in 'http-port' | 'https-port' | 'dns-port']?: string };

/** @throws UsageError for servers that there are not, numbers that are no ports, and one port for two servers. */
export function labPorts(values: Values): LabPorts {
  const ports: Partial<Record<LabServerId, number>> = {};
  for (const id of ['http', 'https', 'dns'] as const) {
    const text = values[`${id}-port`];
    if (text !== undefined) ports[id] = portOf(`--${id}-port`, text);
  }
  for (const text of values.port ?? []) {
    const [, id = '', port = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const server = labServerIds.find((one) => one.toLowerCase() === id.toLowerCase());
    if (!server) throw new UsageError('lab-port-server', { text, known: labServerIds.join(', ') });
    ports[server] = portOf('--port', port);
  }
  refuseTwice(ports);
  return ports;
}

/** All listen on the same addresses; 0 is no port yet. */
function refuseTwice(ports: LabPorts): void {
  const takenBy = new Map<number, string>();
  for (const [id, port] of Object.entries(ports)) {
    const first = takenBy.get(port);
    if (first !== undefined && port !== 0) throw new UsageError('lab-port-twice', { port, first, second: id });
    takenBy.set(port, id);
  }
}

function portOf(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new UsageError('bad-port', { option, text });
  return value;
}
