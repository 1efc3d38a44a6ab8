import { describeReply, readReply } from './delegation.ts';
import type { Delegation, Reply, ServerOfZone } from './delegation.ts';
import type { Message, Question } from './message.ts';
import { labelCount, minimisedName } from './minimise.ts';
import { isWithin, nameProblem } from './name.ts';
import { askZone, exceeded } from './walkServers.ts';
import type { Goal, Unanswered, Walk, ZoneReply } from './walkServers.ts';

// From the root to the servers that know (RFC 1034 §5.3.3): each server either answers or refers further down.

/** Where a walk came to; `name` is the one that has the records, after its aliases. */
export type Reached =
  | { readonly kind: 'answer'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'no-data' | 'name-error' }
  | { readonly kind: 'failed'; readonly timedOut: boolean; readonly reason?: string };

/** Walks to the records of a canonical name and its aliases. Resolves in every case. */
export async function walkTo(goal: Goal, walk: Walk): Promise<Reached> {
  let { question, purpose } = goal;
  let seen: ReadonlySet<string> = new Set<string>();
  for (;;) {
    const reply = await walkDown({ ...goal, question, purpose }, seen, walk);
    if (reply.kind !== 'alias') return reachedBy(reply);
    seen = reply.seen;
    if (seen.size > walk.limits.aliases) return failed(`more than ${walk.limits.aliases} CNAME records`);
    const problem = nameProblem(reply.name);
    if (problem !== undefined) return failed(`an alias that cannot be asked (${problem}): ${reply.name}`);
    question = { ...question, name: reply.name };
    purpose = 'alias';
  }
}

function reachedBy(reply: Exclude<Arrived, { kind: 'alias' }>): Reached {
  switch (reply.kind) {
    case 'answer':
    case 'no-data':
    case 'name-error':
      return reply;
    case 'broken':
      return failed(reply.reason);
    case 'unanswered':
      return { kind: 'failed', timedOut: reply.timedOut, ...(reply.reason !== undefined && { reason: reply.reason }) };
  }
}

function failed(reason: string): Extract<Reached, { kind: 'failed' }> {
  return { kind: 'failed', timedOut: false, reason };
}

type Arrived = Exclude<Reply, { kind: 'referral' | 'lame' | 'failed' }> | Unanswered;

/** The zones on the way to one name. */
interface Descent {
  zone: Delegation;
  /** The memory gave it. */
  isRecalled: boolean;
  /** Labels of the name down to which no zone cut was found. */
  knownLabels: number;
  /** Minimised questions asked; Infinity once the servers did not take to them. */
  minimised: number;
  /** A delegation that the memory gave and whose servers gave no answer, with what was said of them. */
  lost?: { readonly delegation: Delegation; readonly reply: Unanswered };
}

async function walkDown(goal: Goal, seen: ReadonlySet<string>, walk: Walk): Promise<Arrived> {
  const { question } = goal;
  recall(question.name, goal.purpose, walk);
  let descent = descentTo(question.name, walk);
  for (;;) {
    const next = nextQuestion(question, descent, walk);
    const isMinimised = next.name !== question.name;
    const purpose = isMinimised ? 'minimised' : goal.purpose;
    const said: { message?: Message } = {};
    const read = (message: Message): Reply => {
      said.message = message;
      return readReply(message, next, descent.zone.zone, isMinimised ? new Set() : seen, walk.limits);
    };
    const own: Goal = { ...goal, question: next, purpose, ...forgottenOf(descent) };
    const ask = (): Promise<ZoneReply> => askZone(descent.zone, own, { read, findServer }, walk);
    const askAtAll = (): Promise<ZoneReply> =>
      isMinimised ? once(walk.asking, `${next.name} ${descent.zone.zone}`, goal.path, ask) : ask();
    const reply = recalled(own, descent.zone, read, walk)
      ?? kept(next, descent.zone, await askAtAll(), said, walk);
    if (reply.kind === 'referral') {
      if (said.message) walk.memory.keepDelegation(reply.delegation, descent.zone.zone, said.message);
      const stopped = nothingNew(reply.delegation, descent) ?? descend(descent, reply.delegation, walk);
      if (stopped) return stopped;
    } else if (reply.kind === 'unanswered' && mayForget(reply, isMinimised, descent, walk)) {
      descent = { ...forget(descent, question.name, walk), lost: { delegation: descent.zone, reply } };
    } else if (!isMinimised || (reply.kind === 'unanswered' && reply.timedOut)) {
      // Whatever is asked below it need not look for a zone there: it was found without one.
      if (isFound(reply)) walk.passed.add(next.name);
      return reply;
    } else {
      walk.passed.add(next.name);
      lookFurther(descent, reply, next);
    }
  }
}

