import { isIPv4 } from 'node:net';
import { parseArpCommand, parseGetNetNeighbor, parseNdpCommand } from './neighbours.ts';
import { parseFindNetRoute, parseRouteGet } from './routes.ts';
import type { Ask } from './shell.ts';
import { stepOver } from './step.ts';
import type { Step } from './step.ts';

// macOS and Windows, by their documentation and recorded outputs.

/** The first step towards `peer` as the system's own programs tell it; undefined where none is known to. */
export async function askSystem(platform: NodeJS.Platform, peer: string, ask: Ask): Promise<Step | undefined> {
  switch (platform) {
    case 'darwin': return macStep(peer, ask);
    case 'win32': return windowsStep(peer, ask);
    default: return undefined;
  }
}

async function macStep(peer: string, ask: Ask): Promise<Step> {
  const is4 = isIPv4(peer);
  const printed = await ask(['route', '-n', 'get', is4 ? '-inet' : '-inet6', peer]) ?? '';
  const { interface: name, ...route } = parseRouteGet(printed);
  const sources = ['route -n get'];
  if (name === undefined) return { kind: 'unknown', sources };
  const known = is4
    ? parseArpCommand(await ask(['arp', '-an']) ?? '')
    : parseNdpCommand(await ask(['ndp', '-an']) ?? '');
  return stepOver({ ...route, interface: name }, peer, known, [...sources, is4 ? 'arp -an' : 'ndp -an']);
}

async function windowsStep(peer: string, ask: Ask): Promise<Step> {
  const powershell = ['powershell.exe', '-NoProfile', '-NonInteractive', '-Command'];
  const json = (command: string): Promise<string | undefined> => ask([...powershell, command]);
  const printed = await json(`ConvertTo-Json -InputObject @(Find-NetRoute -RemoteIPAddress ${peer})`);
  const { interface: name, ...route } = parseFindNetRoute(printed ?? '');
  const sources = ['Find-NetRoute'];
  if (name === undefined) return { kind: 'unknown', sources };
  const known = parseGetNetNeighbor(
    await json(`ConvertTo-Json -InputObject @(Get-NetNeighbor -IPAddress ${route.gateway ?? peer})`) ?? '');
  return stepOver({ ...route, interface: name }, peer, known, [...sources, 'Get-NetNeighbor']);
}
