import { parseArgs } from 'node:util';
import type { LabPorts } from '../protocol.ts';
import type { LabLimits } from '../run/labLimits.ts';
import { withoutCredentials } from '../trace/proxyDecision.ts';
import type { CookieLimits, LookupLimits } from '../trace/request.ts';
import { parseChosenServers } from '../wire/dns/chosenServers.ts';
import { parseProxies } from '../wire/proxy/proxyUrl.ts';
import { count, duration, headSize, limit, size, sizeWithUnit } from './figures.ts';
import { labLimitOptions, limitsOf } from './labLimits.ts';
import { labPortOptions, labPorts } from './labPorts.ts';
import { cookieLimits, lookupLimits } from './limits.ts';
import { sessionStore } from './sessionStore.ts';
import { tlsArguments, tlsOptions } from './tlsArguments.ts';
import type { TlsArguments } from './tlsArguments.ts';
import { UsageError } from './usageError.ts';

/** What names stand for besides what the file says. */
export interface NameArguments {
  /** `--env NAME`. */
  readonly environment: string | undefined;
  /** `--var-file FILE`. */
  readonly environmentFile: string | undefined;
  /** `--var name=value`, the last of a name. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The options of `roundtrip send`; times in ms, sizes in bytes. */
export interface SendArguments extends NameArguments, TlsArguments {
  readonly command: 'send';
  readonly file: string;
  readonly selection: Selection;
  readonly json: boolean;
  readonly har: string | undefined;
  /** `--raw` and `--frames`: everything that passed is printed, too. */
  readonly raw: boolean;
  readonly frames: boolean;
  readonly includeSecrets: boolean;
  /** Also the messages of TLS, a line for each. */
  readonly verbose: boolean;
  readonly timeout: number | undefined;
  readonly connectTimeout: number | undefined;
  /** `--dns-timeout`: of each try of a name lookup, ms. */
  readonly dnsTimeout: number | undefined;
  readonly cacert: string | undefined;
  readonly proxy: string | undefined;
  /** `--dns`: for requests that name no servers themselves. */
  readonly dns: string | undefined;
  /** `--no-proxy`: whatever the environment says. */
  readonly noProxy: boolean;
  readonly insecure: boolean;
  readonly followRedirects: boolean;
  /** `--new-connection`: for each request, also where one is kept. */
  readonly newConnection: boolean;
  readonly httpVersion: '1.1' | '2' | undefined;
  readonly maxContent: number;
  /** `--max-size`: of a content, in bytes; Infinity is none. */
  readonly maxSize: number | undefined;
  readonly maxExpansion: number | undefined;
  /** `--max-head-size`: of a response's head, in bytes. */
  readonly maxHeadSize: number | undefined;
  /** `--max-fields`: of a response's head. */
  readonly maxFields: number | undefined;
  /** `--max-interim`: responses before the final one. */
  readonly maxInterim: number | undefined;
  /** `--dns-tries`, `--max-addresses` and the like. */
  readonly lookupLimits: Partial<LookupLimits>;
  readonly cookieLimits: Partial<CookieLimits>;
  /** `--output FILE`: the content of the last response goes there. */
  readonly output: string | undefined;
  /** Names without a value stay as they are written. */
  readonly anyway: boolean;
  /** Requests with `# @note` are sent without asking. */
  readonly yes: boolean;
  /** Of the lab, where it is needed. */
  readonly sessionStore: string;
  /** Lines of standard input are messages for a WebSocket, also where it is no terminal. */
  readonly interactive: boolean;
  /** The file that cookies come from and go to; without one they are forgotten at the end. */
  readonly cookieJar: string | undefined;
}

/** Which requests of a file: all, the one at a line (counted from 1), or the one of a name. */
export type Selection =
  | { readonly by: 'all' }
  | { readonly by: 'line'; readonly line: number }
  | { readonly by: 'name'; readonly name: string };

export interface ParseArguments extends NameArguments {
  readonly command: 'parse';
  readonly file: string;
  readonly json: boolean;
  /** Names are put in: asked for, or an environment or a variable is given. */
  readonly resolved: boolean;
  readonly includeSecrets: boolean;
}

export interface LabArguments {
  readonly command: 'lab';
  readonly json: boolean;
  /** Lines of standard input are commands, also where it is no terminal. */
  readonly control: boolean;
  readonly ports: LabPorts;
  readonly sessionStore: string;
  readonly limits: LabLimits;
}

/** `roundtrip cookies list|clear --cookie-jar FILE`, of one domain or of all. */
export interface CookiesArguments {
  readonly command: 'cookies';
  readonly action: 'list' | 'clear';
  readonly jar: string;
  readonly domain: string | undefined;
  readonly json: boolean;
}

type Arguments =
  | SendArguments | ParseArguments | LabArguments | CookiesArguments
  | { readonly command: 'help' } | { readonly command: 'version' };

/**
 * The command line as data.
 *
 * @param words the words after the program's name.
 * @throws UsageError with the text for the user.
 */
export function parseArguments(words: readonly string[]): Arguments {
  const [command, ...rest] = words;
  switch (command) {
    case 'send': return sendArguments(rest);
    case 'parse': return parseCommandArguments(rest);
    case 'lab': return labArguments(rest);
    case 'cookies': return cookiesArguments(rest);
    case undefined: case 'help': case '--help': case '-h': return { command: 'help' };
    case 'version': case '--version': case '-V': return { command: 'version' };
    default: throw new UsageError('unknown-command', { command });
  }
}

function sendArguments(words: readonly string[]): Arguments {
  const { values, positionals } = options(words, {
    json: { type: 'boolean' }, raw: { type: 'boolean' }, frames: { type: 'boolean' }, har: { type: 'string' },
    'include-secrets': { type: 'boolean' }, timeout: { type: 'string' }, 'connect-timeout': { type: 'string' },
    'dns-timeout': { type: 'string' },
    cacert: { type: 'string' }, dns: { type: 'string' }, proxy: { type: 'string' }, 'no-proxy': { type: 'boolean' },
    insecure: { type: 'boolean', short: 'k' }, 'no-redirect': { type: 'boolean' },
    'new-connection': { type: 'boolean' }, 'http1.1': { type: 'boolean' }, http2: { type: 'boolean' },
    'max-content': { type: 'string' }, 'max-size': { type: 'string' }, 'max-expansion': { type: 'string' },
    'max-head-size': { type: 'string' }, 'max-fields': { type: 'string' }, 'max-interim': { type: 'string' },
    output: { type: 'string', short: 'o' }, anyway: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' },
    interactive: { type: 'boolean' }, 'cookie-jar': { type: 'string' }, verbose: { type: 'boolean', short: 'v' },
    'session-store': { type: 'string' }, help: { type: 'boolean', short: 'h' }, ...nameOptions, ...tlsOptions,
    ...lookupLimits.options, ...cookieLimits.options,
  });
  if (values.help) return { command: 'help' };
  if (values.proxy !== undefined && values['no-proxy']) throw new UsageError('proxies-exclude');
  if (values['http1.1'] && values.http2) throw new UsageError('versions-exclude');
  return {
    command: 'send',
    ...target(one(positionals, 'send')),
    json: values.json === true,
    har: values.har,
    raw: values.raw === true,
    frames: values.frames === true,
    includeSecrets: values['include-secrets'] === true,
    verbose: values.verbose === true,
    timeout: duration('--timeout', values.timeout),
    connectTimeout: duration('--connect-timeout', values['connect-timeout']),
    dnsTimeout: duration('--dns-timeout', values['dns-timeout']),
    cacert: values.cacert,
    dns: nameServers(values.dns),
    proxy: proxy(values.proxy),
    noProxy: values['no-proxy'] === true,
    insecure: values.insecure === true,
    followRedirects: values['no-redirect'] !== true,
    newConnection: values['new-connection'] === true,
    httpVersion: values['http1.1'] ? '1.1' : values.http2 ? '2' : undefined,
    maxContent: size('--max-content', values['max-content']) ?? 1024 * 1024,
    maxSize: limit(sizeWithUnit('--max-size', values['max-size'])),
    maxExpansion: limit(size('--max-expansion', values['max-expansion'])),
    maxHeadSize: headSize(values['max-head-size']),
    maxFields: count('--max-fields', values['max-fields'], 10_000),
    maxInterim: count('--max-interim', values['max-interim'], 1000),
    lookupLimits: lookupLimits.read(values),
    cookieLimits: cookieLimits.read(values),
    output: values.output,
    anyway: values.anyway === true,
    yes: values.yes === true,
    interactive: values.interactive === true,
    ...tlsArguments(values),
    cookieJar: values['cookie-jar'],
    sessionStore: sessionStore(values['session-store']),
    ...nameArguments(values),
  };
}

function parseCommandArguments(words: readonly string[]): Arguments {
  const { values, positionals } = options(words, {
    json: { type: 'boolean' }, resolved: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
    'include-secrets': { type: 'boolean' }, ...nameOptions,
  });
  if (values.help) return { command: 'help' };
  const names = nameArguments(values);
  const isGiven = names.environment !== undefined || names.environmentFile !== undefined || names.variables.size > 0;
  return {
    command: 'parse', file: one(positionals, 'parse'), json: values.json === true,
    resolved: values.resolved === true || isGiven,
    includeSecrets: values['include-secrets'] === true, ...names,
  };
}

const nameOptions = {
  env: { type: 'string' }, 'var-file': { type: 'string' }, var: { type: 'string', multiple: true },
} as const satisfies OptionTable;

function nameArguments(
  values: { readonly env?: string; readonly 'var-file'?: string; readonly var?: readonly string[] },
): NameArguments {
  return {
    environment: values.env, environmentFile: values['var-file'],
    variables: new Map((values.var ?? []).map(variable)),
  };
}

/** `name=value`; the value may be empty and may hold `=`. */
function variable(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  if (name === '') throw new UsageError('bad-variable', { text });
  return [name, text.slice(equals + 1)];
}

function labArguments(words: readonly string[]): Arguments {
  const { values, positionals } = options(words, {
    json: { type: 'boolean' }, control: { type: 'boolean' }, 'session-store': { type: 'string' },
    help: { type: 'boolean', short: 'h' }, ...labPortOptions, ...labLimitOptions,
  });
  if (values.help) return { command: 'help' };
  if (positionals.length > 0) throw new UsageError('lab-takes-no-file', { extra: positionals[0] ?? '' });
  return {
    command: 'lab', json: values.json === true, control: values.control === true, ports: labPorts(values),
    sessionStore: sessionStore(values['session-store']), limits: limitsOf(values),
  };
}

function cookiesArguments(words: readonly string[]): Arguments {
  const { values, positionals } = options(words, {
    'cookie-jar': { type: 'string' }, domain: { type: 'string' }, json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return { command: 'help' };
  const [action, extra] = positionals;
  if ((action !== 'list' && action !== 'clear') || extra !== undefined) {
    throw new UsageError('cookies-action', { text: positionals.join(' ') });
  }
  if (values['cookie-jar'] === undefined) throw new UsageError('cookies-jar');
  return { command: 'cookies', action, jar: values['cookie-jar'], domain: values.domain, json: values.json === true };
}

type OptionTable = Record<string, { type: 'boolean' | 'string'; short?: string; multiple?: boolean }>;

function options<T extends OptionTable>(words: readonly string[], table: T) {
  try {
    return parseArgs({ args: [...words], options: table, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError('bad-option', { reason: (error as Error).message.split('. ')[0] ?? '' });
  }
}

function one(positionals: readonly string[], command: string): string {
  const [file, extra] = positionals;
  if (file === undefined) throw new UsageError('file-wanted', { command });
  if (extra !== undefined) throw new UsageError('one-file', { command, extra });
  return file;
}

/** `FILE`, `FILE:LINE` or `FILE#name`; a drive letter's colon is not followed by digits alone. */
function target(word: string): { file: string; selection: Selection } {
  const byLine = /^(.+):(\d+)$/.exec(word);
  if (byLine) {
    return { file: byLine[1] ?? word, selection: { by: 'line', line: Number(byLine[2]) } };
  }
  const hash = word.indexOf('#');
  if (hash > 0) {
    return { file: word.slice(0, hash), selection: { by: 'name', name: word.slice(hash + 1) } };
  }
  return { file: word, selection: { by: 'all' } };
}

function proxy(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!parseProxies(text).ok) throw new UsageError('bad-proxy', { text: withoutCredentials(text) });
  return text;
}

function nameServers(text: string | undefined): string | undefined {
  if (text !== undefined && !parseChosenServers(text)) throw new UsageError('bad-name-servers', { text });
  return text;
}
