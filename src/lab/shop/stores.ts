import { createRedisSessions, noRedis } from './redisSessions.ts';
import type { Sessions, SessionStore, SessionTerms } from './sessions.ts';
import { createSigner } from './signer.ts';
import type { StoreSetting } from './storeSetting.ts';

/** The stores of one process of the lab. */
export interface SessionStores {
  /** By the name of the host that a request is for. */
  of(authority: string | undefined): SessionStore;
  readonly tally: SessionTally;
  close(): void;
}

/** How many there are, and none any more; of this process, and of Redis where it can be asked. */
export interface SessionTally {
  own(): number;
  /** Undefined: it is away, or has too many. */
  inRedis(): Promise<number | undefined>;
  /** False: those in Redis are still there, since it is away. */
  clear(): Promise<boolean>;
}

export interface StoresOptions {
  readonly setting: StoreSetting;
  /** What memory and shared sessions are signed with, the same in all processes of a lab. */
  readonly key: Buffer;
  readonly terms: SessionTerms;
  readonly memory: Sessions;
  readonly shared: Omit<SessionStore, 'kind' | 'signer' | 'worker'>;
  /** In the cluster: whose memory it is. */
  readonly worker?: number;
}

/**
 * Every store by the name of a host, `memory.lab.test`, `shared.lab.test` and `redis.lab.test`; under all other names
 * sessions are where the setting says.
 */
export function createStores({ setting, key, terms, memory, shared, worker }: StoresOptions): SessionStores {
  const signer = createSigner(key);
  const redis = setting.kind === 'redis' ? createRedisSessions(setting.url, terms) : undefined;
  const stores: Record<string, SessionStore> = {
    memory: { ...memory, kind: 'memory', signer, ...(worker === undefined ? {} : { worker }) },
    shared: { ...shared, kind: 'shared', signer },
    redis: redis ?? noRedis,
  };
  const usual = stores[setting.kind]!;
  return {
    of(authority = '') {
      const name = /^(memory|shared|redis)\.lab\.test(?::\d+)?$/i.exec(authority)?.[1]?.toLowerCase();
      return name === undefined ? usual : stores[name]!;
    },
    tally: tallyOf(setting.kind === 'shared' ? shared : memory, redis),
    close: () => redis?.close(),
  };
}

/** `local` answers at once in the primary, which alone is asked. */
function tallyOf(local: Pick<SessionStore, 'size' | 'clear'>, redis: SessionStore | undefined): SessionTally {
  return {
    own() {
      const count = local.size();
      return typeof count === 'number' ? count : 0;
    },
    async inRedis() {
      try {
        return redis ? await redis.size() : 0;
      } catch {
        return undefined;
      }
    },
    async clear() {
      local.clear();
      try {
        await redis?.clear();
        return true;
      } catch {
        return false;
      }
    },
  };
}
