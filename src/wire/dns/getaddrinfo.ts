import { promises } from 'node:dns';
import type { DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import type { SystemLookup } from '../../trace/systemLookup.ts';
import type { ExchangeContext } from './exchange.ts';

// The operating system's own lookup: it knows mDNS, the machine's own name, VPNs' rules by name and
// whatever else is plugged into it, but tells neither servers nor TTLs.

/** Gives a name's addresses in the system's order; rejects with the system's code. */
export type Getaddrinfo = (name: string) => Promise<readonly IpAddress[]>;

/** What a call of the system's came to. */
interface Said<T> {
  readonly outcome: DnsStep['outcome'];
  readonly values: readonly T[];
  readonly message?: string;
}

/** getaddrinfo(3) for both families. */
export async function systemGetaddrinfo(name: string): Promise<readonly IpAddress[]> {
  const addresses = await promises.lookup(name, { all: true, order: 'verbatim' });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/**
 * Asks getaddrinfo and gives the addresses and the step. It cannot be cancelled underneath, so when
 * the signal aborts or time is up its answer is waited for no longer. Resolves in every case.
 */
export async function askGetaddrinfo(
  name: string,
  getaddrinfo: Getaddrinfo,
  context: ExchangeContext,
  system?: SystemLookup,
): Promise<{ addresses: readonly IpAddress[]; step: DnsStep }> {
  const startAt = context.now();
  const { outcome, values: addresses, message } = await askSystem(getaddrinfo(name), context);
  const step: DnsStep = {
    startAt,
    at: context.now(),
    source: 'getaddrinfo',
    question: bothFamilies(name),
    outcome,
    ...(addresses.length > 0 && { records: addressRecords(name, addresses) }),
    ...(message !== undefined && { message }),
    ...(system && { system }),
  };
  return { addresses, step };
}

/** The question of a source that is asked for both families at once. */
export function bothFamilies(name: string): { name: string; type: string } {
  return { name, type: 'A, AAAA' };
}

/** Addresses from a source without TTLs as the records of a step. */
export function addressRecords(name: string, addresses: readonly IpAddress[]): DnsStep['records'] {
  return addresses.map(({ address, family }) => ({
    section: 'answer',
    name,
    type: family === 6 ? 'AAAA' : 'A',
    value: address,
  }));
}

/** Waits for a call of the system's no longer than its signal and its time allow. Resolves in every case. */
export function askSystem<T>(asked: Promise<readonly T[]>, context: ExchangeContext): Promise<Said<T>> {
  return bounded(said(asked), context);
}

async function said<T>(asked: Promise<readonly T[]>): Promise<Said<T>> {
  try {
    const values = await asked;
    return { outcome: values.length > 0 ? 'answered' : 'no-data', values };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { outcome: outcomeOf(code), values: [], message: code || String(error) };
  }
}

/**
 * ENOTFOUND stands for EAI_NONAME and EAI_NODATA alike; EAI_AGAIN is a name server's temporary
 * failure.
 */
function outcomeOf(code: string): DnsStep['outcome'] {
  if (code === 'ENOTFOUND') return 'name-error';
  return code === 'EAI_AGAIN' || code === 'EAI_FAIL' ? 'server-failure' : 'error';
}

function bounded<T>(asked: Promise<Said<T>>, context: ExchangeContext): Promise<Said<T>> {
  const { signal, hold, timeout } = context;
  return new Promise((resolve) => {
    const end = (result: Said<T>): void => {
      signal.removeEventListener('abort', abort);
      hold.remove(timer);
      timer.cancel();
      resolve(result);
    };
    const abort = (): void => end({ outcome: 'error', values: [], message: 'cancelled' });
    const timer = context.schedule(
      () => end({ outcome: 'timeout', values: [], message: `no answer in ${timeout} ms` }),
      timeout,
    );
    hold.add(timer);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    void asked.then(end);
  });
}
