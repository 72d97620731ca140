import type { RouteDecision } from '@vigiles/contract';
import type { Turn } from './turn.ts';

/** What is recorded of a turn's way, as JSON; null where its row says it all: one place to go and one attempt. */
export function decisionRecord(turn: Turn): string | null {
  const decision = turn.routing ? routedDecision(turn.routing, turn.attemptLog ?? []) : plainDecision(turn);
  return decision && JSON.stringify(decision);
}

/** What a choice was made from, as it is shown. */
export function routedDecision(
  routing: Pick<
    NonNullable<Turn['routing']>,
    'map' | 'task' | 'size' | 'secrets' | 'draw' | 'decidedAt' | 'verdicts'
  >,
  attempts: RouteDecision['attempts'],
): RouteDecision {
  const { map, task, size, secrets } = routing;
  return {
    why: map.why,
    route: map.route,
    strategy: map.strategy,
    decided_at: routing.decidedAt,
    draw: map.strategy === 'weighted' ? routing.draw : null,
    task: {
      privacy: task.privacy,
      workspace: task.workspace ?? null,
      intent: task.intent ?? null,
      tags: [...task.tags],
      route: task.route ?? null,
      needs: size?.needs ?? null,
      input_tokens: size?.inputTokens ?? null,
    },
    secrets,
    candidates: routing.verdicts.map(({ standing, score, rejected }) => ({
      provider: standing.candidate.provider,
      model: standing.candidate.model,
      side: standing.candidate.side,
      weight: standing.weight,
      score: Math.round(score * 1000) / 1000,
      latency_ms: standing.latencyMs === null ? null : Math.round(standing.latencyMs),
      failures: standing.failures,
      cooling_until: standing.block?.until ?? null,
      rejected,
    })),
    attempts,
  };
}

/** There was no choice, but more than one attempt. */
function plainDecision(turn: Turn): RouteDecision | null {
  const { attemptLog, map } = turn;
  const [only] = map?.candidates ?? [];
  if (!attemptLog || attemptLog.length < 2 || !map || !only) return null;
  const latencyMs = turn.health?.latencyMs ?? null;
  return {
    why: map.why,
    route: map.route,
    strategy: map.strategy,
    decided_at: turn.startedAt,
    draw: null,
    task: {
      privacy: turn.core.config.policy.privacy,
      workspace: null,
      intent: null,
      tags: [],
      route: null,
      needs: null,
      input_tokens: null,
    },
    secrets: null,
    candidates: [
      {
        provider: only.provider,
        model: only.model,
        side: only.side,
        weight: only.weight,
        score: 0,
        latency_ms: latencyMs === null ? null : Math.round(latencyMs),
        failures: 0,
        cooling_until: null,
        rejected: null,
      },
    ],
    attempts: attemptLog,
  };
}