function descentTo(name: string, walk: Walk): Descent {
  const zone = deepestZone(name, walk.zones);
  return { zone, isRecalled: walk.recalled.has(zone.zone), knownLabels: labelCount(zone.zone), minimised: 0 };
}

/** RFC 1034 §5.3.3: what a server told may be out of date, though its TTL is not over; the zone above knows better. */
function mayForget(reply: Unanswered, isMinimised: boolean, { isRecalled }: Descent, walk: Walk): boolean {
  // Of a minimised question only silence is believed: see below.
  const isLast = !isMinimised || reply.timedOut;
  return isRecalled && isLast && !walk.context.signal.aborted && exceeded(walk) === undefined;
}

/** Another question of the walk may have forgotten the zone, or met it again, already. */
function forget({ zone: { zone } }: Descent, name: string, walk: Walk): Descent {
  if (walk.recalled.delete(zone)) {
    walk.zones.delete(zone);
    walk.memory.forgetDelegation(zone);
  }
  return descentTo(name, walk);
}

function forgottenOf({ zone, lost }: Descent): Pick<Goal, 'forgotten'> {
  const isAbove = lost !== undefined && zone.zone.length < lost.delegation.zone.length;
  return isAbove ? { forgotten: lost.delegation.zone } : {};
}

/** The zone above names the servers again that gave no answer: so that is what it comes to. */
function nothingNew({ zone, servers }: Delegation, { lost }: Descent): Unanswered | undefined {
  if (lost?.delegation.zone !== zone) return undefined;
  const isKnown = servers.every(({ name, addresses }) => {
    const known = lost.delegation.servers.find((server) => server.name === name);
    return known !== undefined && addresses.every((address) => known.addresses.includes(address));
  });
  return isKnown ? lost.reply : undefined;
}

/**
 * What finds zones and their servers is the same for all types of records, so what is under way is not begun again.
 * Only those who look for the name itself wait for each other: two that look for servers could wait for ever.
 */
function once<T>(
  underWay: Map<string, Promise<T>>, key: string, path: Goal['path'], run: () => Promise<T>,
): Promise<T> {
  if (path.length > 0) return run();
  const begun = underWay.get(key) ?? run().finally(() => underWay.delete(key));
  underWay.set(key, begun);
  return begun;
}

/** The zones that earlier walks have met on the way to a name, each told of once. */
function recall(name: string, purpose: Goal['purpose'], walk: Walk): void {
  if (!walk.remembers) return;
  for (const { delegation, step } of walk.memory.delegationsFor(name)) {
    if (walk.zones.has(delegation.zone) || walk.told.has(delegation.zone)) continue;
    walk.told.add(delegation.zone);
    walk.recalled.add(delegation.zone);
    walk.zones.set(delegation.zone, delegation);
    walk.onStep({ ...step, purpose });
  }
}

/** What this walk, or an earlier one, was answered to the same question. */
function recalled(
  { question, purpose }: Goal, { zone }: Delegation, read: (message: Message) => Reply, walk: Walk,
): Remembered | undefined {
  const known = walk.remembers ? walk.memory.answerTo(question) : undefined;
  // Another zone's servers may not speak for the same names.
  if (!known || known.zone !== zone) return undefined;
  const { message, ttlLeft } = known;
  const at = walk.context.now();
  const reply = read(message);
  if (!isKept(reply)) return undefined;
  const { rcode, records } = message;
  walk.onStep({
    startAt: at, at, source: 'cache', question, ...describeReply(reply), rcode, records, zone: zone || '.', purpose,
    ttlLeft, ...(walk.learnt.has(`${question.type} ${question.name}`) && { learntHere: true as const }),
  });
  return reply;
}

