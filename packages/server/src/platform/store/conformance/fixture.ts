import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import { eventLogMigrations } from '../../event-log/index.ts';
import type { StorePlace } from '../../../testing/stores.ts';
import type { Migrations } from '../store.ts';

/** A feature's tables as the suite knows them: state that its events have to agree with. */
export interface FixtureTables {
  entry: { id: string; writer: string; n: number; note: string | null };
  counter: { name: string; value: number };
}

export const fixtureMigrations: Migrations = {
  ...eventLogMigrations,
  'fixture-1-tables': {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable('entry')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('writer', 'text', (column) => column.notNull())
        .addColumn('n', 'bigint', (column) => column.notNull())
        .addColumn('note', 'text')
        .execute();
      await db.schema
        .createTable('counter')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};

/** A second process that writes entries with their events, durably, one transaction each. */
export interface WriterProcess {
  /** Highest `n` it has said to be committed. */
  acknowledged(): number;
  /** Resolves once it has acknowledged `n`. Throws with its error output when it ends before. */
  reached(n: number): Promise<void>;
  /** Resolves with its exit code when it has ended by itself. */
  ended: Promise<number | null>;
  kill(): void;
}

/** Starts a writer of `count` entries under the name `writer`. */
export function startWriter(place: StorePlace, writer: string, count: number): WriterProcess {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ place, writer, count })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let highest = 0;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    highest = Number(line);
    for (const look of waiting) look();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  return {
    acknowledged: () => highest,
    reached(n) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (highest < n) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        ended.then((code) => {
          if (waiting.delete(look))
            reject(new Error(`The writer ended with ${code} at ${highest}: ${errors}`));
        }, reject);
      });
    },
    ended,
    kill: () => child.kill('SIGKILL'),
  };
}
