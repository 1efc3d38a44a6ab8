import { isIP } from 'node:net';
import { problem } from '../../httpFile/problem.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import type { HttpRequest } from '../../httpFile/syntax.ts';
import type { GivenAddresses, SendOptions } from '../../trace/request.ts';
import { isWalk } from '../../wire/dns/asked.ts';
import { parseChosenServers } from '../../wire/dns/chosenServers.ts';
import type { Preparation } from './preparation.ts';

type Named =
  { -readonly [K in 'dns' | 'httpsRecords' | 'peerName' | 'resolve' | 'forceNewConnection']?: SendOptions[K] };

/** What `# @dns` and `# @resolve` say of how names become addresses, and addresses names. */
export function prepareNames(preparation: Preparation): Named {
  const given: GivenAddresses[] = [];
  const said: Named = {};
  for (const metadata of preparation.request.metadata) {
    if (metadata.key === 'dns') Object.assign(said, dnsOf(preparation, metadata));
    if (metadata.key !== 'resolve') continue;
    const one = givenBy(preparation, metadata);
    if (one) given.push(one);
  }
  return {
    ...said,
    // On a connection that is open already, nothing would be looked up.
    ...(isWalk(said.dns) && { forceNewConnection: true }),
    ...(given.length > 0 && { resolve: given }),
  };
}

type Metadata = HttpRequest['metadata'][number];

/** Words that anybody may write; they ask no server of the writer's choice. */
const words: ReadonlyMap<string, Named> = new Map<string, Named>([
  ['trace', { dns: 'trace' }], ['trace fresh', { dns: 'trace fresh' }], ['system', { dns: 'system' }],
  ['ptr', { peerName: true }], ['https-records on', { httpsRecords: 'on' }],
  ['https-records show', { httpsRecords: 'show' }], ['https-records off', { httpsRecords: 'off' }],
]);

function dnsOf(preparation: Preparation, metadata: Metadata): Named {
  const text = textOf(preparation, metadata);
  if (text === undefined) return {};
  const word = words.get(text.toLowerCase().replace(/\s+/g, ' '));
  if (word) return word;
  if (parseChosenServers(text) === undefined) tell(preparation, metadata, 'dns-unsupported', { value: text });
  else if (!preparation.context.trusted) tell(preparation, metadata, 'resolve-ignored', { key: 'dns' });
  else return { dns: text };
  return {};
}

function givenBy(preparation: Preparation, metadata: Metadata): GivenAddresses | undefined {
  const text = textOf(preparation, metadata);
  if (text === undefined) return undefined;
  const given = parseResolve(text);
  if (given === undefined) tell(preparation, metadata, 'resolve-invalid', { value: text });
  // SAFETY: where a request goes is not for a folder that nobody trusts to say behind the URL's back.
  else if (!preparation.context.trusted) tell(preparation, metadata, 'resolve-ignored', { key: 'resolve' });
  else return given;
  return undefined;
}

/**
 * `host:port:address[,address]...` as curl's `--resolve` takes it: `*` is every host, IPv6 addresses may stand in
 * brackets, and a `+` before it, which lets curl forget the entry, changes nothing here. Undefined for what is no
 * such thing.
 */
export function parseResolve(text: string): GivenAddresses | undefined {
  const parts = /^\+?([^:\s[\]]{1,253}):(\d{1,5}):(\S{1,1000})$/.exec(text.trim());
  const [, host = '', digits = '', list = ''] = parts ?? [];
  const port = Number(digits);
  const addresses = list.split(',').map((address) => /^\[(.*)\]$/.exec(address)?.[1] ?? address);
  if (host === '' || port < 1 || port > 65_535 || addresses.some((address) => isIP(address) === 0)) return undefined;
  return { host, port, addresses };
}

/** The value with its variables put in; undefined when one is missing, which is told. */
function textOf({ resolve, problems }: Preparation, { value, range }: Metadata): string | undefined {
  const { text, faults } = resolve(value);
  for (const { code, places } of faults) problems.push(problem(code, range, places));
  return faults.length > 0 || text.trim() === '' ? undefined : text.trim();
}

function tell({ problems }: Preparation, { range }: Metadata, code: ProblemCode, places: Record<string, string>): void {
  problems.push(problem(code, range, places));
}