function kept<T extends Reply | Unanswered>(
  question: Question, { zone }: Delegation, reply: T, { message }: { readonly message?: Message }, walk: Walk,
): T {
  if (message && reply.kind !== 'unanswered' && isKept(reply)) {
    walk.memory.keepAnswer(question, zone, message);
    walk.learnt.add(`${question.type} ${question.name}`);
  }
  return reply;
}

/** Replies that may be remembered with the message they were read from. */
type Remembered = Extract<Reply, { kind: 'answer' | 'alias' | 'no-data' | 'name-error' }>;

function isKept(reply: Reply): reply is Remembered {
  const { kind } = reply;
  return kind === 'answer' || kind === 'alias' || kind === 'no-data' || kind === 'name-error';
}

/** RFC 9156 §2.3: no zone is expected to begin at a label with an underscore. */
function nextQuestion(question: Question, descent: Descent, { passed }: Walk): Question {
  if (descent.minimised === Infinity) return question;
  let name = minimisedName(question.name, descent.knownLabels, descent.minimised);
  while (name !== question.name && (passed.has(name) || name.startsWith('_'))) {
    descent.knownLabels = labelCount(name);
    name = minimisedName(question.name, descent.knownLabels, descent.minimised);
  }
  // RFC 9156 §2.1: A, as everybody asks it.
  return name === question.name ? question : { name, type: 'A' };
}

/** RFC 9156 §2.3: no cut there, so one more label; servers that err about such names are asked for the whole. */
function lookFurther(descent: Descent, reply: Arrived, asked: Question): void {
  descent.knownLabels = labelCount(asked.name);
  descent.minimised = isFound(reply) ? descent.minimised + 1 : Infinity;
}

/** The name is there. */
function isFound({ kind }: Arrived): boolean {
  return kind === 'answer' || kind === 'alias' || kind === 'no-data';
}

function descend(descent: Descent, delegation: Delegation, walk: Walk): Unanswered | undefined {
  walk.spent.referrals += 1;
  const { referrals } = walk.limits;
  if (walk.spent.referrals > referrals) {
    return { kind: 'unanswered', timedOut: false, reason: `more than ${referrals} referrals` };
  }
  walk.zones.set(delegation.zone, delegation);
  walk.recalled.delete(delegation.zone);
  descent.zone = delegation;
  descent.isRecalled = false;
  descent.knownLabels = labelCount(delegation.zone);
  if (descent.minimised !== Infinity) descent.minimised += 1;
  return undefined;
}

/** The zone nearest to a name of those met so far. */
function deepestZone(name: string, zones: ReadonlyMap<string, Delegation>): Delegation {
  let deepest: Delegation | undefined;
  for (const zone of zones.values()) {
    const isDeeper = deepest === undefined || zone.zone.length > deepest.zone.length;
    if (isWithin(name, zone.zone) && isDeeper) deepest = zone;
  }
  if (deepest === undefined) throw new Error(`no zone to begin with for ${name}`);
  return deepest;
}

/** The addresses of a server that came without glue; none if it can only be found by way of itself. */
async function findServer({ name }: ServerOfZone, path: readonly string[], walk: Walk): Promise<string[]> {
  if (name === undefined || path.includes(name)) return [];
  return once(walk.finding, name, path, () => findAddresses(name, path, walk));
}

async function findAddresses(name: string, path: readonly string[], walk: Walk): Promise<string[]> {
  for (const type of ['A', 'AAAA'] as const) {
    const goal: Goal = { question: { name, type }, purpose: 'server-address', path: [...path, name] };
    const reached = await walkTo(goal, walk);
    if (reached.kind === 'answer') return reached.values.slice(0, 4);
    if (reached.kind === 'name-error') return [];
  }
  return [];
}
