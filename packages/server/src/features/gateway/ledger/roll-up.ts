import type { Turn } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import type { RunSql } from '../../../platform/store/writer.ts';
import { latencyBucket } from '../core/latency-buckets.ts';
import { USAGE_KEYS, USAGE_SUMS } from './money-tables.ts';

export const HOUR_MS = 3_600_000;

/**
 * Adds turns to the sums by hour, in the transaction that writes them: reports read sums, and nobody ever adds up the
 * whole ledger. A batch falls into few groups, so this is a handful of statements.
 */
export async function rollUp(run: RunSql, dialect: Store['dialect'], turns: readonly Turn[]): Promise<void> {
  const hours = new Map<string, Group>();
  const latencies = new Map<string, Group>();
  let last: Kin | null = null;
  for (const turn of turns) {
    const hour = Math.floor(turn.ts / HOUR_MS) * HOUR_MS;
    // Nearly always one agent asks one model again and again: its group need not be looked for.
    const kin: Kin = last && isKin(last, turn, hour) ? last : kinOf(turn, hour, hours);
    last = kin;
    addTurn(kin.usage, turn);
    const bucket = latencyBucket(turn.latency_ms);
    let latency = kin.buckets.get(bucket);
    if (!latency) {
      latency = groupFor(latencies, [hour, turn.device_id, turn.provider, turn.model, bucket], 1);
      kin.buckets.set(bucket, latency);
    }
    addAt(latency, 0, 1);
  }
  const [usage, latency] = dialect === 'postgres' ? TEXTS.postgres : TEXTS.sqlite;
  // Always in the same order: gateways that write at once wait for each other instead of locking each other out.
  for (const { parameters } of inOrder(hours)) await run(usage, parameters);
  for (const { parameters } of inOrder(latencies)) await run(latency, parameters);
}

interface Group {
  name: string;
  parameters: (string | number)[];
  /** Where the sums begin. */
  sumsAt: number;
}

/** Turns that fall into the same sums. */
interface Kin {
  turn: Turn;
  hour: number;
  usage: Group;
  /** By latency. */
  buckets: Map<number, Group>;
}

const isKin = ({ turn, hour }: Kin, other: Turn, itsHour: number): boolean =>
  hour === itsHour &&
  turn.model === other.model &&
  turn.session_id === other.session_id &&
  turn.device_id === other.device_id &&
  turn.provider === other.provider &&
  turn.workspace === other.workspace;

function kinOf(turn: Turn, hour: number, hours: Map<string, Group>): Kin {
  const { device_id, provider, model } = turn;
  const key = [hour, device_id, provider, model, turn.workspace ?? '', turn.session_id ?? ''];
  return { turn, hour, usage: groupFor(hours, key, USAGE_SUMS.length), buckets: new Map() };
}

function addTurn(group: Group, turn: Turn): void {
  addAt(group, 0, 1);
  addAt(group, 1, turn.outcome === 'ok' || turn.outcome === 'client_aborted' ? 0 : 1);
  addAt(group, 2, turn.cost_micros === null ? 1 : 0);
  addAt(group, 3, turn.input_tokens ?? 0);
  addAt(group, 4, turn.cached_input_tokens ?? 0);
  addAt(group, 5, turn.cache_write_tokens ?? 0);
  addAt(group, 6, turn.output_tokens ?? 0);
  addAt(group, 7, turn.reasoning_tokens ?? 0);
  addAt(group, 8, turn.cost_micros ?? 0);
  addAt(group, 9, turn.counted_micros);
}

function groupFor(groups: Map<string, Group>, key: readonly (string | number)[], sums: number): Group {
  const name = key.join('\n');
  let group = groups.get(name);
  if (!group) {
    group = { name, parameters: [...key, ...Array<number>(sums).fill(0)], sumsAt: key.length };
    groups.set(name, group);
  }
  return group;
}

function addAt({ parameters, sumsAt }: Group, place: number, amount: number): void {
  parameters[sumsAt + place] = (parameters[sumsAt + place] as number) + amount;
}

const inOrder = (groups: ReadonlyMap<string, Group>): Group[] =>
  [...groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

function upsert(
  dialect: Store['dialect'],
  table: string,
  keys: readonly string[],
  sums: readonly string[],
): string {
  const columns = [...keys, ...sums];
  const marks = columns.map((_, i) => (dialect === 'postgres' ? `$${i + 1}` : '?'));
  const added = sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`);
  return `insert into ${table} (${columns.join(',')}) values (${marks.join(',')}) on conflict (${keys.join(',')}) do update set ${added.join(',')}`;
}

const LATENCY_KEYS = ['hour', 'device_id', 'provider', 'model', 'bucket'];
const textsFor = (dialect: Store['dialect']) =>
  [
    upsert(dialect, 'usage_hour', USAGE_KEYS, USAGE_SUMS),
    upsert(dialect, 'usage_latency', LATENCY_KEYS, ['turns']),
  ] as const;
const TEXTS = { sqlite: textsFor('sqlite'), postgres: textsFor('postgres') };
