import { setTimeout as delay } from 'node:timers/promises';
import { toFault } from '../../kernel/fault.ts';
import type { ActionContext, ActionDefinition } from './define-action.ts';
import type { Ending, LiveRun } from './live-run.ts';

/** How long an aborted action may take to stop before we say that it cannot. */
export const stopGraceMs = 3000;

/** How often a success that has to last is looked at. */
const steadyEveryMs = 250;

type Done = { how: 'ended' } | { how: 'failed'; message: string } | { how: 'aborted' };

/** What the runner does at the steps of a run. */
export interface Stages {
  verifying(): Promise<void>;
  /** It worked: from here on others may act on the same target. @param forMs how long it has to last */
  settling(forMs: number): Promise<void>;
  /** Keeps a snapshot so that it outlives this process. */
  keep(snapshot: unknown): Promise<void>;
  stableMs: number;
  /** After which the run is stopped. */
  limitMs: number;
}

/** Something that is given up when the signal is aborted and the grace has passed. */
async function settle(work: Promise<unknown>, signal: AbortSignal): Promise<Done> {
  const ended: Promise<Done> = work.then(
    () => ({ how: 'ended' }) as const,
    (thrown: unknown) => ({ how: 'failed', message: messageOf(thrown) }) as const,
  );
  const aborted = new Promise<Done>((resolve) => {
    const giveUp = () =>
      void delay(stopGraceMs, undefined, { ref: false }).then(() => resolve({ how: 'aborted' }));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([ended, aborted]);
}

function messageOf(thrown: unknown): string {
  const fault = toFault(thrown);
  if (fault.code !== 'internal_error') return fault.message;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Snapshot, perform, verify, watch that it lasts, and roll back what did not help. Never throws. */
export async function performRun(
  live: LiveRun,
  context: ActionContext<never>,
  stages: Stages,
): Promise<Ending> {
  const { definition } = live;
  const signal = context.signal;
  const stopped = (): Ending | null => {
    if (live.cancelledBy !== null) {
      return { outcome: 'cancelled', message: `cancelled by ${live.cancelledBy} while it ran` };
    }
    if (!signal.aborted) return null;
    return { outcome: 'timed_out', message: `not done within ${stages.limitMs / 1000} s` };
  };

  let snapshot: { value: unknown } | null = null;
  if (definition.snapshot) {
    try {
      const value = await definition.snapshot(context);
      if (value !== null) {
        await stages.keep(value);
        snapshot = { value };
      }
    } catch (thrown) {
      return { outcome: 'not_fixed', message: `not begun, no snapshot: ${messageOf(thrown)}` };
    }
  }
  const undone = async (seen: Ending): Promise<Ending> =>
    snapshot ? rollBack(definition, context, snapshot.value, seen) : seen;

  const early = stopped();
  if (early) return early;
  live.working = definition.perform(context);
  const performed = await settle(live.working, signal);
  const halted = stopped();
  if (halted) {
    if (performed.how !== 'aborted') return undone(halted);
    live.stuck = true;
    return {
      ...halted,
      message: `${halted.message}; it could not be stopped within ${stopGraceMs / 1000} s`,
    };
  }
  if (performed.how === 'failed') return undone({ outcome: 'not_fixed', message: performed.message });

  await stages.verifying();
  const seen = await verifyRun(live, context);
  if (seen.outcome === 'not_fixed') return undone(seen);
  if (seen.outcome !== 'fixed' || !definition.steady || stages.stableMs <= 0) return seen;
  await stages.settling(stages.stableMs);
  const lasting = await watchSteady(live, context, stages.stableMs);
  return lasting.outcome === 'not_fixed' ? undone(lasting) : lasting;
}

/** Watches a success for as long as it has to last. */
async function watchSteady(live: LiveRun, context: ActionContext<never>, forMs: number): Promise<Ending> {
  const seconds = Math.round(forMs / 100) / 10;
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const left = Math.max(1, Math.min(steadyEveryMs, until - performance.now()));
    await delay(left, undefined, { signal: context.signal, ref: false }).catch(() => undefined);
    if (live.overtaken) {
      return { outcome: 'unknown', message: 'another action took over before it was seen to last' };
    }
    if (context.signal.aborted) {
      return { outcome: 'cancelled', message: `cancelled by ${live.cancelledBy} while it was verified` };
    }
    const steady = await Promise.resolve(live.definition.steady?.(context)).catch(() => false);
    if (live.overtaken) continue;
    if (!steady) return { outcome: 'not_fixed', message: `it worked, but not for ${seconds} s` };
  }
  return { outcome: 'fixed', message: `verified, and steady for ${seconds} s` };
}

/** Undoes a run. It is only said to be undone where the look afterwards says so. */
export async function rollBack(
  definition: ActionDefinition,
  context: ActionContext<never>,
  snapshot: unknown,
  seen: Ending,
): Promise<Ending> {
  if (!definition.rollback) return seen;
  // Its own signal: what was cancelled or took too long must still be put back.
  const signal = AbortSignal.timeout(Math.max(stopGraceMs, definition.timeoutMs));
  const calm = { ...context, signal };
  const undone = await settle(definition.rollback(calm, snapshot), signal);
  if (undone.how === 'failed')
    return { ...seen, message: `${seen.message}; undoing it failed: ${undone.message}` };
  if (undone.how === 'aborted') return { ...seen, message: `${seen.message}; undoing it took too long` };
  let restored = true;
  if (definition.restored) {
    restored = await Promise.resolve(definition.restored(calm, snapshot)).catch(() => false);
  }
  if (!restored)
    return { ...seen, message: `${seen.message}; it was undone, but not everything is as it was` };
  const outcome = seen.outcome === 'not_fixed' ? 'rolled_back' : seen.outcome;
  return { outcome, message: `${seen.message}; it was undone` };
}

/** Looks whether it helped. Also all that is done for a run that a restart of control interrupted. */
export async function verifyRun(live: LiveRun, context: ActionContext<never>): Promise<Ending> {
  let outcome: Ending['outcome'] = 'unknown';
  const looked = await settle(
    live.definition.verify(context).then((seen) => {
      outcome = seen;
    }),
    context.signal,
  );
  if (live.cancelledBy !== null) {
    return { outcome: 'cancelled', message: `cancelled by ${live.cancelledBy} while it was verified` };
  }
  if (looked.how === 'failed')
    return { outcome: 'unknown', message: `verification failed: ${looked.message}` };
  if (looked.how === 'aborted') return { outcome: 'unknown', message: 'verification took too long' };
  const messages = { fixed: 'verified', not_fixed: 'it did not help', unknown: 'nothing to verify' } as const;
  return { outcome, message: messages[outcome as keyof typeof messages] ?? '' };
}
