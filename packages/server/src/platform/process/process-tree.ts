import { identify, sameProcess, type ProcessIdentity } from './identity.ts';
import { listProcesses, type ProcessRow } from './process-list.ts';

/**
 * A started service and everything it left behind: its descendants, and members of the process group and
 * session it leads, also when their parent died and they were handed to init.
 *
 * The leader may be dead already. Its group is still safely ours as long as it has members: the system does
 * not give a pid to a new process while it is in use as a group id. But once another process HAS that pid, the
 * group is not ours any more, and only the identity would be: then nothing is returned.
 * @returns identities, the leader last (children first), each read now
 */
export function processTree(
  leader: ProcessIdentity,
  rows: readonly ProcessRow[] = listProcesses(),
): ProcessIdentity[] {
  const now = identify(leader.pid);
  if (now && !sameProcess(now, leader)) return [];
  const members = new Set<number>([leader.pid]);
  for (const row of rows) {
    if (row.group === leader.pid || row.session === leader.pid) members.add(row.pid);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const row of rows) {
      if (!members.has(row.pid) && members.has(row.parent)) {
        members.add(row.pid);
        grew = true;
      }
    }
  }
  members.delete(process.pid);
  return [...members]
    .sort((a, b) => Number(a === leader.pid) - Number(b === leader.pid))
    .flatMap((pid) => identify(pid) ?? []);
}
