import type { Store } from '../../../platform/store/store.ts';
import type { RunSql } from '../../../platform/store/writer.ts';
import type { TurnTable } from './tables.ts';

/** Rows per statement, largest first: few distinct texts, so that prepared statements are found again. */
const CHUNKS = [32, 8, 1] as const;

/** What every turn has. */
const USUAL = [
  'id',
  'ts',
  'device_id',
  'session_id',
  'workspace',
  'client_protocol',
  'provider',
  'provider_protocol',
  'model_requested',
  'model',
  'stream',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_micros',
  'counted_micros',
  'rate_card',
  'latency_ms',
  'ttft_ms',
  'outcome',
  'status',
  'attempts',
] as const satisfies readonly (keyof TurnTable)[];

/** What nearly every turn leaves empty. */
const RARE = [
  'cache_write_1h_tokens',
  'error_kind',
  'error_message',
  'losses',
  'repairs',
  'faults',
  'synthesis',
  'adaptations',
  'continuations',
  'decision',
] as const satisfies readonly (keyof TurnTable)[];

const COLUMNS = [...USUAL, ...RARE];

/** A third of the columns is not even named where no row of the statement has anything there: binding costs more than storing. */
const columnsFor = (rows: readonly TurnTable[]): readonly (keyof TurnTable)[] =>
  rows.some((row) => RARE.some((column) => row[column] !== null)) ? COLUMNS : USUAL;

/**
 * Inserts rows. Written as plain statements: building them anew for each batch took more time than running them.
 * @param again some may be there already; those are left as they are
 * @returns the ids that were written, where that may be fewer than all
 */
export async function insertTurns(
  run: RunSql,
  dialect: Store['dialect'],
  rows: readonly TurnTable[],
  again: boolean,
): Promise<Set<string> | null> {
  const written = again ? new Set<string>() : null;
  let done = 0;
  for (const size of CHUNKS) {
    for (; rows.length - done >= size; done += size) {
      const parameters: unknown[] = [];
      const chunk = rows.slice(done, done + size);
      const columns = columnsFor(chunk);
      for (const row of chunk) for (const column of columns) parameters.push(row[column]);
      const added = await run(insertText(dialect, columns, size, again), parameters);
      for (const { id } of added) written?.add(id as string);
    }
  }
  return written;
}

const texts = new Map<string, string>();

function insertText(
  dialect: Store['dialect'],
  columns: readonly string[],
  rows: number,
  again: boolean,
): string {
  const key = `${dialect} ${columns.length} ${rows} ${again}`;
  let text = texts.get(key);
  if (text === undefined) {
    const mark = (at: number): string => (dialect === 'postgres' ? `$${at + 1}` : '?');
    const group = (row: number): string =>
      `(${columns.map((_, i) => mark(row * columns.length + i)).join(',')})`;
    const groups = Array.from({ length: rows }, (_, row) => group(row)).join(',');
    text = `insert into turn (${columns.join(',')}) values ${groups}`;
    if (again) text += ' on conflict (id) do nothing returning id';
    texts.set(key, text);
  }
  return text;
}
