import type { Store } from '../../../platform/store/store.ts';
import type { RunSql } from '../../../platform/store/writer.ts';
import type { LedgerTurn } from './ledger-turn.ts';
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

const hasRare = (turn: LedgerTurn): boolean =>
  turn.cache_write_1h_tokens !== null ||
  turn.error_kind !== null ||
  turn.error_message !== null ||
  turn.synthesis !== null ||
  turn.decision !== undefined ||
  turn.losses.length > 0 ||
  turn.repairs.length > 0 ||
  turn.faults.length > 0 ||
  turn.adaptations.length > 0 ||
  turn.continuations.length > 0;

/** In the order of `USUAL`. */
function addUsual(parameters: unknown[], turn: LedgerTurn): void {
  parameters.push(
    turn.id,
    turn.ts,
    turn.device_id,
    turn.session_id,
    turn.workspace,
    turn.client_protocol,
    turn.provider,
    turn.provider_protocol,
    turn.model_requested,
    turn.model,
    turn.stream ? 1 : 0,
    turn.input_tokens,
    turn.cached_input_tokens,
    turn.cache_write_tokens,
    turn.output_tokens,
    turn.reasoning_tokens,
    turn.cost_micros,
    turn.counted_micros,
    turn.rate_card,
    turn.latency_ms,
    turn.ttft_ms,
    turn.outcome,
    turn.status,
    turn.attempts,
  );
}

/** In the order of `RARE`. */
function addRare(parameters: unknown[], turn: LedgerTurn): void {
  parameters.push(
    turn.cache_write_1h_tokens,
    turn.error_kind,
    turn.error_message,
    listText(turn.losses),
    listText(turn.repairs),
    listText(turn.faults),
    turn.synthesis === null ? null : JSON.stringify(turn.synthesis),
    listText(turn.adaptations),
    listText(turn.continuations),
    turn.decision ?? null,
  );
}

const listText = (list: readonly unknown[]): string | null =>
  list.length === 0 ? null : JSON.stringify(list);

/**
 * Inserts turns. Written as plain statements: building them anew for each batch took more time than running them. A third
 * of the columns is not even named where no row of a statement has anything there: binding costs more than storing.
 * @param again some may be there already; those are left as they are
 * @returns the ids that were written, where that may be fewer than all
 */
export async function insertTurns(
  run: RunSql,
  dialect: Store['dialect'],
  turns: readonly LedgerTurn[],
  again: boolean,
): Promise<Set<string> | null> {
  const written = again ? new Set<string>() : null;
  let done = 0;
  for (const size of CHUNKS) {
    for (; turns.length - done >= size; done += size) {
      const parameters: unknown[] = [];
      const chunk = turns.slice(done, done + size);
      const whole = chunk.some(hasRare);
      for (const turn of chunk) {
        addUsual(parameters, turn);
        if (whole) addRare(parameters, turn);
      }
      const columns = whole ? COLUMNS : USUAL;
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
