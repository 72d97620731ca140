import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../kernel/log.ts';
import { createStore, type Store } from '../../../platform/store/index.ts';
import type { OpenStore, StorePlace } from '../../../testing/stores.ts';

/** SQLite stores of one test file, for what does not depend on the kind of store. */
export interface SqlitePlace {
  open: OpenStore;
  /** A database of its own that can be opened again. */
  next(): StorePlace;
  close(): Promise<void>;
}

export function openSqlite(): SqlitePlace {
  const homes: string[] = [];
  const stores: Store[] = [];
  const next = (): StorePlace => {
    const home = mkdtempSync(join(tmpdir(), 'vigiles-sessions-'));
    homes.push(home);
    return { home };
  };
  return {
    next,
    async open({ place, ...options }) {
      const store = await createStore({ log: silentLog, ...options, ...(place ?? next()) });
      stores.push(store);
      return store;
    },
    async close() {
      for (const store of stores) await store.close();
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    },
  };
}
