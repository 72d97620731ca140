import { isAbsolute, join } from 'node:path';
import type { NotionChoice, NotionConfig, NotionConflict, NotionState, NotionSync } from '@vigiles/contract';
import { fault, raise, toFault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import type { NotionStore } from './store.ts';
import type { createPageSync, Place } from './sync-page.ts';

export interface NotionServiceDeps {
  home: string;
  config(): NotionConfig;
  store: NotionStore;
  pageSync: ReturnType<typeof createPageSync>;
  /** Why there is no token; null: there is one. */
  tokenProblem(): string | null;
  webhook(): { verified: boolean; openUntil: number | null };
  now(): number;
  log: Log;
  signal: AbortSignal;
}

export const folderOf = (home: string, { directory }: NotionConfig): string =>
  isAbsolute(directory) ? directory : join(home, directory);

/** What people ask of the Notion integration. One page at a time, whoever asks. */
export function createNotionService(deps: NotionServiceDeps) {
  const { home, config, store, pageSync, tokenProblem, webhook, now, log, signal } = deps;
  let queue: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work, work);
    queue = done.catch(() => undefined);
    return done;
  };

  function ready(): void {
    if (!config().enabled) raise(fault('unavailable', 'notion_disabled', 'Notion is switched off here.'));
    const problem = tokenProblem();
    if (problem !== null) raise(fault('unavailable', 'notion_not_configured', problem));
  }

  async function one(place: Place): Promise<NotionSync['pages'][number]> {
    try {
      return await pageSync.sync(place, signal);
    } catch (thrown) {
      const { code, message } = toFault(thrown);
      if (code === 'internal_error')
        log.error({ err: thrown, page: place.page }, 'A page could not be brought in step');
      const before = await store.page(place.page);
      await store.put({
        ...place,
        state: 'failed',
        synced_at: before?.synced_at ?? null,
        note: message,
      });
      return { ...place, outcome: 'failed', note: message };
    }
  }

  async function all(places: readonly Place[]): Promise<NotionSync> {
    const pages: NotionSync['pages'] = [];
    for (const place of places) {
      if (signal.aborted) break;
      // oxlint-disable-next-line no-await-in-loop -- one page at a time: Notion counts requests
      pages.push(await alone(() => one(place)));
    }
    return { pages };
  }

  return {
    async state(): Promise<NotionState> {
      const { enabled, pages } = config();
      const [rows, conflicts, lastEventAt] = await Promise.all([
        store.pages(),
        store.conflicts(),
        store.lastEventAt(),
      ]);
      const problem = tokenProblem();
      const { verified, openUntil } = webhook();
      return {
        enabled,
        configured: problem === null,
        directory: folderOf(home, config()),
        pages: pages.map(({ page, file }) => {
          const row = rows.find((each) => each.page === page && each.file === file);
          const state =
            row?.state === 'in_step' || row?.state === 'conflict' || row?.state === 'failed'
              ? row.state
              : 'never';
          return { page, file, state, synced_at: row?.synced_at ?? null, note: row?.note ?? '' };
        }),
        conflicts: conflicts.length,
        webhook: { verified, open_until: openUntil, last_event_at: lastEventAt },
        problem: enabled ? problem : null,
      };
    },
    async syncNow(page?: string): Promise<NotionSync> {
      ready();
      const wanted = page?.replaceAll('-', '').toLowerCase();
      const places = config().pages.filter(
        (place) => wanted === undefined || place.page === wanted || place.file === page,
      );
      if (places.length === 0 && wanted !== undefined)
        raise(fault('not-found', 'notion_page_unknown', 'This page does not stand under notion.pages.'));
      return all(places);
    },
    /** For the clock and the webhook: does nothing where nothing can be done. */
    async syncQuietly(pages: ReadonlySet<string> | null): Promise<void> {
      if (!config().enabled || tokenProblem() !== null) return;
      await all(config().pages.filter(({ page }) => pages === null || pages.has(page)));
      await store.prune(now() - (config().replay_hours + 1) * 3_600_000);
    },
    conflicts: () => store.conflicts(),
    async resolve(id: string, keep: NotionChoice): Promise<NotionSync['pages'][number]> {
      ready();
      const conflict: NotionConflict =
        (await store.conflicts()).find((each) => each.id === id) ??
        raise(fault('not-found', 'notion_conflict_unknown', 'There is no such conflict any more.'));
      return alone(() => pageSync.resolve(conflict, keep, signal));
    },
    /** Resolves when nothing is under way. */
    idle: () => queue,
  };
}

export type NotionService = ReturnType<typeof createNotionService>;
