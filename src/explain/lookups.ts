import type { DnsStep } from '../trace/dnsStep.ts';
import type { Exchange } from '../trace/exchange.ts';
import { rcodeWithReasons } from './extendedError.ts';
import { formatLifetime } from './format.ts';
import { stepReason } from './nameStep.ts';
import type { Language } from './text/language.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';

/** One line on what a name lookup gave, and from where. */
export function dnsNote(exchange: Exchange, language: Language): string | undefined {
  const lookup = exchange.connection?.lookup;
  if (!lookup) return undefined;
  if (lookup.endAt === undefined) return say(phaseTexts, language, 'running');
  const own = lookup.steps.filter(isForAddress);
  const answered = own.findLast((step) => step.outcome === 'answered' && step.alias === undefined);
  if (lookup.addresses.length > 0 && answered) {
    return answeredNote(
      answered,
      addressList(
        lookup.addresses.map((ip) => ip.address),
        language,
      ),
      language,
    );
  }
  const last = own.findLast((step) => step.outcome !== 'not-listed');
  return last ? dnsStepProblem(last, language) : say(phaseTexts, language, 'dns-none');
}

/** Whether a step is about the addresses, not what is asked besides on the walk from the root. */
export function isForAddress({ purpose }: DnsStep): boolean {
  return purpose === undefined || purpose === 'name' || purpose === 'alias';
}

function addressList(addresses: readonly string[], language: Language): string {
  const [first = '', ...others] = addresses;
  if (others.length === 0) return first;
  if (others.length === 1) return `${first}, ${others[0]}`;
  return say(phaseTexts, language, 'more', { first, count: others.length });
}

function answeredNote(step: DnsStep, addresses: string, language: Language): string {
  const ttls = (step.records ?? []).flatMap((record) =>
    record.section === 'answer' && record.ttl !== undefined ? [record.ttl] : [],
  );
  const ttl = ttls.length === 0 ? undefined : formatLifetime(Math.min(...ttls), language);
  const places = { addresses, server: step.server ?? '', ttl: ttl ?? '' };
  switch (step.source) {
    case 'literal':
      return say(phaseTexts, language, 'dns-literal');
    case 'resolve':
      return say(phaseTexts, language, 'dns-resolve', places);
    case 'cache':
      return say(phaseTexts, language, ttl ? 'dns-cache-ttl' : 'dns-cache', places);
    case 'hosts':
      return say(phaseTexts, language, 'dns-hosts', places);
    case 'name-server':
      return say(phaseTexts, language, ttl ? 'dns-server-ttl' : 'dns-server', places);
    case 'getaddrinfo':
    case 'getnameinfo':
      return say(phaseTexts, language, 'dns-getaddrinfo', places);
  }
}

/** One line on a lookup step that gave no address. */
function dnsStepProblem(step: DnsStep, language: Language): string {
  const server = step.server ?? step.source;
  switch (step.outcome) {
    case 'name-error': return say(phaseTexts, language, 'dns-name-error', { server });
    case 'no-data': return say(phaseTexts, language, 'dns-no-data', { server });
    case 'timeout': return say(phaseTexts, language, 'dns-timeout', { server });
    case 'server-failure':
    case 'refused':
      return say(phaseTexts, language, 'dns-failed', { server, rcode: rcodeWithReasons(step) ?? step.outcome });
    default:
      return say(phaseTexts, language, 'dns-error', {
        server,
        message: stepReason(step, language) ?? step.outcome,
      });
  }
}
