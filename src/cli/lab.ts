import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { LabAction, LabAddresses, LabState } from '../protocol.ts';
import { createLabClient, LabStartFailure } from '../run/labClient.ts';
import type { LabActionResult } from '../run/labClient.ts';
import { createServerSides } from '../run/serverSide.ts';
import type { Exchange } from '../trace/exchange.ts';
import { addServerEvents } from '../trace/record.ts';
import type { LabArguments } from './arguments.ts';
import { attendLines, complainOfFailures } from './labControl.ts';
import { labTable } from './labTable.ts';
import { UsageError } from './usageError.ts';

/** How long the lab's account of a request is waited for once its response is complete, ms. */
const serverSidePatience = 1500;

/** A lab that runs for this command. */
export interface RunningLab {
  readonly addresses: LabAddresses;
  /** The exchange with the lab's own account of it, where the lab was the other end. */
  withServerSide(exchange: Exchange): Promise<Exchange>;
  /** Undefined when it has ended. */
  act(action: LabAction): Promise<LabActionResult | undefined>;
  stop(): Promise<void>;
}

/** How to start it; free ports and sessions in memory unless it is said. */
export type LabStart = Partial<Pick<LabArguments, 'ports' | 'sessionStore' | 'limits'>>;

/**
 * Starts the lab as a child process.
 *
 * @param onExit called when it ends without having been asked to.
 * @throws UsageError when it cannot be started.
 */
export async function startLab(
  { ports = {}, sessionStore = 'memory', limits = {} }: LabStart = {}, onExit?: () => void,
): Promise<RunningLab> {
  const sides = createServerSides();
  const lab = createLabClient({
    modulePath: join(__dirname, 'lab.cjs'), ports: () => ports, sessionStore: () => sessionStore,
    limits: () => limits,
    onEvents: (message) => sides.add(message),
    ...(onExit ? { onExit } : {}),
  });
  try {
    const addresses = await lab.start();
    return {
      addresses,
      withServerSide: async (exchange) => {
        const over = new AbortController();
        // Held by the process: a lab that has died would leave nothing else to wait for, and the run would end without a word.
        const late = sleep(serverSidePatience, [], { signal: over.signal }).catch(() => []);
        const events = await Promise.race([sides.finished(exchange), late]);
        over.abort();
        return addServerEvents(exchange, events.length > 0 ? events : sides.of(exchange));
      },
      act: (action) => lab.act(action),
      stop: () => lab.stop(),
    };
  } catch (error) {
    throw usageErrorOf(error as Error);
  }
}

function usageErrorOf(error: Error): UsageError {
  const { server, problem } = error instanceof LabStartFailure ? error : {};
  if (!server || problem?.port === undefined) return new UsageError('lab-failed', { reason: error.message });
  const places = { server, port: problem.port, reason: error.message };
  if (problem.code === 'EADDRINUSE') return new UsageError('lab-port-taken', places);
  return new UsageError(problem.code === 'EACCES' ? 'lab-port-forbidden' : 'lab-failed', places);
}

/**
 * `roundtrip lab`: runs the lab until Ctrl+C; its addresses are the first thing printed. In a terminal, or where it is
 * asked for, lines of standard input control it, and their end is its end.
 */
export async function labCommand(given: LabArguments, language: Language): Promise<number> {
  let stop: (code: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => { stop = resolve; });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0));
  const { json, control: isAsked, ports } = given;
  const isControlled = isAsked || (process.stdin.isTTY === true && process.stdout.isTTY === true && !json);
  const lab = await startLab(given, () => stop(1));
  const { addresses } = lab;
  const report = await lab.act({ do: 'report' });
  if (json) process.stdout.write(`${JSON.stringify(addresses)}\n`);
  else if (report) process.stdout.write(`${overview(addresses, report.state, isControlled, language).join('\n')}\n`);
  if (report) complainOfFailures(report.state, language, undefined, isControlled ? 'server' : 'lab');
  if (isControlled) void attendLines({ language, json, ports, act: (action) => lab.act(action) }).then(() => stop(0));
  const code = await stopped;
  // Nothing more is read: the program may end.
  process.stdin.destroy();
  await lab.stop();
  return code;
}

function overview(
  { certificateAuthority: { subject, pem } }: LabAddresses, state: LabState, isControlled: boolean, language: Language,
): string[] {
  return [
    ...labTable(state, language), '', `${say(cliTexts, language, 'lab-authority')}: ${subject}`, '', pem.trimEnd(), '',
    say(cliTexts, language, isControlled ? 'lab-control' : 'lab-running'),
  ];
}
