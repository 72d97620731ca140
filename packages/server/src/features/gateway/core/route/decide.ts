import type { ModelAbility, Rejection, RouteDecision, RoutingPolicyConfig } from '@vigiles/contract';
import type { Block } from '../health/health-entry.ts';
import { unmetCondition } from './conditions.ts';
import { scoresOf, type Rankable } from './order.ts';
import type { Candidate, RouteMap } from './plan-route.ts';
import type { Task } from './task.ts';

/** A candidate with everything known of it at the moment. */
export interface Standing extends Rankable {
  candidate: Candidate;
  block: Block | null;
  /** null: nobody said. */
  abilities: Readonly<Record<ModelAbility, boolean | null>>;
  /** Tokens, input and output together; null: nobody said. */
  contextWindow: number | null;
  /** It said itself that the prompt is too long. */
  tooSmall: boolean;
  overBudget: boolean;
}

/** Everything a choice is made from. */
export interface Situation {
  map: RouteMap;
  policy: RoutingPolicyConfig;
  task: Task;
  needs: readonly ModelAbility[];
  /** An estimate. */
  inputTokens: number;
  /** What the client allows for the answer. */
  outputTokens: number;
  /** UTC ms. */
  now: number;
  /** Random, from 0 to 1. */
  draw: number;
  /** In the order of `map.candidates`. */
  standings: readonly Standing[];
  /** Local attempts of this turn that failed. */
  localFailures: number;
  /** What was found in the prompt; null: it was not scanned. */
  secrets: RouteDecision['secrets'];
}

export interface Verdict {
  standing: Standing;
  score: number;
  rejected: Rejection | null;
}

/**
 * Puts the candidates in order of preference and says of each why it may not be used, if it may not. Nothing else
 * decides where a turn goes: the same situation always gives the same answer.
 */
export function decide(situation: Situation): Verdict[] {
  const { map, standings, draw } = situation;
  const scores = scoresOf(map.strategy, standings, draw);
  const verdicts = standings.map((standing, place): Verdict => {
    return { standing, score: scores[place] ?? place, rejected: rejectionOf(situation, standing) };
  });
  verdicts.sort((a, b) => a.score - b.score);
  if (!map.localFirst) return verdicts;
  const locals = verdicts.filter(({ standing }) => standing.candidate.side === 'local');
  const clouds = verdicts.filter(({ standing }) => standing.candidate.side === 'cloud');
  if (locals.length === 0 || clouds.length === 0) return verdicts;
  const notEarned = whyNotEarned(situation, locals);
  if (notEarned !== null) {
    for (const cloud of clouds) cloud.rejected ??= { code: 'not-earned', detail: notEarned };
  }
  return [...locals, ...clouds];
}

function rejectionOf(situation: Situation, standing: Standing): Rejection | null {
  const { candidate, block } = standing;
  if (candidate.missing) return { code: 'missing', detail: `there is no provider ${candidate.provider}` };
  const forbidden = candidate.side === 'cloud' ? whyItStays(situation) : null;
  if (forbidden) return forbidden;
  const { route } = situation.task;
  if (route !== undefined && route !== candidate.side) {
    return { code: 'override', detail: `the turn asks for ${route}` };
  }
  if (candidate.when) {
    const unmet = unmetCondition(candidate.when, situation);
    if (unmet !== null) return { code: 'condition', detail: unmet };
  }
  // Where there is no choice, the provider itself says best what it cannot do.
  const lack = situation.standings.length > 1 ? lackOf(situation, standing) : null;
  if (lack) return lack;
  if (standing.overBudget) return { code: 'budget', detail: 'no budget covers it' };
  if (!block) return null;
  if (block.probing) return { code: 'probing', detail: `another turn is trying it out (${block.cause})` };
  return {
    code: 'cooling',
    detail: `${block.held ? 'held back' : block.cause}, left alone until ${new Date(block.until).toISOString()}`,
  };
}

/** What keeps any turn from the cloud, even one that names it. */
function whyItStays({ policy, task, secrets, map }: Situation): Rejection | null {
  if (!policy.cloud) return { code: 'cloud-off', detail: 'gateway.policy.cloud is off' };
  if (task.privacy === 'private') return { code: 'private', detail: 'the turn is private' };
  if (secrets === null || secrets.length === 0 || policy.secrets === 'off') return null;
  const homes = map.candidates.some(({ side, missing }) => side === 'local' && !missing);
  if (policy.secrets === 'keep-local' && !homes) return null;
  return { code: 'secrets', detail: `found in the prompt: ${secretWords(secrets)}` };
}

/** Names and counts; never what was found. */
export const secretWords = (secrets: NonNullable<RouteDecision['secrets']>): string =>
  secrets.map(({ pattern, count }) => (count === 1 ? pattern : `${pattern} (${count} times)`)).join(', ');

/** Abilities that are asked for and cannot be left out. Thinking can: an answer without it is an answer. */
const HARD: ReadonlySet<ModelAbility> = new Set(['images', 'tools', 'structured_output']);

function lackOf(situation: Situation, standing: Standing): Rejection | null {
  const { abilities, contextWindow } = standing;
  if (standing.tooSmall) return { code: 'context', detail: 'it said that the prompt is too long' };
  const lacks = situation.needs.filter((need) => HARD.has(need) && abilities[need] === false);
  if (lacks.length > 0) return { code: 'ability', detail: `it lacks ${lacks.join(', ')}` };
  if (contextWindow === null) return null;
  const wanted = situation.inputTokens + Math.min(situation.outputTokens, Math.floor(contextWindow / 2));
  if (wanted <= contextWindow) return null;
  return { code: 'context', detail: `about ${wanted} tokens do not fit into ${contextWindow}` };
}

/** Why the cloud has to wait; null: it may be used. */
function whyNotEarned(situation: Situation, locals: readonly Verdict[]): string | null {
  const { policy, task, localFailures } = situation;
  if (task.route === 'cloud' || task.tags.some((tag) => policy.burst_tags.includes(tag))) return null;
  const usable = locals.filter(({ rejected }) => rejected === null);
  if (usable.length === 0) return null;
  const inARow = Math.max(localFailures, ...usable.map(({ standing }) => standing.failures));
  if (inARow >= policy.local_failures) return null;
  return `local first: ${inARow} of ${policy.local_failures} local failures`;
}
