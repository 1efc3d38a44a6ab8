import { createInterface } from 'node:readline';

import { explainLabAction, explainLabProblem } from '../explain/lab.ts';
import { labServerIds } from '../explain/labServers.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { LabAction, LabPorts, LabServerId, LabState } from '../protocol.ts';
import type { LabActionResult } from '../run/labClient.ts';
import { complain } from './complain.ts';
import { labRows, labTable, labWorkerRows } from './labTable.ts';

/** A line of standard input, understood. */
export type LabCommand =
  | { readonly is: 'action'; readonly action: LabAction }
  /** A command that there is, with what it does not take. */
  | { readonly is: 'mistake'; readonly what: 'worker' | 'server' | 'port' | 'port-for-one'; readonly text: string }
  | { readonly is: 'help' | 'quit' | 'nothing' | 'unknown' };

/** `stop relay`, `kill worker 2`, `status` and so on, in any case and with any spaces. */
export function readLabCommand(line: string): LabCommand {
  const words = line.trim().toLowerCase().split(/\s+/);
  const [verb, object, number, ...rest] = words;
  const phrase = words.slice(0, 2).join(' ');
  if (verb === '') return { is: 'nothing' };
  if (phrase === 'kill worker' && rest.length === 0) {
    return /^\d{1,3}$/.test(number ?? '') ? { is: 'action', action: { do: 'kill-worker', worker: Number(number) } }
      : { is: 'mistake', what: 'worker', text: number ?? '' };
  }
  if (verb === 'start' || verb === 'stop' || verb === 'restart') return serverCommand(verb, words.slice(1));
  if (number !== undefined) return { is: 'unknown' };
  if (phrase === 'add worker') return { is: 'action', action: { do: 'add-worker' } };
  if (phrase === 'clear sessions') return { is: 'action', action: { do: 'clear-sessions' } };
  if (object !== undefined) return { is: 'unknown' };
  if (verb === 'status') return { is: 'action', action: { do: 'report' } };
  if (verb === 'help' || verb === '?') return { is: 'help' };
  return { is: verb === 'quit' || verb === 'exit' ? 'quit' : 'unknown' };
}

/** `relay`, `all` or nothing; a server that is started may be given another port. */
function serverCommand(
  verb: 'start' | 'stop' | 'restart', [object = 'all', port, ...rest]: readonly string[],
): LabCommand {
  if (object === 'all' && port === undefined) return { is: 'action', action: { do: verb } };
  const server = labServerIds.find((id) => id.toLowerCase() === object);
  if (rest.length > 0 || (verb === 'stop' && port !== undefined)) return { is: 'unknown' };
  if (object === 'all') return { is: 'mistake', what: 'port-for-one', text: port ?? '' };
  if (!server) return { is: 'mistake', what: 'server', text: object };
  if (port === undefined) return { is: 'action', action: { do: verb, server } };
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { is: 'mistake', what: 'port', text: port };
  return { is: 'action', action: { do: verb, server, ports: { [server]: Number(port) } } };
}

export interface LabConsole {
  readonly language: Language;
  readonly json: boolean;
  /** What the lab was started with; actions may change them. */
  readonly ports: LabPorts;
  act(action: LabAction): Promise<LabActionResult | undefined>;
}

/** Carries out one line of standard input after the other, to their end or to `quit`. */
export async function attendLines(console: LabConsole): Promise<void> {
  let { ports } = console;
  for await (const line of createInterface({ input: process.stdin, terminal: false })) {
    const command = readLabCommand(line);
    switch (command.is) {
      case 'quit': return;
      case 'nothing': break;
      case 'help':
        (console.json ? process.stderr : process.stdout).write(helpText(console.language));
        break;
      case 'unknown': complain(say(cliTexts, console.language, 'lab-unknown', { line: line.trim() }));
        break;
      case 'mistake': complain(say(cliTexts, console.language, `lab-mistaken-${command.what}`, {
        text: command.text, servers: labServerIds.join(', '),
      }));
        break;
      case 'action':
        if ('ports' in command.action) ports = { ...ports, ...command.action.ports };
        await carryOut('ports' in command.action ? { ...command.action, ports } : command.action, console);
    }
  }
}

function helpText(language: Language): string {
  return say(cliTexts, language, 'lab-help', { servers: labServerIds.join(', ') });
}

async function carryOut(action: LabAction, { language, json, act }: LabConsole): Promise<void> {
  const result = await act(action);
  if (!result) return;
  if (json) return print([JSON.stringify(result)]);
  if (result.problem) return complain(explainLabAction(result.problem, language, result.state.workers));
  print(linesAfter(action, result.state, language));
  if (action.do === 'start') complainOfPort(action, result.state, language);
  const server = 'server' in action ? action.server : undefined;
  if (action.do !== 'report') complainOfFailures(result.state, language, server);
}

/** A server that runs already stays where it is. */
function complainOfPort(
  { server, ports = {} }: Extract<LabAction, { do: 'start' | 'restart' }>, { servers }: LabState, language: Language,
): void {
  const { state, port } = servers.find(({ id }) => id === server) ?? {};
  const wanted = server && ports[server];
  if (!wanted || state !== 'running' || port === wanted) return;
  complain(say(cliTexts, language, 'lab-stays', { server, port: port ?? '', wanted }));
}

/** What an action was about, as it is now. */
function linesAfter(action: LabAction, state: LabState, language: Language): string[] {
  switch (action.do) {
    case 'report': case 'clear-sessions': return labTable(state, language);
    case 'add-worker': case 'kill-worker': return labWorkerRows(state.workers, language);
    case 'start': case 'stop': case 'restart':
      return action.server === undefined ? labTable(state, language)
        : labRows(state.servers.filter(({ id }) => id === action.server), language);
  }
}

/** Says of each server that could not be started (or of one) why, and what to do. */
export function complainOfFailures(
  { servers }: LabState, language: Language, server?: LabServerId, again: 'server' | 'lab' = 'server',
): void {
  for (const { id, problem } of servers) {
    if (!problem || (server !== undefined && id !== server)) continue;
    const setting = again === 'server' ? `“start ${id} PORT”` : `--port ${id}=PORT`;
    const other = servers.find((one) => one.id !== id && one.state === 'running' && one.port === problem.port)?.id;
    complain(explainLabProblem(id, problem, { setting, again, ...(other ? { takenBy: other } : {}) }, language));
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
