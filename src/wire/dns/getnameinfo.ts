import { promises } from 'node:dns';
import type { DnsStep } from '../../trace/dnsStep.ts';
import type { ExchangeContext } from './exchange.ts';
import { askSystem } from './getaddrinfo.ts';

// The operating system's own lookup of an address's name.

/** Gives an address's name; rejects with the system's code when it has none. */
export type Getnameinfo = (address: string) => Promise<string>;

/** getnameinfo(3); the port, which would be turned into a service's name, is not asked about. */
export async function systemGetnameinfo(address: string): Promise<string> {
  return (await promises.lookupService(address, 0)).hostname;
}

/** Asks getnameinfo for the name of an address and gives the step. Resolves in every case. */
export async function askGetnameinfo(
  address: string, getnameinfo: Getnameinfo, context: ExchangeContext,
): Promise<DnsStep> {
  const startAt = context.now();
  const { outcome, values, message } = await askSystem(getnameinfo(address).then((found) => [found]), context);
  const records = values.map((value) => ({ section: 'answer' as const, name: address, type: 'PTR', value }));
  return {
    startAt, at: context.now(), source: 'getnameinfo', question: { name: address, type: 'PTR' }, outcome,
    purpose: 'peer-name', ...(records.length > 0 && { records }), ...(message !== undefined && { message }),
  };
}
