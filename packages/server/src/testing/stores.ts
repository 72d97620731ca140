import { after, describe } from 'node:test';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { silentLog } from '../kernel/log.ts';
import { createStore, type StoreOptions } from '../platform/store/create-store.ts';
import type { Store } from '../platform/store/store.ts';
import { startPostgres, type PostgresServer } from './postgres.ts';

/** An empty database that stores can be opened on, several at once too. */
export interface StorePlace {
  /** Home folder of its own. */
  home: string;
  /** Undefined for the SQLite file in `home`. */
  url?: string;
}

/** Opens a store, on an empty database of its own unless `place` is given; closed and removed after the tests. */
export type OpenStore = (
  options: Pick<StoreOptions, 'migrations'> &
    Partial<Omit<StoreOptions, 'home' | 'url'>> & { place?: StorePlace },
) => Promise<Store>;

export type NewPlace = () => Promise<StorePlace>;

/** Defines the same tests once for SQLite and once for a real PostgreSQL. */
export function forEachStore(
  name: string,
  define: (openStore: OpenStore, newPlace: NewPlace, dialect: Store['dialect']) => void,
): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    describe(`${name} on ${dialect}`, () => {
      const stores: Store[] = [];
      const cleanups: (() => Promise<void> | void)[] = [];
      const newPlace: NewPlace = async () => {
        const home = mkdtempSync(join(tmpdir(), 'vigiles-store-'));
        cleanups.push(() => rmSync(home, { recursive: true, force: true }));
        if (dialect === 'sqlite') return { home };
        const { url, drop } = await newPostgresDatabase();
        cleanups.push(drop);
        return { home, url };
      };
      const openStore: OpenStore = async ({ place, ...options }) => {
        const store = await createStore({ log: silentLog, ...options, ...(place ?? (await newPlace())) });
        stores.push(store);
        return store;
      };
      after(async () => {
        for (const store of stores) await store.close();
        for (const cleanup of cleanups.toReversed()) await cleanup();
      });
      define(openStore, newPlace, dialect);
    });
  }
}

let server: Promise<PostgresServer> | null = null;

/** Databases that were used and are empty again: one of them is ready in a tenth of the time that a new one takes. */
const emptied: string[] = [];

/** A database of its own on the server that this process's tests share. */
export async function newPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  server ??= startPostgres();
  const { url: adminUrl } = await server;
  let name = emptied.pop();
  if (name === undefined) {
    name = `vigiles_test_${randomBytes(6).toString('hex')}`;
    await asAdmin(adminUrl, `create database ${name} strategy file_copy`);
  }
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => emptyDatabase(url.href, name) };
}

/** Ends whoever is still connected to it and takes everything out of it. */
async function emptyDatabase(url: string, name: string): Promise<void> {
  await asAdmin(
    url,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
     drop schema public cascade;
     create schema public;`,
  );
  emptied.push(name);
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
