import { isAlive, killTree } from '../../../../platform/process/index.ts';
import { ancestorsOf, straysOf } from './strays.ts';

/** What became of processes whose agent is gone. As a HALT tells of it. */
export interface LeftoverReport {
  /** None of them runs any more. */
  child_tree_gone: boolean;
  processes_seen: number;
  /** Pids that are still there. */
  processes_left: number[];
}

/** How long they may take to leave by themselves. */
const LEAVE_MS = 2000;
/** What is started while the others are being ended is found in the next round. */
const ROUNDS = 3;

/** Ends what a session's agent left running when it died: processes that carry its mark and that nobody is the parent of. */
export async function endLeftovers(sessionId: string): Promise<LeftoverReport> {
  const find = () => straysOf(sessionId, ancestorsOf(process.pid));
  const seen = new Set<number>();
  let left = find();
  for (let round = 0; round < ROUNDS && left.length > 0; round += 1) {
    for (const { pid } of left) seen.add(pid);
    const [first, ...also] = left;
    if (first) await killTree(first, { termTimeoutMs: LEAVE_MS, also });
    left = [...left.filter(isAlive), ...find()];
  }
  const pids = [...new Set(left.map(({ pid }) => pid))];
  return { child_tree_gone: pids.length === 0, processes_seen: seen.size, processes_left: pids };
}
