import type { ConnectionEvent } from '../../trace/event.ts';
import type { TcpMoment } from '../../trace/link.ts';
import { monotonicNow } from '../clock.ts';
import { createLinkReader } from './link.ts';
import type { LinkReader } from './link.ts';
import { createShell } from './shell.ts';
import type { Shell } from './shell.ts';
import { parseSs } from './ss.ts';
import type { SocketEnds } from './ss.ts';

// What the machine itself knows of a connection, asked beside it: nobody waits for the answers.

/** As a connection is known outside. */
export interface Inquired {
  readonly id: string;
  readonly events: readonly ConnectionEvent[];
}

interface InquirerOptions {
  readonly platform?: NodeJS.Platform;
  readonly shell?: Shell;
  readonly readLink?: LinkReader;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

interface Followed extends SocketEnds {
  readonly emit: (event: ConnectionEvent) => void;
  asking: boolean;
  /** An exchange has ended while the kernel was being asked. */
  again: boolean;
  /** The kernel was asked after an exchange. */
  hasEnded: boolean;
  /** When an exchange on it has ended after which the kernel was not asked yet. */
  endedAt: number | undefined;
}

/** So many questions at once, and then one in so many ms: for a person who sends, not for a load test. */
const burst = 6;
const refill = 500;
/** ms without an exchange on a connection, after which it is taken for ended. */
const quiet = 15;
const followedLimit = 64;

/**
 * Asks what a connection's packets do: the link once, the kernel's figures after the handshake and after exchanges. All
 * later and elsewhere; at most one program runs at a time, and no more than two a second after the first few.
 */
export class Inquirer {
  readonly #platform: NodeJS.Platform;
  readonly #shell: Shell;
  readonly #readLink: LinkReader;
  readonly #now: () => number;
  readonly #followed = new Map<string, Followed>();
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #tokens = burst;
  #filledAt = 0;

