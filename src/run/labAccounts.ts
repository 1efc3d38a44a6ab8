import type { FromLab } from '../protocol.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import type { LabAccount } from './labClient.ts';

/** How a member of an event was packed: as a number, by the place of its text, or as several of these. */
type Kind = 'number' | 'text' | 'candidates' | 'parameters';

type Layout<Event> = Event extends ServerEvent
  ? readonly [type: Event['type'], ...members: (readonly [name: Exclude<keyof Event, 'type'>, kind: Kind])[]] : never;

/** The events that the lab packs, by their codes; others have none, and are JSON. */
const layouts: readonly Layout<ServerEvent>[] = [
  ['accepted', ['at', 'number'], ['server', 'text'], ['connection', 'number'], ['openConnections', 'number'],
    ['peerPort', 'number'], ['request', 'number']],
  ['head-parsed', ['startAt', 'number'], ['at', 'number'], ['method', 'text'], ['target', 'text'], ['httpVersion', 'text']],
  ['checked', ['at', 'number'], ['check', 'text'], ['outcome', 'text']],
  ['routed', ['startAt', 'number'], ['at', 'number'], ['pattern', 'text'], ['handler', 'text'],
    ['candidates', 'candidates'], ['parameters', 'parameters']],
  ['handler-start', ['at', 'number'], ['handler', 'text']],
  ['handler-end', ['at', 'number'], ['handler', 'text']],
  ['response-started', ['at', 'number'], ['statusCode', 'number']],
  ['response-finished', ['at', 'number'], ['bodySize', 'number']],
  ['kept-alive', ['at', 'number'], ['timeout', 'number'], ['requests', 'number']],
];

type Packed = Pick<Extract<FromLab, { type: 'accounts' }>, 'numbers' | 'texts'>;

/** The accounts of a message that brings several, each as if it had come by itself; throws for what is none. */
export function accountsIn(packed: Packed): LabAccount[] {
  const reader = new Reader(packed);
  const accounts: LabAccount[] = [];
  while (!reader.isAtEnd) accounts.push(reader.account());
  return accounts;
}

class Reader {
  readonly #numbers: Float64Array;
  readonly #texts: readonly string[];
  #next = 0;

  constructor({ numbers, texts }: Packed) {
    this.#numbers = numbers;
    this.#texts = texts;
  }

  get isAtEnd(): boolean { return this.#next >= this.#numbers.length; }

  account(): LabAccount {
    const key = this.#key();
    const server = this.#text();
    const forwarded = this.#number();
    const visit = this.#number();
    return {
      type: 'events', ...key, server,
      ...(forwarded === -1 ? {} : { forwarded: forwarded === 1 }),
      ...(visit === -1 ? {} : { visit: this.#textAt(visit) }),
      events: this.#listOf(() => this.#event()),
    };
  }

  #key(): { traceId: string; parentId: string } | { clientPort: number } | { queryPort: number; queryId: number } {
    const code = this.#number();
    const [first, second] = [this.#number(), this.#number()];
    switch (code) {
      case 0: return { traceId: this.#textAt(first), parentId: this.#textAt(second) };
      case 1: return { clientPort: first };
      default: return { queryPort: first, queryId: second };
    }
  }

  #event(): ServerEvent {
    const code = this.#number();
    if (code === -1) return JSON.parse(this.#text()) as ServerEvent;
    const [type, ...members] = layouts[code]!;
    const event: Record<string, unknown> = { type };
    for (const [name, kind] of members) event[name] = this.#value(kind);
    return event as unknown as ServerEvent;
  }

  #value(kind: Kind): unknown {
    switch (kind) {
      case 'number': return this.#number();
      case 'text': return this.#text();
      case 'candidates': return this.#listOf(() => ({ pattern: this.#text(), reason: this.#text() }));
      case 'parameters': return Object.fromEntries(this.#listOf(() => [this.#text(), this.#text()]));
    }
  }

  /** Things that stand behind their number. */
  #listOf<Thing>(read: () => Thing): Thing[] {
    return Array.from({ length: this.#number() }, read);
  }

  #number(): number {
    const number = this.#numbers[this.#next];
    if (number === undefined) throw new Error('The lab’s accounts end in the middle.');
    this.#next += 1;
    return number;
  }

  #text(): string {
    return this.#textAt(this.#number());
  }

  #textAt(place: number): string {
    const text = this.#texts[place];
    if (text === undefined) throw new Error('The lab’s accounts lack a text.');
    return text;
  }
}
