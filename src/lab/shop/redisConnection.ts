import { createClient } from 'redis';

// A bundle of its own, loaded with the first session that Redis is asked for.

/** ms: for one question, including the connection if there is none yet. A whole request has little more. */
const patience = 850;
/** ms between attempts to connect again: doubled each time, up to this. */
const longestPause = 500;

/** What is asked of Redis. */
export type RedisClient = ReturnType<typeof connect>;

/** A connection that comes back by itself. */
export interface RedisConnection {
  /** Gives the reply; rejects in bounded time, late with `timeout`. */
  run<T>(ask: (client: RedisClient) => Promise<T>): Promise<T>;
  close(): void;
}

/** Nothing is opened before the first `run`. `onReady` is called with each new connection. */
export function createRedisConnection(url: string, onReady: (client: RedisClient) => void): RedisConnection {
  let client: RedisClient | undefined;
  /** Why there is no connection; undefined while nobody knows. */
  let down: unknown;
  let settled = Promise.withResolvers<void>();
  const settle = (error: unknown): void => {
    down = error;
    settled.resolve();
    settled = Promise.withResolvers();
  };
  const open = (): RedisClient => {
    if (client) return client;
    const opened = connect(url);
    const note = (error: unknown): void => {
      if (client === opened) settle(error);
    };
    opened.on('error', note);
    opened.on('ready', () => {
      note(undefined);
      onReady(opened);
    });
    client = opened;
    opened.connect().catch(note);
    return opened;
  };
  const ready = async (): Promise<RedisClient> => {
    const opened = open();
    if (!opened.isReady && down === undefined) await settled.promise;
    if (!opened.isReady) throw down ?? new Error('closed');
    return opened;
  };
  const drop = (): void => {
    if (client?.isOpen) client.destroy();
    client = down = undefined;
  };
  return {
    async run(ask) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        late.reject(new Error('timeout'));
        // What it may still answer belongs to questions that nobody waits for any more.
        if (client?.isReady) drop();
      }, patience);
      try {
        return await Promise.race([ready().then(ask), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    close: drop,
  };
}

function connect(url: string) {
  return createClient({
    url, RESP: 2, disableOfflineQueue: true, disableClientInfo: true, maintNotifications: 'disabled',
    commandsQueueMaxLength: 1000,
    socket: { connectTimeout: patience, reconnectStrategy: (tries) => Math.min(20 * 2 ** tries, longestPause) },
  });
}
