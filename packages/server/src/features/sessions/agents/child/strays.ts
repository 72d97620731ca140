import {
  identify,
  listProcesses,
  processTree,
  readEnvironment,
  type ProcessIdentity,
  type ProcessRow,
} from '../../../../platform/process/index.ts';

/** The variable every child of an agent inherits: it tells whose a process is that left the tree. */
export const sessionMark = 'VIGILES_SESSION_ID';

/** Pids from the parent of this process up to the first one. */
export function ancestorsOf(pid: number, rows: readonly ProcessRow[] = listProcesses()): Set<number> {
  const parents = new Map(rows.map((row) => [row.pid, row.parent]));
  const found = new Set([1]);
  for (let at = parents.get(pid); at !== undefined && at > 0 && !found.has(at); at = parents.get(at))
    found.add(at);
  return found;
}

/**
 * Processes of a session whose parent is gone, with all that they started. The system hands them to init, or to an ancestor that asked for them
 * (`PR_SET_CHILD_SUBREAPER`, as a user's systemd does): nowhere else are they looked for.
 * @param heirs who may have got them
 */
export function straysOf(
  sessionId: string,
  heirs: ReadonlySet<number>,
  rows: readonly ProcessRow[] = listProcesses(),
): ProcessIdentity[] {
  return rows.flatMap(({ pid, parent }) => {
    // Our own children are agents: each is ended by its own identity.
    if (!heirs.has(parent) || parent === process.pid || pid === process.pid) return [];
    const identity = identify(pid);
    return identity && readEnvironment(pid)?.get(sessionMark) === sessionId
      ? processTree(identity, rows)
      : [];
  });
}
