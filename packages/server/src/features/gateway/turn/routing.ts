import type { ModelAbility, RouteDecision } from '@vigiles/contract';
import { protocols, type TurnRequest, type WireError } from '@vigiles/wire';
import { estimateMicros } from '../core/cost.ts';
import {
  blockOf,
  failuresOf,
  namedWaitOf,
  type Block,
  type HealthEntry,
} from '../core/health/health-entry.ts';
import { decide, type Situation, type Standing, type Verdict } from '../core/route/decide.ts';
import { mayNeed, mediaBytes, needsOf } from '../core/route/needs.ts';
import type { Candidate, RouteMap } from '../core/route/plan-route.ts';
import { withDefaults, type Task, type TaskWords } from '../core/route/task.ts';
import type { Turn } from './turn.ts';

/** What a turn with a choice, or with something to say of itself, has been through. */
export interface TurnRouting {
  readonly map: RouteMap;
  readonly task: Task;
  readonly draw: number;
  decidedAt: number;
  /** Read off the request when something first depends on it. */
  size: { needs: ModelAbility[]; inputTokens: number } | null;
  /** In order of preference, as last judged. */
  verdicts: Verdict[];
  /** Places that failed; asked again only after a wait. */
  readonly tried: Set<Candidate>;
  readonly overBudget: Set<Candidate>;
  /** Places that said the prompt is too long. */
  readonly tooSmall: Set<Candidate>;
  localFailures: number;
  secrets: RouteDecision['secrets'];
  /** True once nobody needs to look again, whether or not the look worked. */
  scanned: boolean;
  waits: number;
  /** The failure that a client may best wait for. */
  hopeful: WireError | null;
  lastError: WireError | null;
  /** Why money did not suffice. */
  money: WireError | null;
}

export function startRouting(turn: Turn, map: RouteMap, words: TaskWords): TurnRouting {
  const { core } = turn;
  return {
    map,
    task: withDefaults(words, map.defaults, core.config.policy.privacy),
    draw: core.random(),
    decidedAt: core.clock.now(),
    size: null,
    verdicts: [],
    tried: new Set(),
    overBudget: new Set(),
    tooSmall: new Set(),
    localFailures: 0,
    secrets: null,
    scanned: false,
    waits: 0,
    hopeful: null,
    lastError: null,
    money: null,
  };
}

/** Judges all candidates by what is known now. */
export function judge(turn: Turn, routing: TurnRouting): Verdict[] {
  const { core } = turn;
  const now = core.clock.now();
  const { map, task, draw, localFailures, secrets } = routing;
  const standings = map.candidates.map((candidate) => standingOf(turn, routing, candidate, now));
  routing.size ??= sizeOf(turn, map, standings);
  routing.decidedAt = now;
  const situation: Situation = {
    map,
    policy: core.config.policy,
    task,
    ...routing.size,
    outputTokens: turn.head?.maxOutputTokens ?? 0,
    now,
    draw,
    standings,
    localFailures,
    secrets,
  };
  routing.verdicts = decide(situation);
  return routing.verdicts;
}

const UNKNOWN = { images: null, tools: null, reasoning: null, structured_output: null } as const;

function standingOf(turn: Turn, routing: TurnRouting, candidate: Candidate, now: number): Standing {
  const { core, head } = turn;
  const upstream = core.table.get(candidate.provider);
  const facts = upstream?.facts(candidate.model);
  const entry = core.health.of(candidate.provider, candidate.model);
  const rates = routing.map.strategy === 'cheapest' ? facts?.rates : undefined;
  return {
    candidate,
    weight: candidate.weight,
    latencyMs: entry.latencyMs,
    failures: failuresOf(entry, now),
    block: routing.map.candidates.length > 1 ? blockOf(entry, now) : namedBlock(entry, now),
    costMicros: rates ? estimateMicros(turn.body.length, head?.maxOutputTokens, rates) : null,
    abilities: facts ? { ...facts.abilities, structured_output: facts.abilities.structuredOutput } : UNKNOWN,
    contextWindow: facts?.contextWindow ?? null,
    tooSmall: routing.tooSmall.has(candidate),
    overBudget: routing.overBudget.has(candidate),
  };
}

/**
 * Where there is only one place to go, nothing is gained by guessing that it is still down; but a provider that named a
 * wait is taken at its word.
 */
function namedBlock(entry: HealthEntry, now: number): Block | null {
  const until = namedWaitOf(entry);
  return until > now ? { cause: 'rate-limited', until, probing: false } : null;
}

const NOTHING_NEEDED: ModelAbility[] = [];

/** Reading a request takes its parsing: done only where an ability or a length could make a difference. */
function sizeOf(
  turn: Turn,
  { candidates }: RouteMap,
  standings: readonly Standing[],
): { needs: ModelAbility[]; inputTokens: number } {
  const guess = Math.ceil(turn.body.length / 4);
  const asked = candidates.flatMap(({ when }) => when?.needs ?? NOTHING_NEEDED);
  const lacked = (['images', 'tools', 'structured_output'] as const).filter((ability) =>
    standings.some(({ abilities }) => abilities[ability] === false),
  );
  const limit = Math.min(
    ...standings.map(({ contextWindow }) => contextWindow ?? Infinity),
    ...candidates.map(({ when }) => when?.max_input_tokens ?? when?.min_input_tokens ?? Infinity),
  );
  const tooLong = guess + (turn.head?.maxOutputTokens ?? 0) > limit && mayNeed(turn.body, ['images']);
  const matters = [...asked, ...lacked];
  if (!tooLong && (matters.length === 0 || !mayNeed(turn.body, matters))) {
    return { needs: NOTHING_NEEDED, inputTokens: guess };
  }
  const request = readRequest(turn);
  if (!request) return { needs: NOTHING_NEEDED, inputTokens: guess };
  return { needs: needsOf(request), inputTokens: Math.ceil((turn.body.length - mediaBytes(request)) / 4) };
}

/** What cannot be read is told by whoever sends it. */
function readRequest(turn: Turn): TurnRequest | undefined {
  try {
    const decoded = protocols[turn.client].decodeRequest(JSON.parse(turn.body.toString()));
    return decoded.ok ? decoded.value : undefined;
  } catch {
    return undefined;
  }
}
