import type { Socket } from 'node:net';
import type { IpAddress } from '../../trace/dnsStep.ts';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { createLendingSocket } from '../tap/lentReads.ts';
import { byWeight, causeOf, errorCodeOf, socketFailure } from './errno.ts';
import { type Schedule, systemSchedule } from './schedule.ts';

/** RFC 8305 §8: the time between the start of one attempt and the next. */
const attemptDelay = 250;

export interface RaceOptions {
  /** In the order of RFC 6724. */
  readonly addresses: readonly IpAddress[];
  /** RFC 8305 §3: those of the other family, whose answer was not waited for; they join the race when they come. */
  readonly more?: Promise<readonly IpAddress[]>;
  readonly port: number;
  /** The number of the first attempt, default 0: of a connection that was raced for before. */
  readonly firstAttempt?: number;
  /** For the whole race, ms. */
  readonly timeout: number;
  /** So many addresses are tried; further ones are not. */
  readonly maxAttempts: number;
  readonly signal?: AbortSignal;
  readonly emit: (event: ConnectionEvent) => void;
  readonly schedule?: Schedule;
  /** Starts a connection; the default is a `net.Socket` of our own, which no editor replaces. */
  readonly dial?: (address: IpAddress, port: number) => Socket;
}

export type Raced =
  | { readonly ok: true; readonly socket: Socket; readonly address: IpAddress }
  | {
    readonly ok: false; readonly failure: Failure;
    /** Addresses that `maxAttempts` left out. */
    readonly untried?: number;
  };

/**
 * Races connections to `addresses` (RFC 8305 §5) and gives the first that is made, or the most telling
 * failure. Never rejects. Every attempt is reported; the losers are destroyed.
 */
export function race(options: RaceOptions): Promise<Raced> {
  return new Promise((resolve) => new Race(options, resolve).start());
}

/**
 * RFC 8305 §4: the first address's family first, then the families in turn, each in its own order.
 */
export function interleave(addresses: readonly IpAddress[]): IpAddress[] {
  const first = addresses.filter((each) => each.family === addresses[0]?.family);
  const second = addresses.filter((each) => each.family !== addresses[0]?.family);
  const turns: IpAddress[] = [];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    if (first[index]) turns.push(first[index] as IpAddress);
    if (second[index]) turns.push(second[index] as IpAddress);
  }
  return turns;
}

interface Runner {
  readonly attempt: number;
  readonly address: IpAddress;
  readonly socket: Socket;
}

interface Fall {
  readonly address: IpAddress;
  readonly error: Error;
}

/** Holds sockets and timers that must be let go of together, hence a class. */
class Race {
  readonly #options: RaceOptions;
  readonly #resolve: (raced: Raced) => void;
  readonly #schedule: Schedule;
  #waiting: IpAddress[];
  #awaitsMore: boolean;
  #lastStart = 0;
  readonly #tried: string[] = [];
  readonly #running = new Set<Runner>();
  readonly #fallen: Fall[] = [];
  #started = 0;
  #untried = 0;
  #done = false;
  #stopDelay = (): void => {};
  #stopTimeout = (): void => {};

  constructor(options: RaceOptions, resolve: (raced: Raced) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#schedule = options.schedule ?? systemSchedule;
    this.#waiting = this.#atMost(interleave(options.addresses));
    this.#awaitsMore = options.more !== undefined;
  }

