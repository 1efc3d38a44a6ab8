import type { Fault } from '../../httpFile/names/origin.ts';
import type { LabAddresses, LabPartId } from '../../protocol.ts';

const partIds: readonly LabPartId[] = [
  'cluster', 'balancer', 'reverseProxy', 'ftp', 'ftpGateway', 'accelerator', 'securityGateway', 'resourceGateway',
  'proxy', 'memberProxy', 'httpsProxy', 'socks', 'relay', 'blindRelay',
];

const values: Readonly<Record<string, (lab: LabAddresses) => string | undefined>> = {
  '$lab.http': (lab) => lab.origins.http,
  '$lab.https': (lab) => lab.origins.https,
  '$lab.httpPort': (lab) => `${lab.http.port}`,
  '$lab.httpsPort': (lab) => `${lab.https.port}`,
  '$lab.dnsPort': (lab) => `${lab.nameServer.port}`,
  '$lab.host': (lab) => lab.nameServer.zone,
  ...Object.fromEntries(partIds.flatMap((id) => [
    [`$lab.${id}`, (lab: LabAddresses) => lab.parts[id]?.origin],
    [`$lab.${id}Port`, (lab: LabAddresses) => lab.parts[id]?.port.toString()],
  ])),
};

/** Every name of the lab's, such as `$lab.http`. */
export const labNames: readonly string[] = Object.keys(values);

/** As they are told to somebody who has mistaken one. */
const choices = ['$lab.host', '$lab.dnsPort', ...labNames.filter((name) => Object.hasOwn(values, `${name}Port`))].join(', ');

/**
 * Where the lab listens, by one of {@link labNames}; a fault for other names, and while it, or the server that is meant,
 * does not run.
 */
export function labValue(name: string, lab: LabAddresses | undefined): string | Fault {
  if (!Object.hasOwn(values, name)) return { code: 'lab-variable-unknown', places: { name, choices } };
  if (!lab) return { code: 'lab-not-running', places: { name } };
  return values[name]!(lab) ?? { code: 'lab-server-not-running', places: { name } };
}
