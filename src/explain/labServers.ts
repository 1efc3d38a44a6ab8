import type { LabServerId } from '../protocol.ts';
import type { labGroupNames } from './text/lab.ts';

export type LabGroupId = keyof typeof labGroupNames;

/** The lab's servers as they belong together, in the order in which they are shown. */
export const labGroups: readonly { readonly id: LabGroupId; readonly servers: readonly LabServerId[] }[] = [
  { id: 'web', servers: ['http', 'https'] },
  { id: 'names', servers: ['dns', 'topDns', 'rootDns', 'slowDns', 'silentDns'] },
  { id: 'proxies', servers: ['proxy', 'memberProxy', 'httpsProxy', 'socks', 'relay', 'blindRelay'] },
  {
    id: 'gateways',
    servers: ['reverseProxy', 'accelerator', 'securityGateway', 'ftpGateway', 'ftp', 'resourceGateway'],
  },
  { id: 'cluster', servers: ['cluster', 'balancer'] },
];

export const labServerIds: readonly LabServerId[] = labGroups.flatMap(({ servers }) => servers);
