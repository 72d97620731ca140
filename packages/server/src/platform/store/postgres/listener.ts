import { Client } from 'pg';
import type { Log } from '../../../kernel/log.ts';
import type { CommitOrigin } from '../store.ts';
import { commitChannel } from './channel.ts';

/** Hears of other stores' commits on a connection of its own; connects again when it is lost. */
export interface CommitListener {
  listen(changed: (origin: CommitOrigin) => void): () => void;
  /** Tells every listener of an own commit. */
  tell(): void;
  /** A transaction was lost with its connection: it may have been committed all the same. */
  doubt(): void;
  stop(): Promise<void>;
}

const firstRetryMs = 100;
const lastRetryMs = 5_000;

export function createCommitListener(url: string, instance: string, log: Log): CommitListener {
  const listeners = new Set<(origin: CommitOrigin) => void>();
  let client: Client | null = null;
  let connecting: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let retryMs = firstRetryMs;
  let stopped = false;

  const tell = (origin: CommitOrigin) => {
    for (const listener of listeners) {
      try {
        listener(origin);
      } catch (thrown) {
        log.error({ err: thrown }, 'A commit listener failed');
      }
    }
  };
  const lost = (from: Client, thrown: unknown) => {
    if (client !== from) return;
    client = null;
    from.end().catch(() => undefined);
    if (stopped || retry) return;
    log.warn({ err: thrown, retryMs }, 'The connection that hears of commits was lost; connecting again');
    retry = setTimeout(() => {
      retry = null;
      connect();
    }, retryMs).unref();
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  };
  const open = async (opened: Client) => {
    try {
      await opened.connect();
      await opened.query(`listen ${commitChannel}`);
      retryMs = firstRetryMs;
      // Commits may have gone unheard until now.
      tell('remote');
    } catch (thrown) {
      lost(opened, thrown);
    }
  };
  const connect = () => {
    if (stopped) return;
    const opened = new Client({
      connectionString: url,
      application_name: 'vigiles listener',
      keepAlive: true,
    });
    client = opened;
    opened.on('error', (thrown) => lost(opened, thrown));
    opened.on('end', () => lost(opened, new Error('The server closed the connection')));
    opened.on('notification', ({ payload }) => {
      if (payload !== instance) tell('remote');
    });
    connecting = open(opened);
  };

  return {
    listen(changed) {
      listeners.add(changed);
      if (!client && !retry) connect();
      return () => {
        listeners.delete(changed);
      };
    },
    tell: () => tell('local'),
    doubt: () => tell('remote'),
    async stop() {
      stopped = true;
      if (retry) clearTimeout(retry);
      const open = client;
      client = null;
      await connecting;
      await open?.end().catch(() => undefined);
    },
  };
}