  constructor(options: InquirerOptions = {}) {
    this.#platform = options.platform ?? process.platform;
    this.#now = options.now ?? monotonicNow;
    this.#shell = options.shell ?? createShell(this.#platform);
    this.#readLink = options.readLink
      ?? createLinkReader({ platform: this.#platform, ask: this.#shell.ask, now: this.#now });
  }

  /** The connection is made; `emit` takes what becomes known of it, possibly after its exchange. */
  connected(connection: Inquired, emit: (event: ConnectionEvent) => void): void {
    if (this.#followed.size >= followedLimit || !this.#takeToken()) return;
    const followed = followedBy(connection, emit);
    if (!followed) return;
    this.#followed.set(connection.id, followed);
    // In a turn of its own: the request goes first.
    setImmediate(() => {
      this.follow(this.#tellLink(followed));
      this.follow(this.#tellFigures(followed, 'connected'));
    });
  }

  /** An exchange begins on it. */
  used(connection: Inquired): void {
    if (this.#followed.size === 0) return;
    const followed = this.#followed.get(connection.id);
    if (followed) followed.endedAt = undefined;
  }

  /** An exchange on it has ended: the kernel is asked once nothing else has come for a while. */
  ended(connection: Inquired): void {
    if (this.#followed.size === 0) return;
    const followed = this.#followed.get(connection.id);
    if (!followed) return;
    followed.endedAt = this.#now();
    this.#timer ??= setTimeout(() => this.#askQuiet(), quiet).unref();
  }

  /** It is closed. A socket that is closing still has its figures, so a last question is worth it. */
  gone(connection: Inquired): void {
    if (this.#followed.size === 0) return;
    const followed = this.#followed.get(connection.id);
    this.#followed.delete(connection.id);
    if (followed && (followed.endedAt !== undefined || !followed.hasEnded)) this.#askAgain(followed);
  }

  /** Resolves when everything asked so far is answered. */
  async settled(): Promise<void> {
    // Nothing that is asked keeps the process, but who waits does.
    const hold = setTimeout(() => undefined, 2 ** 31 - 1);
    // Those of `connected` begin in the next turn; nobody who waits has another exchange to send.
    await new Promise((resolve) => setImmediate(resolve));
    for (const followed of this.#followed.values()) if (followed.endedAt !== undefined) this.#askAgain(followed);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    clearTimeout(hold);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#followed.clear();
    this.#shell.close();
  }

  /** Does everything once for nobody: what it costs the first time is not spent beside the first exchange. */
  prepare(): void {
    const loopback = '127.0.0.1';
    const nobody: Followed = {
      localAddress: loopback, peerAddress: loopback, localPort: 0, peerPort: 0, emit: () => undefined, asking: false,
      again: false, hasEnded: false, endedAt: undefined,
    };
    this.follow(this.#tellLink(nobody));
    this.follow(this.#tellFigures(nobody, 'connected'));
  }

  #askQuiet(): void {
    this.#timer = undefined;
    const until = this.#now() - quiet;
    let isLeft = false;
    for (const followed of this.#followed.values()) {
      if (followed.endedAt === undefined) continue;
      if (followed.endedAt > until) isLeft = true;
      else this.#askAgain(followed);
    }
    if (isLeft) this.#timer = setTimeout(() => this.#askQuiet(), quiet).unref();
  }

  #askAgain(followed: Followed): void {
    followed.hasEnded = true;
    followed.endedAt = undefined;
    if (followed.asking) followed.again = true;
    else if (this.#takeToken()) this.follow(this.#tellFigures(followed, 'ended'));
  }

  #takeToken(): boolean {
    const now = this.#now();
    const added = Math.floor((now - this.#filledAt) / refill);
    if (added > 0) {
      this.#tokens = Math.min(burst, this.#tokens + added);
      this.#filledAt = now;
    }
    if (this.#tokens === 0) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Something else that is told later; `settled` waits for it too. */
  follow(work: Promise<void>): void {
    const tracked = work.catch(() => undefined).then(() => void this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  async #tellLink(followed: Followed): Promise<void> {
    const link = await this.#readLink(followed);
    followed.emit({ type: 'link', at: this.#now(), link });
  }

  async #tellFigures(followed: Followed, moment: TcpMoment): Promise<void> {
    followed.asking = true;
    followed.emit(await this.#reading(followed, moment));
    followed.asking = false;
    if (!followed.again) return;
    followed.again = false;
    await this.#tellFigures(followed, 'ended');
  }

  async #reading(followed: Followed, moment: TcpMoment): Promise<ConnectionEvent> {
    const told = { type: 'tcp-info', moment } as const;
    if (this.#platform !== 'linux') return { ...told, at: this.#now(), silence: 'unsupported' };
    const { localPort, peerPort } = followed;
    const printed = await this.#shell.ask(['ss', '-tinH', `sport = :${localPort} and dport = :${peerPort}`]);
    const at = this.#now();
    if (printed === undefined) return { ...told, at, silence: 'failed' };
    const figures = parseSs(printed, followed);
    return figures ? { ...told, at, figures } : { ...told, at, silence: 'gone' };
  }
}

/** Both ends of the attempt that won; undefined when they are not known. */
function followedBy({ events }: Inquired, emit: (event: ConnectionEvent) => void): Followed | undefined {
  const end = events.findLast((event) => event.type === 'attempt-end' && event.outcome === 'connected');
  if (end?.type !== 'attempt-end' || end.localAddress === undefined || end.localPort === undefined) return undefined;
  const start = events.findLast((event) => event.type === 'attempt-start' && event.attempt === end.attempt);
  if (start?.type !== 'attempt-start') return undefined;
  return {
    localAddress: end.localAddress, localPort: end.localPort, peerAddress: start.address, peerPort: start.port,
    emit, asking: false, again: false, hasEnded: false, endedAt: undefined,
  };
}
