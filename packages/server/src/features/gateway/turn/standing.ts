import { estimateMicros } from '../core/cost.ts';
import {
  blockOf,
  failuresOf,
  namedWaitOf,
  type Block,
  type HealthEntry,
} from '../core/health/health-entry.ts';
import type { Standing } from '../core/route/decide.ts';
import type { Candidate, RouteMap } from '../core/route/plan-route.ts';
import type { GatewayCore } from '../gateway-core.ts';

const UNKNOWN = { images: null, tools: null, reasoning: null, structured_output: null } as const;

/** A candidate with what is known of it now; what one turn found out about it is filled in by that turn. */
export function standingOf(
  core: Pick<GatewayCore, 'table' | 'health' | 'overrides'>,
  map: RouteMap,
  candidate: Candidate,
  size: { bytes: number; maxOutputTokens: number | undefined },
  now: number,
): Standing {
  const facts = core.table.get(candidate.provider)?.facts(candidate.model);
  const entry = core.health.of(candidate.provider, candidate.model);
  const held = core.overrides.empty ? 0 : core.overrides.heldUntil(candidate.provider, now);
  const block = map.candidates.length > 1 ? blockOf(entry, now) : namedBlock(entry, now);
  const rates = map.strategy === 'cheapest' ? facts?.rates : undefined;
  return {
    candidate,
    weight: candidate.weight,
    latencyMs: entry.latencyMs,
    failures: failuresOf(entry, now),
    block:
      held > (block?.until ?? 0)
        ? { cause: block?.cause ?? 'overloaded', until: held, probing: false, held: true }
        : block,
    costMicros: rates ? estimateMicros(size.bytes, size.maxOutputTokens, rates) : null,
    abilities: facts ? { ...facts.abilities, structured_output: facts.abilities.structuredOutput } : UNKNOWN,
    contextWindow: facts?.contextWindow ?? null,
    tooSmall: false,
    overBudget: false,
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
