import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { formatEndpoint } from '../explain/format.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { LabAddresses } from '../protocol.ts';
import { createLabClient } from '../run/labClient.ts';
import { createServerSides } from '../run/serverSide.ts';
import type { Exchange } from '../trace/exchange.ts';
import { addServerEvents } from '../trace/record.ts';
import type { LabArguments } from './arguments.ts';
import { UsageError } from './usageError.ts';

/** How long the lab's account of a request is waited for once its response is complete, ms. */
const serverSidePatience = 500;

/** A lab that runs for this command. */
export interface RunningLab {
  readonly addresses: LabAddresses;
  /** The exchange with the lab's own account of it, where the lab was the other end. */
  withServerSide(exchange: Exchange): Promise<Exchange>;
  stop(): Promise<void>;
}

/** Ports to listen on; 0 or absent takes free ones. */
export interface LabPorts {
  readonly httpPort?: number;
  readonly httpsPort?: number;
  readonly dnsPort?: number;
}

/**
 * Starts the lab as a child process.
 *
 * @param onExit called when it ends without having been asked to.
 * @throws UsageError when it cannot be started.
 */
export async function startLab(ports: LabPorts = {}, onExit?: () => void): Promise<RunningLab> {
  const sides = createServerSides();
  const lab = createLabClient({
    modulePath: join(__dirname, 'lab.cjs'), ports,
    onEvents: (message) => sides.add(message),
    ...(onExit ? { onExit } : {}),
  });
  try {
    const addresses = await lab.start();
    return {
      addresses,
      withServerSide: async (exchange) => {
        const events = await Promise.race([sides.finished(exchange), sleep(serverSidePatience, [], { ref: false })]);
        return addServerEvents(exchange, events.length > 0 ? events : sides.of(exchange));
      },
      stop: () => lab.stop(),
    };
  } catch (error) {
    throw new UsageError('lab-failed', { reason: (error as Error).message });
  }
}

/** `roundtrip lab`: runs the lab until Ctrl+C; its addresses are the first thing printed. */
export async function labCommand(given: LabArguments, language: Language): Promise<number> {
  let stop: (code: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => { stop = resolve; });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0));
  const lab = await startLab(given, () => stop(1));
  const { addresses } = lab;
  process.stdout.write(given.json
    ? `${JSON.stringify(addresses)}\n`
    : `${addressLines(addresses, language).join('\n')}\n`);
  const code = await stopped;
  await lab.stop();
  return code;
}

function addressLines(addresses: LabAddresses, language: Language): string[] {
  const { origins, http, https, nameServer, certificateAuthority } = addresses;
  const rows: [string, string][] = [
    [say(cliTexts, language, 'lab-origin'), `${origins.http}  (${formatEndpoint(http.address, http.port)})`],
    [say(cliTexts, language, 'lab-origin'), `${origins.https}  (${formatEndpoint(https.address, https.port)})`],
    [say(cliTexts, language, 'lab-name-server'),
      `${formatEndpoint(nameServer.address, nameServer.port)}  (${nameServer.zone})`],
    [say(cliTexts, language, 'lab-authority'), certificateAuthority.subject],
  ];
  return [
    ...rows.map(([label, value]) => `${label}: ${value}`),
    '', certificateAuthority.pem.trimEnd(), '', say(cliTexts, language, 'lab-running'),
  ];
}
