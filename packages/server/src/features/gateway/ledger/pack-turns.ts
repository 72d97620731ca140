import type { Turn } from '@vigiles/contract';
import type { LedgerTurn } from './ledger-turn.ts';

/** What differs from turn to turn, beside its id; the rest is the same where one agent asks one model again and again. */
const NUMBERS = [
  'ts',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_micros',
  'counted_micros',
  'latency_ms',
  'ttft_ms',
] as const satisfies readonly (keyof LedgerTurn)[];

type Shared = Omit<LedgerTurn, 'id' | (typeof NUMBERS)[number]>;

/** A batch as it crosses threads: what alike turns share is said once, the rest is numbers side by side. */
export interface PackedTurns {
  /** JSON of what turns share, one for each kind of turn in the batch. */
  shared: string;
  /** Ids, a line each. */
  ids: string;
  /** Of each turn: which of `shared` is its, then its numbers in the order of `NUMBERS`; NaN for none. */
  numbers: Float64Array;
}

/** Turns, and what the `turn.settled` event of each says, as text. */
export interface UnpackedTurns {
  turns: LedgerTurn[];
  texts: string[];
}

const WIDTH = NUMBERS.length + 1;
/** So many kinds of turns are looked through before a turn is one of its own. */
const LOOK_BACK = 8;

/** What is posted to the ledger’s thread: of turns that are alike a tenth of their JSON, made in a tenth of the time. */
export function packTurns(turns: readonly LedgerTurn[]): PackedTurns {
  const numbers = new Float64Array(turns.length * WIDTH);
  const kinds: LedgerTurn[] = [];
  let ids = '';
  let at = 0;
  for (const turn of turns) {
    let kind = kinds.length - 1;
    const last = Math.max(0, kinds.length - LOOK_BACK);
    while (kind >= last && !isAlike(kinds[kind] as LedgerTurn, turn)) kind -= 1;
    if (kind < last) kind = kinds.push(turn) - 1;
    ids += at === 0 ? turn.id : `\n${turn.id}`;
    numbers[at] = kind;
    numbers[at + 1] = turn.ts;
    numbers[at + 2] = turn.input_tokens ?? NaN;
    numbers[at + 3] = turn.cached_input_tokens ?? NaN;
    numbers[at + 4] = turn.cache_write_tokens ?? NaN;
    numbers[at + 5] = turn.output_tokens ?? NaN;
    numbers[at + 6] = turn.reasoning_tokens ?? NaN;
    numbers[at + 7] = turn.cost_micros ?? NaN;
    numbers[at + 8] = turn.counted_micros;
    numbers[at + 9] = turn.latency_ms;
    numbers[at + 10] = turn.ttft_ms ?? NaN;
    at += WIDTH;
  }
  return { shared: JSON.stringify(kinds.map(sharedOf)), ids, numbers };
}

const OWN = new Set<string>(['id', ...NUMBERS]);

const sharedOf = (turn: LedgerTurn) =>
  Object.fromEntries(Object.entries(turn).filter(([name]) => !OWN.has(name)));

/** Whether only id and numbers differ. Turns of which there is more to tell are like no other. */
function isAlike(one: LedgerTurn, other: LedgerTurn): boolean {
  return (
    one.session_id === other.session_id &&
    one.device_id === other.device_id &&
    one.model === other.model &&
    one.model_requested === other.model_requested &&
    one.workspace === other.workspace &&
    one.client_protocol === other.client_protocol &&
    one.provider === other.provider &&
    one.provider_protocol === other.provider_protocol &&
    one.stream === other.stream &&
    one.outcome === other.outcome &&
    one.status === other.status &&
    one.attempts === other.attempts &&
    one.rate_card === other.rate_card &&
    one.cache_write_1h_tokens === other.cache_write_1h_tokens &&
    isPlain(one) &&
    isPlain(other)
  );
}

const isPlain = (turn: LedgerTurn): boolean =>
  turn.decision === undefined &&
  turn.error_kind === null &&
  turn.error_message === null &&
  turn.synthesis === null &&
  turn.losses.length === 0 &&
  turn.repairs.length === 0 &&
  turn.faults.length === 0 &&
  turn.adaptations.length === 0 &&
  turn.continuations.length === 0;

/** What `packTurns` packed. */
export function unpackTurns({ shared, ids, numbers }: PackedTurns): UnpackedTurns {
  const kinds = (JSON.parse(shared) as Shared[]).map((kind) => {
    const { decision: _decision, ...told } = kind;
    return { kind, tail: `,${JSON.stringify(told).slice(1)}}` };
  });
  const turns: LedgerTurn[] = [];
  const texts: string[] = [];
  let at = 0;
  for (const id of ids.split('\n')) {
    const { kind, tail } = kinds[numbers[at] as number] as (typeof kinds)[number];
    const turn: LedgerTurn = {
      ...kind,
      id,
      ts: numbers[at + 1] as number,
      input_tokens: given(numbers[at + 2]),
      cached_input_tokens: given(numbers[at + 3]),
      cache_write_tokens: given(numbers[at + 4]),
      output_tokens: given(numbers[at + 5]),
      reasoning_tokens: given(numbers[at + 6]),
      cost_micros: given(numbers[at + 7]),
      counted_micros: numbers[at + 8] as number,
      latency_ms: numbers[at + 9] as number,
      ttft_ms: given(numbers[at + 10]),
    };
    turns.push(turn);
    texts.push(eventText(turn, tail));
    at += WIDTH;
  }
  return { turns, texts };
}

/** JSON says null for what is no number, or not a finite one. */
const given = (number: number | undefined): number | null =>
  Number.isFinite(number) ? (number as number) : null;

const eventText = (turn: Turn, tail: string): string =>
  `{"turn":{"id":"${turn.id}","ts":${turn.ts},"input_tokens":${turn.input_tokens},"cached_input_tokens":${turn.cached_input_tokens},"cache_write_tokens":${turn.cache_write_tokens},"output_tokens":${turn.output_tokens},"reasoning_tokens":${turn.reasoning_tokens},"cost_micros":${turn.cost_micros},"counted_micros":${turn.counted_micros},"latency_ms":${turn.latency_ms},"ttft_ms":${turn.ttft_ms}${tail}`;
