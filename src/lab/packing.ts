import type { FromLab, RequestAccount, ServerEvent } from './messages.ts';

// To write accounts as JSON, and to send all of that, would take a quarter of what the lab does for a request. So they
// leave as a list of numbers, some of which are places in a list of texts. What every request tells is packed member by
// member, in the order that `src/run/labAccounts.ts` knows; the rest is JSON, as one of the texts.

type EventType = ServerEvent['type'];
type EventOf<Type extends EventType> = Extract<ServerEvent, { type: Type }>;

/** Puts an event's members on the sheet; gives false, having put nothing, where there is more to it. */
type Pack<Type extends EventType> = (event: EventOf<Type>, sheet: Sheet) => boolean;

/** What several accounts are packed into. */
export type Packed = Omit<Extract<FromLab, { type: 'accounts' }>, 'type'>;

/** What the types that are packed are told by. */
const codes = {
  accepted: 0, 'head-parsed': 1, checked: 2, routed: 3, 'handler-start': 4, 'handler-end': 5, 'response-started': 6,
  'response-finished': 7, 'kept-alive': 8,
} as const;

/** What keys are told by, which have two members each. */
const keyCodes = { trace: 0, client: 1, question: 2 } as const;

/** Stands for what is not there, and for the code of an event in JSON. */
const absent = -1;

/** Where accounts are written. */
class Sheet {
  #numbers = new Float64Array(4096);
  #size = 0;
  #texts: string[] = [];
  readonly #places = new Map<string, number>();

  add(...numbers: number[]): void {
    if (this.#size + numbers.length > this.#numbers.length) this.#grow();
    for (let index = 0; index < numbers.length; index += 1) this.#numbers[this.#size + index] = numbers[index]!;
    this.#size += numbers.length;
  }

  /** The place of a text that others may have in common. */
  place(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.newPlace(text);
    this.#places.set(text, place);
    return place;
  }

  newPlace(text: string): number {
    return this.#texts.push(text) - 1;
  }

  /** Gives what was written, and begins anew. */
  take(): Packed {
    const packed = { numbers: this.#numbers.slice(0, this.#size), texts: this.#texts };
    this.#size = 0;
    this.#texts = [];
    this.#places.clear();
    return packed;
  }

  #grow(): void {
    const { length } = this.#numbers;
    const larger = new Float64Array(length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

const sheet = new Sheet();

/** Packs accounts, of which there are best some: the texts that they have in common leave once. */
export function packAccounts(accounts: readonly RequestAccount[]): Packed {
  for (const account of accounts) {
    const { server, forwarded, visit, events } = account;
    if ('traceId' in account) sheet.add(keyCodes.trace, sheet.newPlace(account.traceId), sheet.newPlace(account.parentId));
    else if ('queryId' in account) sheet.add(keyCodes.question, account.queryPort, account.queryId);
    else sheet.add(keyCodes.client, account.clientPort, absent);
    sheet.add(
      sheet.place(server), forwarded === undefined ? absent : Number(forwarded),
      visit === undefined ? absent : sheet.place(visit), events.length);
    for (const event of events) packEvent(event);
  }
  return sheet.take();
}

function packEvent(event: ServerEvent): void {
  const packer = packers[event.type] as Pack<EventType> | undefined;
  if (!packer?.(event, sheet)) sheet.add(absent, sheet.place(JSON.stringify(event)));
}

const packers: { readonly [Type in EventType]?: Pack<Type> } = {
  accepted({ at, server, connection, openConnections, peerPort, request }, sheet) {
    sheet.add(codes.accepted, at, sheet.place(server), connection, openConnections, peerPort, request);
    return true;
  },
  'head-parsed'({ startAt, at, method, target, httpVersion }, sheet) {
    sheet.add(codes['head-parsed'], startAt, at, sheet.place(method), sheet.place(target), sheet.place(httpVersion));
    return true;
  },
  checked({ at, check, outcome, statusCode }, sheet) {
    if (statusCode !== undefined) return false;
    sheet.add(codes.checked, at, sheet.place(check), sheet.place(outcome));
    return true;
  },
  routed(event, sheet) {
    const { startAt, at, pattern, handler, candidates, parameters, statusCode } = event;
    if (pattern === undefined || handler === undefined || statusCode !== undefined) return false;
    sheet.add(codes.routed, startAt, at, sheet.place(pattern), sheet.place(handler), candidates.length);
    for (const candidate of candidates) sheet.add(sheet.place(candidate.pattern), sheet.place(candidate.reason));
    const names = Object.keys(parameters);
    sheet.add(names.length);
    for (const name of names) sheet.add(sheet.place(name), sheet.place(parameters[name]!));
    return true;
  },
  'handler-start'({ at, handler }, sheet) {
    sheet.add(codes['handler-start'], at, sheet.place(handler));
    return true;
  },
  'handler-end'({ at, handler, error }, sheet) {
    if (error !== undefined) return false;
    sheet.add(codes['handler-end'], at, sheet.place(handler));
    return true;
  },
  'response-started'({ at, statusCode }, sheet) {
    sheet.add(codes['response-started'], at, statusCode);
    return true;
  },
  'response-finished'({ at, bodySize }, sheet) {
    sheet.add(codes['response-finished'], at, bodySize);
    return true;
  },
  'kept-alive'({ at, timeout, requests }, sheet) {
    sheet.add(codes['kept-alive'], at, timeout, requests);
    return true;
  },
};
