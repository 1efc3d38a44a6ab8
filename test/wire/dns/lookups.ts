import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { Failure } from '../../../src/trace/failure.ts';
import type { Resolution, ResolveOptions, Resolver } from '../../../src/wire/connection.ts';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import type { ResolverOptions } from '../../../src/wire/dns/means.ts';
import type { Schedule } from '../../../src/wire/dns/schedule.ts';
import { startNameServer } from './nameServer.ts';
import type { NameServer } from './nameServer.ts';

export interface Looked {
  readonly resolution: Resolution;
  readonly steps: DnsStep[];
}

/** Resolves and gives the steps told until then; the array grows with late ones. */
export async function look(
  resolver: Resolver,
  name: string,
  options: Omit<ResolveOptions, 'onStep'> = {},
): Promise<Looked> {
  const steps: DnsStep[] = [];
  const resolution = await resolver.resolve(name, {
    ...options,
    onStep: (step) => steps.push(step),
  });
  // Which of two answers comes first is up to the machine: whoever connects gets both, one after the other.
  if (resolution.ok && resolution.more && resolution.addresses[0]?.family === 6) {
    const { more, ...rest } = resolution;
    return { resolution: { ...rest, addresses: [...resolution.addresses, ...await more] }, steps };
  }
  return { resolution, steps };
}

/** Gives the addresses, or the failure's code. */
export function outcome({ resolution }: Looked): readonly string[] | string {
  return resolution.ok
    ? resolution.addresses.map(({ address }) => address)
    : resolution.failure.code;
}

/** Gives the failure of a lookup that must have failed. */
export function failureOf({ resolution }: Looked): Failure {
  assert.ok(!resolution.ok, 'a failure was expected');
  return resolution.failure;
}

/**
 * A resolver cut off from the machine's own configuration: `hostsFile` is given, the system knows
 * no name, and every address has a source, so that the order does not depend on the machine either.
 */
export function isolatedResolver(options: ResolverOptions & { hostsFile: string }): Resolver {
  const getaddrinfo = async (): Promise<never> => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  return createResolver({
    platform: 'linux',
    getaddrinfo,
    getnameinfo: getaddrinfo,
    sourceOf: async ({ address }) => address,
    ...options,
  });
}

/** A getaddrinfo whose name servers fail. */
export async function unanswered(): Promise<never> {
  throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
}

/** Lets datagrams that are on their way be read. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A message of a step. */
export function octetsOf(base64: string | undefined): Buffer | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

/** A step in one line: source, type, transport if it has one, and outcome. */
export function line(step: DnsStep): string {
  return [step.source, step.question.type, step.transport, step.outcome].filter(Boolean).join(' ');
}

/** Steps of one type in their order; A and AAAA are asked in parallel and interleave freely. */
export function lines(steps: readonly DnsStep[], type: string): string[] {
  return steps.filter(({ question }) => question.type === type).map(line);
}

/** Timers that go off when the test says so. */
export function manualSchedule(): {
  schedule: Schedule;
  fire(milliseconds: number): void;
  pending(): number[];
} {
  const timers = new Set<{ callback: () => void; milliseconds: number }>();
  return {
    schedule(callback, milliseconds) {
      const timer = { callback, milliseconds };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer), unref: () => {} };
    },
    fire(milliseconds) {
      const due = [...timers].filter((timer) => timer.milliseconds === milliseconds);
      if (due.length === 0) throw new Error(`no timer of ${milliseconds} ms is set`);
      for (const timer of due) timers.delete(timer);
      for (const timer of due) timer.callback();
    },
    pending: () => [...timers].map(({ milliseconds }) => milliseconds),
  };
}

/** Servers and files of one test file, ended by `cleanUp`. */
export function createFixtures(): {
  server: typeof startNameServer;
  file(text: string): string;
  /** An {@link isolatedResolver}, with an empty hosts file unless one is given. */
  resolver(options: ResolverOptions): Resolver;
  cleanUp(): Promise<void>;
} {
  const servers: NameServer[] = [];
  const directories: string[] = [];
  const file = (text: string): string => {
    const directory = mkdtempSync(join(tmpdir(), 'roundtrip-dns-'));
    directories.push(directory);
    const path = join(directory, 'file');
    writeFileSync(path, text);
    return path;
  };
  return {
    file,
    resolver: (options) => isolatedResolver({ hostsFile: file('# empty\n'), ...options }),
    async server(...parameters) {
      const server = await startNameServer(...parameters);
      servers.push(server);
      return server;
    },
    async cleanUp() {
      await Promise.all(servers.splice(0).map((server) => server.close()));
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
    },
  };
}

/**
 * Waits until a condition on what was seen holds; throws when it does not come to hold in five
 * seconds.
 */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`never came to be: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
