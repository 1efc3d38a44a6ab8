import type { RedisClient, RedisConnection } from './redisConnection.ts';
import { explainRedis } from './redisFailure.ts';
import { newId, StoreFailure } from './sessions.ts';
import type { Lookup, Session, SessionStore, SessionTerms } from './sessions.ts';
import { createSigner } from './signer.ts';
import type { Signer } from './signer.ts';

const prefix = 'roundtrip:lab:session:';
const keyName = 'roundtrip:lab:session-key';
/** Keys looked at in one step of a walk through all of them; and a store with more of them is not counted. */
const step = 1000;
const mostCounted = 20_000;

/**
 * Sessions in Redis, where they outlive the lab, as JSON under a key of their own; Redis itself ends them in time. What
 * they are signed with is there, too, so that every lab that uses the store knows them.
 */
export function createRedisSessions(
  url: string, { idleTimeout, lifetime }: SessionTerms,
): SessionStore & { close(): void } {
  let connection: Promise<RedisConnection> | undefined;
  let signer: Signer | undefined;
  let key = '';
  const learnKey = async (client: RedisClient): Promise<Signer> => {
    await client.set(keyName, key === '' ? newId() : key, { condition: 'NX' });
    const known = await client.get(keyName) ?? key;
    if (signer === undefined || known !== key) signer = createSigner(Buffer.from(known));
    key = known;
    return signer;
  };
  const open = (): Promise<RedisConnection> =>
    connection ??= import('./redisConnection.ts').then(({ createRedisConnection }) =>
      createRedisConnection(url, (client) => { if (signer) learnKey(client).catch(() => {}); }));
  const run = async <T>(ask: (client: RedisClient) => Promise<T>): Promise<T> => {
    try {
      return await (await open()).run(ask);
    } catch (error) {
      throw explainRedis(url, error);
    }
  };
  // Whoever has set a Redis is going to need it, but nobody waits for it at start.
  const warmUp = setImmediate(() => run(learnKey).catch(() => {})).unref();
  return {
    kind: 'redis',
    get signer() { return signer ?? run(learnKey); },
    load: (id) => run(async (client) => {
      const session = parse(id, await client.get(prefix + id));
      if (!session) return { outcome: 'unknown' };
      client.pExpire(prefix + id, timeLeft(session)).catch(() => {});
      return { outcome: 'found', session };
    }),
    create: (asked) => run(async (client) => {
      const session: Session = { idleTimeout, lifetime, ...asked, id: newId(), createdAt: Date.now() };
      // Whoever emptied the store took away what sessions are signed with, too.
      if (key !== '') client.set(keyName, key, { condition: 'NX' }).catch(() => {});
      await client.set(prefix + session.id, write(session), { expiration: { type: 'PX', value: timeLeft(session) } });
      return session;
    }),
    assign: (id, user) => run(async (client) => {
      const session = parse(id, await client.get(prefix + id));
      if (!session) return undefined;
      const mine: Session = { ...session, user };
      const set = await client.set(prefix + id, write(mine), { expiration: 'KEEPTTL', condition: 'XX' });
      return set === null ? undefined : mine;
    }),
    end: (id) => run(async (client): Promise<Lookup> => {
      const session = parse(id, await client.getDel(prefix + id));
      return session ? { outcome: 'found', session } : { outcome: 'unknown' };
    }),
    size: () => run(async (client) => {
      if (await client.dbSize() > mostCounted) return undefined;
      let count = 0;
      for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: step })) count += keys.length;
      return count;
    }),
    clear: () => run(async (client) => {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: step })) {
        if (keys.length > 0) await client.unlink(keys);
      }
    }),
    close() {
      clearImmediate(warmUp);
      connection?.then((one) => one.close(), () => {});
    },
  };
}

/** Until it has been idle for too long, or has lasted long enough; at least 1 ms. */
function timeLeft({ idleTimeout, lifetime, createdAt }: Session): number {
  return Math.max(1, Math.round(Math.min(idleTimeout, createdAt + lifetime - Date.now())));
}

function write({ id: _, ...rest }: Session): string {
  return JSON.stringify(rest);
}

/** What somebody else wrote under such a key is no session. */
function parse(id: string, text: string | null): Session | undefined {
  if (text === null) return undefined;
  try {
    const { user, createdAt, idleTimeout, lifetime } = JSON.parse(text) as Record<string, unknown>;
    const isSound = [createdAt, idleTimeout, lifetime].every(Number.isFinite)
      && (user === undefined || typeof user === 'string');
    if (!isSound) return undefined;
    return { id, ...(user === undefined ? {} : { user }), createdAt, idleTimeout, lifetime } as Session;
  } catch {
    return undefined;
  }
}

function unset(): never {
  throw new StoreFailure('not-set',
    'No Redis is set for this lab. Give its URL, such as redis://127.0.0.1:6379, in roundtrip.lab.sessionStore or '
    + 'with --session-store.');
}

/** What there is under the name of Redis while no Redis is set. */
export const noRedis: SessionStore = {
  kind: 'redis', get signer() { return unset(); },
  load: unset, create: unset, assign: unset, end: unset, size: unset, clear: unset,
};