  start(): void {
    const { signal, timeout } = this.#options;
    if (signal?.aborted) return this.#finish(cancelled);
    signal?.addEventListener('abort', this.#cancel, { once: true });
    this.#stopTimeout = this.#schedule.after(timeout, () => this.#timedOut());
    this.#options.more?.then((more) => this.#join(more), () => this.#join([]));
    this.#next();
  }

  /** The next attempt is one of the other family; none begins sooner after the last than it would have. */
  #join(more: readonly IpAddress[]): void {
    this.#awaitsMore = false;
    if (this.#done) return;
    if (more.length > 0) this.#options.emit({ type: 'dns-late', at: this.#schedule.now(), addresses: more });
    const hasDelay = this.#waiting.length > 0;
    this.#waiting = this.#atMost(interleave([...more, ...this.#waiting]));
    if (this.#running.size === 0) return this.#next();
    if (hasDelay || this.#waiting.length === 0) return;
    const passed = this.#schedule.now() - this.#lastStart;
    this.#stopDelay = this.#schedule.after(Math.max(0, attemptDelay - passed), () => this.#next());
  }

  #atMost(addresses: readonly IpAddress[]): IpAddress[] {
    const taken = addresses.slice(0, this.#options.maxAttempts - this.#started);
    this.#untried += addresses.length - taken.length;
    return taken;
  }

  #next(): void {
    this.#stopDelay();
    const address = this.#waiting.shift();
    if (!address) {
      if (this.#running.size === 0 && !this.#awaitsMore) this.#finish(this.#allFailed());
      return;
    }
    if (this.#waiting.length > 0) {
      this.#stopDelay = this.#schedule.after(attemptDelay, () => this.#next());
    }
    this.#run(address);
  }

  #run(address: IpAddress): void {
    const { emit, port, dial = connectSocket } = this.#options;
    const attempt = (this.#options.firstAttempt ?? 0) + this.#started++;
    const at = this.#schedule.now();
    this.#lastStart = at;
    this.#tried.push(address.address);
    emit({ type: 'attempt-start', at, attempt, ...address, port });
    let socket: Socket;
    try {
      socket = dial(address, port);
    } catch (error) {
      return this.#lost(attempt, address, error as Error);
    }
    const runner = { attempt, address, socket };
    this.#running.add(runner);
    // After the race the same listener keeps an abandoned socket's late error from being uncaught.
    socket.on('error', (error) => {
      if (this.#running.delete(runner)) this.#lost(attempt, address, error);
    });
    socket.once('connect', () => this.#won(runner));
  }

  #won(runner: Runner): void {
    const { attempt, address, socket } = runner;
    if (!this.#running.delete(runner)) return;
    const at = this.#schedule.now();
    socket.setNoDelay(true);
    this.#options.emit({
      type: 'attempt-end', at, attempt, outcome: 'connected',
      localAddress: socket.localAddress, localPort: socket.localPort,
    });
    this.#finish({ ok: true, socket, address });
  }

  #lost(attempt: number, address: IpAddress, error: Error): void {
    const { code, message } = causeOf(error);
    const at = this.#schedule.now();
    this.#options.emit({ type: 'attempt-end', at, attempt, outcome: 'failed', code, message });
    this.#fallen.push({ address, error });
    this.#next();
  }

  /** Our own limit ended these attempts: they failed by its code, since the system reported none. */
  #timedOut(): void {
    const last = [...this.#running].at(-1)?.address;
    this.#abandon('failed', 'connect-timeout');
    const { port, timeout } = this.#options;
    this.#finish({
      ok: false, untried: this.#untried,
      failure: {
        phase: 'tcp', code: 'connect-timeout', confidence: 'certain', port,
        ...(last ? { address: last.address } : {}),
        detail: { limit: timeout, attempts: this.#started, addresses: this.#tried },
      },
    });
  }

  readonly #cancel = (): void => this.#finish(cancelled);

  #allFailed(): Raced {
    const worst = this.#fallen
      .toSorted((a, b) => byWeight(errorCodeOf(a.error), errorCodeOf(b.error)))[0];
    const { port } = this.#options;
    if (!worst) return { ok: false, failure: { ...noAddress, port } };
    const failure = socketFailure(worst.error, 'tcp', 'host-unreachable');
    const detail = { attempts: this.#started, addresses: this.#tried };
    return {
      ok: false, untried: this.#untried, failure: { ...failure, address: worst.address.address, port, detail },
    };
  }

  #abandon(outcome: 'failed' | 'abandoned', code?: string): void {
    const at = this.#schedule.now();
    for (const { attempt, socket } of this.#running) {
      const end = { type: 'attempt-end', at, attempt, outcome } as const;
      this.#options.emit(code === undefined ? end : { ...end, code });
      socket.destroy();
    }
    this.#running.clear();
  }

  #finish(raced: Raced): void {
    if (this.#done) return;
    this.#done = true;
    this.#stopDelay();
    this.#stopTimeout();
    this.#options.signal?.removeEventListener('abort', this.#cancel);
    this.#waiting.length = 0;
    this.#abandon('abandoned');
    this.#resolve(raced);
  }
}

const cancelled: Raced = {
  ok: false, failure: { phase: 'tcp', code: 'cancelled', confidence: 'certain' },
};

/** A caller without addresses has made a mistake. */
const noAddress: Failure = {
  phase: 'tcp', code: 'internal', confidence: 'certain', cause: { message: 'No address to connect to.' },
};

function connectSocket({ address, family }: IpAddress, port: number): Socket {
  return createLendingSocket().connect({ host: address, port, family });
}
