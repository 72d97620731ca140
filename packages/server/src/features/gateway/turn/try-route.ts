import type { RouteDecision, RouteTrialAsk } from '@vigiles/contract';
import { decide } from '../core/route/decide.ts';
import { withDefaults } from '../core/route/task.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { routedDecision } from './decision-record.ts';
import { standingOf } from './standing.ts';

/** What was decided, or why the model's name means nothing. */
export type Trial = { ok: true; decision: RouteDecision } | { ok: false; message: string };

/** Decides where a turn would go now, with the code and the knowledge real turns are decided with. Sends nothing. */
export function tryRoute(core: GatewayCore, ask: RouteTrialAsk): Trial {
  const { model, privacy, workspace, intent, tags, route } = ask;
  const map = ask.routes ? core.table.planWith(model, ask.routes) : core.table.plan(model);
  if (!map.ok) return map;
  const now = core.clock.now();
  const draw = core.random();
  const words = { privacy, workspace, intent, tags, route };
  const task = withDefaults(words, map.defaults, core.config.policy.privacy);
  const size = { needs: ask.needs, inputTokens: ask.input_tokens };
  // As bytes of a body are taken for tokens where a request is not read.
  const bytes = { bytes: ask.input_tokens * 4, maxOutputTokens: ask.output_tokens };
  const secrets = ask.secret ? [{ pattern: 'a secret', count: 1 }] : null;
  const verdicts = decide({
    map,
    policy: core.config.policy,
    task,
    ...size,
    outputTokens: ask.output_tokens,
    now,
    draw,
    standings: map.candidates.map((candidate) => standingOf(core, map, candidate, bytes, now)),
    localFailures: 0,
    secrets,
  });
  return {
    ok: true,
    decision: routedDecision({ map, task, size, secrets, draw, decidedAt: now, verdicts }, []),
  };
}
