import type { CiRunState } from '@vigiles/contract';
import type { EventTransaction } from '../../../platform/event-log/index.ts';
import { isFailure } from '../core/delivery.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { retryStore, type KeptRetry } from '../heal/retry-store.ts';
import type { GithubTables } from '../tables.ts';
import { flakyStore } from './flaky-store.ts';
import { runStore, toCiRun, type KeptAttempt, type KeptRun } from './run-store.ts';

export type Tx = EventTransaction<GithubTables>;

/** `older`: an attempt that a newer one has overtaken. `known`: nothing new. */
export type Recorded = 'older' | 'known' | 'recorded' | 'to_judge';

const good = new Set(['success', 'neutral', 'skipped']);

function stateOf({ status, conclusion }: RunFacts, failedBefore: boolean): CiRunState {
  if (status !== 'completed' || conclusion === 'action_required') return 'running';
  if (isFailure(conclusion)) return 'failed';
  if (good.has(conclusion ?? '')) return failedBefore ? 'flaky' : 'passed';
  return 'cancelled';
}

const newAttempt = (facts: RunFacts): Omit<KeptAttempt, 'event'> => ({
  attempt: facts.attempt,
  conclusion: null,
  kind: null,
  answer: null,
  healed: false,
  detail: {
    attempt: facts.attempt,
    conclusion: null,
    started_at: facts.startedAt,
    finished_at: null,
    minutes: 0,
    verdict: null,
    jobs: [],
    opinion: null,
    opinion_note: null,
  },
});

/**
 * Writes down what is known of a run. Deliveries come in any order: an older attempt changes nothing but its own row, and what
 * has ended does not begin again.
 */
export async function recordRun(tx: Tx, facts: RunFacts, now: number, historic: boolean): Promise<Recorded> {
  const { db } = tx;
  const known = await runStore.get(db, facts.id);
  const kept = (await runStore.attempt(db, facts.id, facts.attempt)) ?? newAttempt(facts);
  const ended = facts.status === 'completed' && facts.conclusion !== 'action_required';
  const endedBefore = kept.detail.finished_at !== null;
  if (!endedBefore || !known) {
    const conclusion = ended ? facts.conclusion : null;
    const times = { conclusion, started_at: facts.startedAt, finished_at: ended ? facts.updatedAt : null };
    await runStore.saveAttempt(db, facts, { ...kept, conclusion, detail: { ...kept.detail, ...times } });
  }
  if (known && facts.attempt < known.facts.attempt) return 'older';
  const failed = ended && isFailure(facts.conclusion);
  if (known && facts.attempt === known.facts.attempt && endedBefore) {
    return failed && kept.answer === null ? 'to_judge' : 'known';
  }
  if (known && !ended && facts.attempt === known.facts.attempt && known.state === 'running') return 'known';

  const same = await runStore.sameCommit(db, facts);
  const failedBefore = same.filter(
    ({ runId, attempt, conclusion }) =>
      isFailure(conclusion) && (runId !== facts.id || attempt < facts.attempt),
  );
  const state = stateOf(facts, failedBefore.length > 0);
  const run: KeptRun = {
    facts,
    state,
    finishedAt: ended ? facts.updatedAt : null,
    verdict: known?.verdict ?? null,
    action: known?.action ?? null,
    minutes: known?.minutes ?? 0,
  };
  if (ended && good.has(facts.conclusion ?? '')) {
    for (const { runId, attempt, detail, healed } of failedBefore) {
      if (healed) continue;
      await runStore.setHealed(db, runId, attempt);
      await flakyStore.flipped(db, facts, detail, now);
    }
  }
  const settled = await settleRetries(tx, run, ended, now);
  if (settled && run.action) run.action = { ...run.action, state: settled };
  await runStore.save(db, run);
  if (historic) return failed ? 'to_judge' : 'recorded';
  const told = toCiRun(run, await retryStore.used(db, facts));
  tx.append('ci.run_changed', { actor: 'ci', subject: facts.id, data: { run: told } });
  return failed ? 'to_judge' : 'recorded';
}

/** How earlier attempts' re-runs ended, now that a later attempt is there. */
export async function settleRetries(
  tx: Tx,
  run: KeptRun,
  ended: boolean,
  now: number,
): Promise<'recovered' | 'failed' | null> {
  if (!ended) return null;
  const waiting = (await retryStore.ofRun(tx.db, run.facts.id)).filter(
    ({ state, attempt }) => (state === 'asked' || state === 'waiting') && attempt < run.facts.attempt,
  );
  if (waiting.length === 0) return null;
  const recovered = run.state === 'passed' || run.state === 'flaky';
  const outcome = recovered ? 'recovered' : 'failed';
  const message = recovered
    ? `attempt ${run.facts.attempt} passed`
    : `attempt ${run.facts.attempt} ended with ${run.facts.conclusion ?? 'nothing'}`;
  for (const retry of waiting) {
    const settled: KeptRetry = { ...retry, state: outcome, settled_at: now, message };
    await retryStore.change(tx.db, settled);
  }
  const told = toCiRun(run, await retryStore.used(tx.db, run.facts));
  const data = { run: told, outcome, message } as const;
  tx.append('ci.retry_outcome', { actor: 'ci', subject: run.facts.id, data });
  return outcome;
}
