import { setTimeout as delay } from 'node:timers/promises';
import {
  identityKey,
  isAlive,
  listProcesses,
  processTree,
  sendSignal,
  type ProcessIdentity,
} from '../../../../platform/process/index.ts';
import { ancestorsOf, straysOf } from './strays.ts';

/** What became of the processes that an agent had started. */
export interface ReapReport {
  /** None of them runs any more. */
  gone: boolean;
  /** How many there were, and how many had to be told to leave, or be killed. */
  seen: number;
  terminated: number;
  killed: number;
  /** Pids that are still there. */
  left: number[];
}

/** The processes an agent starts for its turns, apart from those it consists of itself. */
export interface Offspring {
  /** What runs now belongs to the agent itself: its launcher, its tool servers. */
  settle(): void;
  /** What it started since, also what moved to a session of its own. */
  now(): ProcessIdentity[];
  /** Waits until all of it is gone; what does not leave by itself within `graceMs` is ended. */
  reap(graceMs: number): Promise<ReapReport>;
}

/** How long a process may take to leave after SIGTERM, and after SIGKILL. */
const TERM_MS = 500;
const KILL_MS = 2000;

export function createOffspring(agent: ProcessIdentity, sessionId: string): Offspring {
  let own = new Set([identityKey(agent)]);
  // Found once, watched until it is gone: a process whose parent dies is no descendant any more.
  let known = new Map<string, ProcessIdentity>();

  const heirs = ancestorsOf(agent.pid);

  const members = (): ProcessIdentity[] => {
    const rows = listProcesses();
    return [...processTree(agent, rows), ...straysOf(sessionId, heirs, rows)];
  };
  const look = (): ProcessIdentity[] => {
    for (const member of members()) {
      const key = identityKey(member);
      if (!own.has(key)) known.set(key, member);
    }
    const living = [...known.values()].filter(isAlive);
    known = new Map(living.map((one) => [identityKey(one), one]));
    return living;
  };
  return {
    settle() {
      own = new Set([agent, ...members()].map(identityKey));
      known = new Map();
    },
    now: look,
    async reap(graceMs) {
      const seen = new Set<string>();
      const living = () => {
        const found = look();
        for (const one of found) seen.add(identityKey(one));
        return found;
      };
      const waitGone = async (ms: number): Promise<boolean> => {
        const until = performance.now() + ms;
        // The whole table is read only when those that are known are gone: others may have come meanwhile.
        while ([...known.values()].some(isAlive) || living().length > 0) {
          if (performance.now() > until) return false;
          await delay(15);
        }
        return true;
      };
      let terminated = 0;
      let killed = 0;
      if (!(await waitGone(graceMs))) {
        for (const one of living()) if (sendSignal(one, 'SIGTERM') === 'sent') terminated += 1;
        if (!(await waitGone(TERM_MS))) {
          for (const one of living()) if (sendSignal(one, 'SIGKILL') === 'sent') killed += 1;
          await waitGone(KILL_MS);
        }
      }
      const left = living().map(({ pid }) => pid);
      return { gone: left.length === 0, seen: seen.size, terminated, killed, left };
    },
  };
}
