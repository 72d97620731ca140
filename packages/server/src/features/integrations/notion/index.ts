import { setTimeout as delay } from 'node:timers/promises';
import type { NotionConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise, toFault } from '../../../kernel/fault.ts';
import type { Component } from '../../../kernel/lifecycle.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Route } from '../../../kernel/route.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Secrets } from '../../../platform/secrets/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import { createNotionClient } from './client.ts';
import { notionRoutes } from './routes.ts';
import { createNotionService, folderOf } from './service.ts';
import { createNotionStore } from './store.ts';
import { createPageSync } from './sync-page.ts';
import { createWebhook } from './webhook.ts';

export interface NotionDeps {
  home: string;
  store: Store;
  events: EventLog;
  egress: Egress;
  clock: Clock;
  newId(prefix: string): string;
  log: Log;
  config(): NotionConfig;
  /** Fills references in. Throws where one leads nowhere. */
  resolve(text: string): string;
  secrets: Pick<Secrets, 'get' | 'set'> | null;
}

const tokenName = 'notion-webhook';
/** Several events of one edit make one look. */
const gatherMs = 300;
const lookMs = 30_000;

/** Pages of Notion and Markdown files here, kept in step. */
export function createNotion(deps: NotionDeps): { routes: readonly Route[]; component: Component } {
  const { home, clock, config, resolve, secrets, log, newId } = deps;
  const stop = new AbortController();
  const store = createNotionStore(deps.store, deps.events);
  let handed: string | null = null;

  /** The text a setting stands for; null where there is none or its reference leads nowhere. */
  const filled = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    try {
      return resolve(text);
    } catch {
      return null;
    }
  };
  const tokenProblem = (): string | null => {
    const { token } = config();
    if (token === undefined) return 'notion.token is not set.';
    try {
      resolve(token);
      return null;
    } catch (thrown) {
      return toFault(thrown).message;
    }
  };
  const client = createNotionClient({
    egress: deps.egress,
    apiUrl: () => config().api_url,
    token: () =>
      filled(config().token) ?? raise(fault('unavailable', 'notion_not_configured', 'There is no token.')),
    perSecond: () => config().requests_per_second,
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }),
  });
  const pageSync = createPageSync({
    client,
    store,
    folder: () => folderOf(home, config()),
    now: () => clock.now(),
    newId,
  });
  const webhookToken = (): string | null =>
    filled(config().webhook_token) ?? secrets?.get(tokenName) ?? handed;
  const webhook = createWebhook({
    config,
    store,
    now: () => clock.now(),
    token: webhookToken,
    async keepToken(token) {
      handed = token;
      await secrets?.set(tokenName, token);
    },
    changed: (page) => gather(page),
  });
  const service = createNotionService({
    home,
    config,
    store,
    pageSync,
    tokenProblem,
    webhook: () => ({ verified: webhookToken() !== null, openUntil: webhook.openUntil() }),
    now: () => clock.now(),
    log,
    signal: stop.signal,
  });

  const due = new Set<string>();
  let gathering: NodeJS.Timeout | null = null;
  let looking: NodeJS.Timeout | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const quietly = (pages: ReadonlySet<string> | null): void => {
    service.syncQuietly(pages).catch((thrown: unknown) => {
      if (!stop.signal.aborted) log.warn({ err: thrown }, 'Pages of Notion could not be brought in step');
    });
  };
  function gather(page: string): void {
    // Pages that nobody asked for are none of ours, and so many cannot be meant.
    if (!config().pages.some((each) => each.page === page)) return;
    due.add(page);
    gathering ??= setTimeout(() => {
      gathering = null;
      const pages = new Set(due);
      due.clear();
      quietly(pages);
    }, gatherMs).unref();
  }

  return {
    routes: [...notionRoutes(service), ...webhook.routes],
    component: {
      name: 'notion',
      start() {
        looking = setInterval(() => {
          const { poll_minutes: minutes } = config();
          const now = clock.monotonic();
          if (minutes === 0 || now - lookedAt < minutes * 60_000) return;
          lookedAt = now;
          quietly(null);
        }, lookMs).unref();
      },
      async stop() {
        if (looking) clearInterval(looking);
        if (gathering) clearTimeout(gathering);
        stop.abort();
        await service.idle();
      },
    },
  };
}
