import { driverMs, firstValue, textOf, type Ask } from './ask.ts';

/** Words of a command; what stands in quotes is one word. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replaceAll(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );

/** Redis and Valkey, by `ioredis`: `query` is a command such as `LLEN queue`. */
export const askRedis: Ask = async ({ url, query, timeoutMs, signal }) => {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: driverMs(timeoutMs),
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let broken: Error | null = null;
  client.on('error', (thrown: Error) => (broken ??= thrown));
  const abort = () => client.disconnect();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    const [command = 'PING', ...args] = wordsOf(query ?? 'PING');
    const answer: unknown = await client.call(command, ...args);
    return Array.isArray(answer) ? firstValue(answer) : textOf(answer);
  } catch (thrown) {
    // “Connection is closed.” is what follows; why comes first.
    throw broken ?? thrown;
  } finally {
    signal.removeEventListener('abort', abort);
    client.disconnect();
  }
};
