import type { ModelAbility, RouteDecision } from '@vigiles/contract';
import { protocols, type TurnRequest, type WireError } from '@vigiles/wire';
import { decide, type Situation, type Standing, type Verdict } from '../core/route/decide.ts';
import { mayNeed, mediaBytes, needsOf } from '../core/route/needs.ts';
import type { Candidate, RouteMap } from '../core/route/plan-route.ts';
import { withDefaults, type Task, type TaskWords } from '../core/route/task.ts';
import { standingOf } from './standing.ts';
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
  /** As last judged, every place has failed or is left alone. */
  exhausted: boolean;
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
    exhausted: false,
  };
}

/** Judges all candidates by what is known now. */
export function judge(turn: Turn, routing: TurnRouting): Verdict[] {
  const { core } = turn;
  const now = core.clock.now();
  const { map, task, draw, localFailures, secrets } = routing;
  const size = { bytes: turn.body.length, maxOutputTokens: turn.head?.maxOutputTokens };
  const standings = map.candidates.map((candidate) => {
    const standing = standingOf(core, map, candidate, size, now);
    standing.tooSmall = routing.tooSmall.has(candidate);
    standing.overBudget = routing.overBudget.has(candidate);
    return standing;
  });
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
