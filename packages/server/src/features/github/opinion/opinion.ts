import { setTimeout as delay } from 'node:timers/promises';
import type { GithubConfig } from '@vigiles/contract';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { Questions } from '../../watchdog/index.ts';
import { createCiTransaction } from '../ci-transaction.ts';
import { opinionPrompt } from '../core/opinion-prompt.ts';
import { readOpinion, type ReadOpinion } from '../core/read-opinion.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { retryStore } from '../heal/retry-store.ts';
import type { Judged } from '../runs/judge-attempt.ts';
import { runStore, toCiRun } from '../runs/run-store.ts';

/** Whom models are asked through. */
export interface Asking {
  questions: Pick<Questions, 'ask'>;
  /** The model where `github.opinion` names none. */
  defaultModel(): string | undefined;
}

export interface OpinionDeps {
  store: Store;
  events: EventLog;
  newId: NewId;
  log: Log;
  config(): GithubConfig;
  /** null: no model can be asked here. */
  asking: Asking | null;
  clean(text: string): string;
}

/** More do not wait: a storm of failures is no reason to ask for hours. */
const mostWaiting = 20;

/** The pace is waited for, the limits of the day and the month are not. */
const longestPaceMs = 60_000;
const mostTries = 5;

const none = (note: string): ReadOpinion => ({ opinion: null, note });

/**
 * A model's opinion of failures that the rules are not sure of. It is asked after it was decided what to do, and what it says
 * is written beside the verdict and nowhere else: nothing that decides reads it.
 */
export function createOpinion({ store, events, newId, log, config, asking, clean }: OpinionDeps) {
  const transaction = createCiTransaction(store, events);
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();
  let last: Promise<void> = Promise.resolve();

  async function ask(run: RunFacts, { verdict, jobs }: Judged): Promise<ReadOpinion> {
    if (signal.aborted) return none('Vigiles was stopped');
    const model = config().opinion.model ?? asking?.defaultModel();
    if (!asking || model === undefined) return none('No model is named that could be asked');
    const prompt = opinionPrompt(run, verdict, jobs, newId('q').slice(2), clean);
    for (let tried = 1; ; tried += 1) {
      const got = await asking.questions.ask({ id: newId('opn'), model, ...prompt, signal });
      if (got.outcome === 'answered') return readOpinion(got.text, clean);
      const waitMs = got.asked ? null : got.retryInMs;
      if (waitMs === null || waitMs > longestPaceMs || tried >= mostTries) return none(got.reason);
      await delay(waitMs + 1, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return none('Vigiles was stopped');
    }
  }

  async function write({ id, attempt }: RunFacts, { opinion, note: said }: ReadOpinion): Promise<void> {
    const note = said === null ? null : clean(said).slice(0, 300);
    await transaction(async (tx) => {
      const kept = await runStore.attempt(tx.db, id, attempt);
      const run = await runStore.get(tx.db, id);
      if (!kept || !run) return;
      const detail = { ...kept.detail, opinion, opinion_note: note };
      await runStore.saveAttempt(tx.db, run.facts, { ...kept, detail });
      const told = toCiRun(run, await retryStore.used(tx.db, run.facts));
      tx.append('ci.opinion_given', {
        actor: 'ci',
        subject: id,
        data: { run: told, attempt, opinion, note },
      });
    });
  }

  return {
    /** Asks behind whoever calls, one question at a time. */
    consider(run: RunFacts, judged: Judged): void {
      const { enabled, below_confidence } = config().opinion;
      const { kind, confidence } = judged.verdict;
      if (!enabled || kind === 'cancelled' || (kind !== 'unknown' && confidence >= below_confidence)) return;
      const full = underWay.size >= mostWaiting;
      const before = last;
      const work = async () => {
        if (full) return write(run, none('Too many questions wait'));
        await before;
        await write(run, await ask(run, judged));
      };
      const done = work()
        .catch((thrown: unknown) => log.warn({ err: thrown, run: run.id }, 'An opinion could not be kept'))
        .finally(() => underWay.delete(done));
      underWay.add(done);
      if (!full) last = done;
    },
    /** What waits is noted as not asked. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}
