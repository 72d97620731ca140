import { setTimeout as delay } from 'node:timers/promises';
import { identityKey, isAlive, type ProcessIdentity } from './identity.ts';
import { processTree } from './process-tree.ts';
import { readProcStat } from './proc-stat.ts';
import { sendSignal } from './send-signal.ts';

export interface KillOptions {
  /** How long the tree may take to leave by itself after SIGTERM. 0: SIGKILL at once. */
  termTimeoutMs: number;
  /** How long to wait for SIGKILL to take effect; 2 s unless said otherwise. */
  killTimeoutMs?: number;
  /** Further processes known to be ours: those that moved to a session of their own. */
  also?: readonly ProcessIdentity[];
}

export interface KillReport {
  /** Nothing of the tree runs any more. */
  gone: boolean;
  /** How many processes were told to leave, and how many had to be killed. */
  terminated: number;
  killed: number;
  /** Pids that are still there: not ours to signal, or stuck in the kernel. */
  left: number[];
}

/** Between two looks at processes that are known. */
const pollMs = 10;

/** Between two looks at all processes, at most. */
const longestPauseMs = 160;

const isFrozen = (identity: ProcessIdentity) => /^[Tt]$/.test(readProcStat(identity.pid)?.state ?? '');

/**
 * Ends a service with everything it started: SIGTERM to each member, time to leave, SIGKILL to what is left,
 * also to members that appeared meanwhile. Members are signalled one by one, each after its identity was
 * checked again: a group signal could reach a group that is not ours any more.
 */
export async function killTree(leader: ProcessIdentity, options: KillOptions): Promise<KillReport> {
  const known = new Map<string, ProcessIdentity>();
  const living = () => {
    for (const member of [...processTree(leader), ...(options.also ?? [])]) {
      known.set(identityKey(member), member);
      // Children that left the group are still found as long as we know one parent of theirs.
    }
    return [...known.values()].filter(isAlive);
  };
  /**
   * Looks through all processes less and less often, as that takes longer the more run here; at those that are known it looks
   * all the time.
   */
  const waitGone = async (ms: number, giveUp: (left: readonly ProcessIdentity[]) => boolean) => {
    const until = performance.now() + ms;
    for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const left = living();
      if (left.length === 0 || performance.now() >= until || giveUp(left)) return;
      const lookAgain = Math.min(performance.now() + pauseMs, until);
      do await delay(pollMs);
      while (performance.now() < lookAgain && left.every(isAlive));
    }
  };

  let terminated = 0;
  let killed = 0;
  const first = living();
  if (options.termTimeoutMs > 0) {
    for (const member of first) if (sendSignal(member, 'SIGTERM') === 'sent') terminated += 1;
    // A stopped process cannot handle SIGTERM: waiting for it would only lengthen the outage.
    await waitGone(options.termTimeoutMs, (left) => left.every(isFrozen));
  }
  for (const member of living()) if (sendSignal(member, 'SIGKILL') === 'sent') killed += 1;
  await waitGone(options.killTimeoutMs ?? 2000, (left) => {
    for (const member of left) sendSignal(member, 'SIGKILL');
    return false;
  });
  const left = living().map((member) => member.pid);
  return { gone: left.length === 0, terminated, killed, left };
}
