import { assertNever } from '../trace/assertNever.ts';
import type { DnsStep } from '../trace/dnsStep.ts';
import { formatLifetime } from './format.ts';
import type { Language } from './text/language.ts';
import { nameStepTexts } from './text/nameStep.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';

/** What a step came to, in a sentence or two; undefined where its outcome says it all. */
export function explainDnsStep(step: DnsStep, language: Language): string | undefined {
  const sentences = [
    forgotten(step, language), sentenceOf(step, language), leftOut(step, language), cachedFor(step, language),
  ].filter((one) => one !== undefined);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function sentenceOf(step: DnsStep, language: Language): string | undefined {
  if (step.source === 'resolve') return say(nameStepTexts, language, 'resolve');
  if (step.system) return say(nameStepTexts, language, 'system');
  if (step.connection?.reopened) return say(nameStepTexts, language, 'reopened');
  const isSaid = step.outcome === 'answered' || step.outcome === 'no-data' || step.outcome === 'name-error';
  if (step.zone === undefined && !(isExtra(step) && isSaid)) return undefined;
  return say(nameStepTexts, language, idOf(step), placesOf(step, language));
}

/** What went wrong with a step: in the reader's language where it is Roundtrip's own word, else as it came. */
export function stepReason({ message }: DnsStep, language: Language): string | undefined {
  if (message === 'cancelled') return say(nameStepTexts, language, 'reason-cancelled');
  if (message === 'closed behind a question without a whole answer') return say(nameStepTexts, language, 'reason-behind');
  const [, name] = /^a loop of CNAME records at (\S+)$/.exec(message ?? '') ?? [];
  if (name !== undefined) return say(nameStepTexts, language, 'reason-loop', { name });
  const [, limit] = /^more than (\d+) CNAME records$/.exec(message ?? '') ?? [];
  return limit === undefined ? message : say(nameStepTexts, language, 'reason-aliases', { limit });
}

/** Whether a step is about something besides the addresses of the name: nothing is missed without it. */
export function isExtra({ purpose }: DnsStep): boolean {
  return purpose === 'service' || purpose === 'service-address' || purpose === 'peer-name';
}

function forgotten({ forgotten: child, source }: DnsStep, language: Language): string | undefined {
  if (child === undefined || source === 'cache') return undefined;
  return say(nameStepTexts, language, 'forgotten', { child });
}

function leftOut({ referral }: DnsStep, language: Language): string | undefined {
  if (referral?.leftOut === undefined) return undefined;
  return say(nameStepTexts, language, 'left-out', { count: referral.leftOut, limit: referral.servers.length });
}

function cachedFor({ ttlLeft, zone, learntHere }: DnsStep, language: Language): string | undefined {
  if (ttlLeft === undefined) return undefined;
  const left = formatLifetime(ttlLeft, language);
  const id = zone === undefined ? 'cached' : learntHere ? 'cached-here' : 'cached-walk';
  return say(nameStepTexts, language, id, { left });
}

type Id = keyof typeof nameStepTexts;

function idOf(step: DnsStep): Id {
  if (step.truncated) return 'truncated';
  if (step.alias !== undefined && step.purpose !== 'minimised') return 'alias';
  switch (step.outcome) {
    case 'referral': return (step.referral?.glue.length ?? 0) > 0 ? 'referral' : 'referral-without-glue';
    case 'timeout':
    case 'malformed':
    case 'lame': return step.outcome;
    case 'answered':
    case 'no-data':
    case 'name-error': return step.purpose === 'minimised' ? minimisedId(step) : endId(step);
    default: return endId(step);
  }
}

/** RFC 9156: what the answer to a shorter name means for the walk. */
function minimisedId({ outcome }: DnsStep): Id {
  return outcome === 'answered' || outcome === 'no-data' ? 'minimised-passed' : 'minimised-failed';
}

function endId(step: DnsStep): Id {
  const { outcome, purpose } = step;
  switch (outcome) {
    case 'answered': return answeredId(purpose);
    case 'no-data':
    case 'name-error':
      if (purpose === 'service' || purpose === 'service-address' || purpose === 'peer-name') return `${purpose}-none`;
      return negativeTtl(step) === undefined ? outcome : `${outcome}-ttl`;
    // RFC 8499 §7: servers that do not serve a zone refuse most often.
    case 'refused': return 'lame';
    case 'server-failure': return 'server-failure';
    case 'not-listed':
    case 'error': return 'error';
    case 'referral':
    case 'timeout':
    case 'malformed':
    case 'lame': return outcome;
    default: return assertNever(outcome);
  }
}

function answeredId(purpose: DnsStep['purpose']): Id {
  switch (purpose) {
    case 'server-address': case 'service': case 'service-address': case 'peer-name': return purpose;
    default: return 'answer';
  }
}

function placesOf(step: DnsStep, language: Language): Record<string, string | number> {
  const { question, referral, zone = '', alias = '', rcode } = step;
  const wanted = (step.records ?? []).filter(({ section, type }) => section === 'answer' && type === question.type);
  const ttls = wanted.flatMap(({ ttl }) => ttl ?? []);
  const ttl = ttls.length > 0 ? Math.min(...ttls) : negativeTtl(step);
  return {
    asked: question.name, type: question.type, zone, alias, message: stepReason(step, language) ?? rcode ?? '',
    child: referral?.zone ?? '', count: referral?.servers.length ?? 0, glue: referral?.glue.length ?? 0,
    values: someOf(wanted.map(({ type, value }) => type === 'PTR' ? value.replace(/\.$/, '') : value), language),
    ...(ttl !== undefined && { ttl: formatLifetime(ttl, language) }),
  };
}

function someOf(values: readonly string[], language: Language): string {
  if (values.length <= 2) return values.join(', ');
  return say(phaseTexts, language, 'more', { first: values[0] ?? '', count: values.length - 1 });
}

/** RFC 2308 §5, in seconds: the smaller of the SOA record's TTL and its last field. */
function negativeTtl({ records = [] }: DnsStep): number | undefined {
  const soa = records.find(({ section, type }) => section === 'authority' && type === 'SOA');
  const minimum = Number(soa?.value.split(' ').at(-1));
  return soa?.ttl === undefined || Number.isNaN(minimum) ? undefined : Math.min(soa.ttl, minimum);
}
