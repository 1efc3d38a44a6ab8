import type { LabAddresses, LabPartId } from '../../src/protocol.ts';

const partIds: readonly LabPartId[] = [
  'cluster', 'balancer', 'reverseProxy', 'ftp', 'ftpGateway', 'accelerator', 'securityGateway', 'resourceGateway',
  'proxy', 'memberProxy', 'httpsProxy', 'socks', 'relay', 'blindRelay',
];

/** Where a lab might listen that does not run: for what only needs to know. */
export const labAddresses: LabAddresses = {
  origins: { http: 'http://lab.test:8001', https: 'https://lab.test:8002' },
  http: { address: '127.0.0.1', port: 8001 }, https: { address: '127.0.0.1', port: 8002 },
  nameServer: {
    address: '127.0.0.1', port: 8003, zone: 'lab.test', below: [{ zone: 'slow.lab.test', port: 8004 }],
  },
  rootServer: {
    name: 'a.root.test', address: '127.0.0.1', port: 8005, zones: ['test', '127.in-addr.arpa'],
    ports: { 'ns.lab.test': 8003 },
  },
  parts: Object.fromEntries(partIds.map((id, index) => {
    const port = 8010 + index;
    return [id, { origin: `http://127.0.0.1:${port}`, address: '127.0.0.1', port }];
  })),
  certificateAuthority: { pem: 'PEM', subject: 'Lab', names: ['lab.test', 'localhost'] },
};
