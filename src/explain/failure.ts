import type { InspectorAction } from '../protocol.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { Failure, FailureCode } from '../trace/failure.ts';
import { authorityOf, isTowardsProxy, placesOf, urlOf } from './failurePlaces.ts';
import { isSayable } from './failureCase.ts';
import type { Id, Plan } from './failureCase.ts';
import { planFor } from './failurePlans.ts';
import { formatEndpoint } from './format.ts';
import { failureTexts } from './text/failure.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

/** What to do next; `action` is what a button beside it would do. */
export interface FailureStep {
  readonly text: string;
  readonly action?: InspectorAction;
  /** It is about the lab: the one thing to do. */
  readonly lab?: true;
}

/**
 * What is known of the lab: not running (or nothing is known), running as it was all along, started since the request,
 * or none that could be started where this is said.
 */
export type LabState = 'stopped' | 'running' | 'started' | 'none';

/** Why an exchange stopped, in words. Names and code are between backticks. */
interface FailureExplanation {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly FailureStep[];
}

/**
 * Why an exchange stopped: a title, sentences with this exchange's own names and figures, and
 * numbered next steps. Says only what was seen; a figure that is not known is left out.
 */
export function explainFailure(
  failure: Failure, exchange: Exchange, language: Language, lab: LabState = 'stopped',
): FailureExplanation {
  const places = placesOf(failure, exchange, language);
  const plan = planFor({ failure, exchange, places });
  return {
    title: say(failureTexts, language, plan.title ?? `title-${failure.code}`),
    text: plan.texts.map((id) => say(failureTexts, language, id, places)).join(' '),
    steps: [
      ...labSteps(failure, exchange, lab)
        .map((step) => ({ ...stepOf(step, places, language), lab: true as const })),
      ...stepsBeside(plan, failure, exchange, lab)
        .filter((step) => isSayable(typeof step === 'string' ? step : step[0], places))
        .map((step) => stepOf(step, places, language)),
    ],
  };
}

function labSteps(failure: Failure, exchange: Exchange, lab: LabState): Plan['steps'] {
  if (lab === 'running' || !offersLab(failure, exchange)) return [];
  if (lab === 'none') return ['name-lab'];
  return lab === 'started' ? [['lab-runs-now', 'resend']] : [['start-lab', 'start-lab']];
}

/** Where the lab refused because it does not run, there is nothing else to check. */
function stepsBeside(
  plan: Plan, failure: Failure, exchange: Exchange, lab: LabState,
): Plan['steps'] {
  const onlyLab = failure.code === 'connection-refused'
    && labSteps(failure, exchange, lab).length > 0;
  return onlyLab ? [] : plan.steps;
}

function stepOf(
  step: Id | readonly [Id, InspectorAction], places: Places, language: Language,
): FailureStep {
  if (typeof step === 'string') return { text: say(failureTexts, language, step, places) };
  const [id, action] = step;
  return { text: say(failureTexts, language, id, places), action };
}

/** The failure on one line, with the first next step, for a terminal. */
export function failureMessage(
  failure: Failure, exchange: Exchange, language: Language, lab: LabState = 'stopped',
): string {
  const { title, text, steps } = explainFailure(failure, exchange, language, lab);
  const next = steps[0] === undefined ? [] : [`→ ${steps[0].text}`];
  return [title, text, ...next].join(' ').replaceAll('`', '').replace(/\s+/g, ' ');
}

/** What stands where a status code would: "Failed in the TLS handshake". */
export function failureStatus(failure: Failure, language: Language): string {
  if (failure.code === 'cancelled') return say(failureTexts, language, 'cancelled-status');
  if (failure.code === 'too-many-redirects' || failure.code === 'redirect-invalid') {
    return say(failureTexts, language, 'failed-redirect');
  }
  if (isUnreadable(failure.code)) return say(failureTexts, language, 'failed-reading');
  if (failure.code.startsWith('web-socket-')) return say(failureTexts, language, 'failed-web-socket');
  return say(failureTexts, language, `failed-${failure.phase}`);
}

/** What came cannot be read as a response, in whatever phase that showed. */
export function isUnreadable(code: FailureCode): boolean {
  return code === 'malformed-response' || code === 'response-head-too-large';
}

/** How sure the classification is, when it is not certain. */
export function explainConfidence(failure: Failure, language: Language): string | undefined {
  if (failure.confidence === 'certain') return undefined;
  return say(failureTexts, language, `confidence-${failure.confidence}`);
}

/**
 * The error underneath as the platform said it, for those who search for it. What `said` holds already, the sentences
 * beside it, is not said again.
 */
export function explainCause(failure: Failure, language: Language, said = ''): string | undefined {
  // Of OpenSSL's reasons that have no name there: it tells nothing.
  if (!failure.cause || failure.cause.message === 'UNSPECIFIED') return undefined;
  const { code, message } = failure.cause;
  const isSaid = said !== '' && said.includes(message.replace(/[.\s]+$/, ''));
  const whole = code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  const cause = isSaid ? code : whole;
  if (cause === undefined || said.includes(cause)) return undefined;
  return say(failureTexts, language, 'cause', { cause });
}

const unanswered: ReadonlySet<FailureCode> = new Set([
  'connection-refused', 'connect-timeout', 'name-not-found', 'name-server-failed', 'name-timeout',
  'name-without-address',
]);

/** Nobody was there, and the host is the lab's: it is not running, or no longer where it was. */
function offersLab(failure: Failure, exchange: Exchange): boolean {
  return unanswered.has(failure.code) && !isTowardsProxy(failure)
    && isLabRequest(exchange) && !zoneAnswered(exchange);
}

/** The lab's own name server said that the name does not exist, or who knows it: then the lab runs. */
function zoneAnswered(exchange: Exchange): boolean {
  const servers = (exchange.spec.options.zoneServers ?? [])
    .flatMap((zone) => zone.servers.map((server) => formatEndpoint(server.address, server.port)));
  const steps = exchange.connection?.lookup?.steps ?? [];
  return (
    exchange.failure?.phase === 'dns'
    && steps.some(
      (step) =>
        (step.outcome === 'name-error' || step.outcome === 'no-data' || step.outcome === 'referral')
        && servers.includes(step.server ?? ''),
    )
  );
}

/** The request goes to the lab: a name of its zone, or one of its listeners. */
export function isLabRequest(exchange: Exchange): boolean {
  const url = urlOf(exchange);
  if (!url) return false;
  const host = url.hostname.toLowerCase();
  const known = ['lab.test', ...(exchange.spec.options.traceHosts ?? [])].map((name) =>
    name.toLowerCase(),
  );
  return known.some(
    (name) => host === name || host.endsWith(`.${name}`) || authorityOf(url) === name,
  );
}
