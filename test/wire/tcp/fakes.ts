import { EventEmitter } from 'node:events';
import type { IpAddress } from '../../../src/trace/dnsStep.ts';
import type { Schedule } from '../../../src/wire/tcp/schedule.ts';

export const six = (n: number): IpAddress => ({ address: `2001:db8::${n}`, family: 6 });
export const four = (n: number): IpAddress => ({ address: `192.0.2.${n}`, family: 4 });

/** Time that passes when the test says so. */
export class TestTime implements Schedule {
  at = 0;
  #timers = new Map<object, { at: number; callback: () => void }>();

  now(): number {
    return this.at;
  }

  after(delay: number, callback: () => void): () => void {
    const key = {};
    this.#timers.set(key, { at: this.at + delay, callback });
    return () => void this.#timers.delete(key);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  pass(milliseconds: number): void {
    const end = this.at + milliseconds;
    for (;;) {
      const next = [...this.#timers].filter(([, timer]) => timer.at <= end).toSorted((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      this.#timers.delete(next[0]);
      this.at = next[1].at;
      next[1].callback();
    }
    this.at = end;
  }
}

export class TestSocket extends EventEmitter {
  destroyed = false;
  noDelay = false;
  localAddress = '192.0.2.99';
  localPort = 4000;

  setNoDelay(value: boolean): void {
    this.noDelay = value;
  }

  destroy(): void {
    this.destroyed = true;
  }

  fail(code: string): void {
    this.emit('error', Object.assign(new Error(`connect ${code}`), { code }));
  }
}
