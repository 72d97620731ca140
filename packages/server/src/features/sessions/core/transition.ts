import type { CommandState } from '@vigiles/contract';

/** What can happen to a command. `requeue`: whoever had it is gone, and it may be given out again. */
export type CommandStep = 'deliver' | 'requeue' | 'apply' | 'fail' | 'expire' | 'supersede' | 'reject';

const final = {
  deliver: null,
  requeue: null,
  apply: null,
  fail: null,
  expire: null,
  supersede: null,
  reject: null,
} as const;

/** Every pair of state and step; null: it cannot happen. A missing pair does not compile. */
export const commandTransitions: Record<CommandState, Record<CommandStep, CommandState | null>> = {
  queued: {
    deliver: 'delivered',
    requeue: null,
    // What the server carries out itself is never delivered to anybody.
    apply: 'applied',
    fail: 'failed',
    expire: 'expired',
    supersede: 'superseded',
    reject: 'rejected',
  },
  delivered: {
    deliver: null,
    requeue: 'queued',
    apply: 'applied',
    fail: 'failed',
    // Somebody may be carrying it out: its outcome is unknown, which is a failure that says so, not an expiry.
    expire: null,
    supersede: null,
    reject: null,
  },
  applied: final,
  failed: final,
  expired: final,
  superseded: final,
  rejected: final,
};

/** The state after a step, or null when the step cannot happen from here. */
export const nextState = (state: CommandState, step: CommandStep): CommandState | null =>
  commandTransitions[state][step];

/** Whether nothing can happen to it any more. */
export const isFinal = (state: CommandState): boolean => state !== 'queued' && state !== 'delivered';
