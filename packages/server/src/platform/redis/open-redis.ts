import type { Redis } from 'ioredis';
import type { Log } from '../../kernel/log.ts';

export interface RedisOptions {
  url: string;
  /** Longest wait for an answer. Nothing waits longer: a command fails at once while there is no connection. */
  timeoutMs: number;
  log: Log;
}

/** There is no connection: nothing was sent. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
}

/** Redis or Valkey, as far as scripts need it. */
export interface RedisClient {
  /**
   * Runs a Lua script as one atomic step. Rejects with a `RedisAwayError` when there is no connection; when there is no
   * answer in time it may still have run.
   * @param key what its keys begin with; braces keep them on one node of a cluster
   */
  run(script: string, key: string, argument: string): Promise<unknown>;
  /** Called whenever the connection is there again. */
  onReady(listener: () => void): void;
  close(): Promise<void>;
}

const MAX_RETRY_MS = 2000;

/** Connects, now or as soon as it can: a Redis that is away is no reason not to start. */
export async function openRedis({ url, timeoutMs, log }: RedisOptions): Promise<RedisClient> {
  // Only who shares money and limits needs it.
  const ioredis = await import('ioredis');
  const redis: Redis = new ioredis.Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: (times) => Math.min(times * 100, MAX_RETRY_MS),
  });
  const names = new Map<string, string>();
  const listeners: (() => void)[] = [];
  let away = false;
  redis.on('error', (thrown: Error) => {
    // One line an outage; ioredis repeats it with every try.
    if (!away) log.error({ err: thrown }, 'Redis does not answer');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({}, 'Redis is back');
    away = false;
    for (const listener of listeners) listener();
  });
  await redis.connect().catch(() => undefined);

  return {
    run(script, key, argument) {
      if (redis.status !== 'ready') return Promise.reject(new RedisAwayError('Redis does not answer'));
      let name = names.get(script);
      if (name === undefined) {
        name = `vigiles${names.size}`;
        names.set(script, name);
        redis.defineCommand(name, { numberOfKeys: 1, lua: script });
      }
      const command = Reflect.get(redis, name) as (key: string, argument: string) => Promise<unknown>;
      return command.call(redis, key, argument);
    },
    onReady(listener) {
      listeners.push(listener);
    },
    async close() {
      redis.disconnect();
    },
  };
}
