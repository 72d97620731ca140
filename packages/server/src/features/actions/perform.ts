import { setTimeout as delay } from 'node:timers/promises';
import { toFault } from '../../kernel/fault.ts';
import type { ActionContext } from './define-action.ts';
import type { Ending, LiveRun } from './live-run.ts';

/** How long an aborted action may take to stop before we say that it cannot. */
export const stopGraceMs = 3000;

type Done = { how: 'ended' } | { how: 'failed'; message: string } | { how: 'aborted' };

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

/** Snapshot, perform, verify, and roll back what did not help. Never throws. */
export async function performRun(
  live: LiveRun,
  context: ActionContext<never>,
  verifying: () => Promise<void>,
): Promise<Ending> {
  const { definition } = live;
  const signal = context.signal;
  const stopped = (): Ending | null => {
    if (live.cancelledBy !== null) {
      return { outcome: 'cancelled', message: `cancelled by ${live.cancelledBy} while it ran` };
    }
    if (!signal.aborted) return null;
    return { outcome: 'timed_out', message: `not done within ${definition.timeoutMs / 1000} s` };
  };

  let snapshot: { value: unknown } | null = null;
  if (definition.snapshot) {
    try {
      snapshot = { value: await definition.snapshot(context) };
    } catch (thrown) {
      return { outcome: 'not_fixed', message: `not begun, no snapshot: ${messageOf(thrown)}` };
    }
  }
  const early = stopped();
  if (early) return early;
  live.working = definition.perform(context);
  const performed = await settle(live.working, signal);
  const halted = stopped();
  if (halted) {
    if (performed.how !== 'aborted') return halted;
    live.stuck = true;
    return {
      ...halted,
      message: `${halted.message}; it could not be stopped within ${stopGraceMs / 1000} s`,
    };
  }
  if (performed.how === 'failed') return { outcome: 'not_fixed', message: performed.message };

  await verifying();
  const seen = await verifyRun(live, context);
  if (seen.outcome !== 'not_fixed' || !snapshot || !definition.rollback) return seen;
  const undone = await settle(definition.rollback(context, snapshot.value), signal);
  if (undone.how !== 'ended') return { outcome: 'not_fixed', message: `${seen.message}; undoing it failed` };
  return { outcome: 'rolled_back', message: `${seen.message}; it was undone` };
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
