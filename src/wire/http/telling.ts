import type { ExchangeEvent } from '../../trace/event.ts';
import type { Sending } from './sending.ts';

/** Those with news in this turn of the event loop. */
let withNews: Telling[] = [];
/** Its reactions run with the microtasks; `queueMicrotask` makes an async resource for each. */
const resolved = Promise.resolve();

function tellNews(): void {
  const all = withNews;
  withNews = [];
  for (const one of all) one.tell();
}

/**
 * The events of an exchange, told to its listener: those of one turn of the event loop together.
 */
export class Telling {
  readonly sending: Sending;
  readonly events: ExchangeEvent[] = [];
  #told = 0;
  #isHeldBack = false;

  constructor(sending: Sending) {
    this.sending = sending;
  }

  emit(event: ExchangeEvent): void {
    const isFirst = this.events.push(event) === this.#told + 1;
    if (isFirst && !this.#isHeldBack) this.#announce();
  }

  #announce(): void {
    if (withNews.push(this) === 1) void resolved.then(tellNews);
  }

  /** What is emitted now is told with what comes next, at the latest when it is let go. */
  protected holdBack(): void {
    this.#isHeldBack = true;
  }

  protected letGo(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    if (this.#told < this.events.length) this.#announce();
  }

  /** Emits and tells at once. */
  add(event: ExchangeEvent): void {
    this.events.push(event);
    this.tell();
  }

  tell(): void {
    if (this.#told === this.events.length) return;
    const { id, spec, resendOf, listener } = this.sending;
    const events = this.events.slice(this.#told);
    this.#told = this.events.length;
    listener.onExchange({ exchangeId: id, specId: spec.id, spec, resendOf, events });
  }
}
