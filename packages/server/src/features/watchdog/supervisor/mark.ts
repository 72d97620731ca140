import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { StaleProcess } from '../../actions/index.ts';
import {
  hasProc,
  identify,
  listProcesses,
  processTree,
  readEnvironment,
  readProcess,
  startedBefore,
  type ProcessIdentity,
} from '../../../platform/process/index.ts';

/** Names of the environment variables that every process we start carries, and hands to its children. */
const homeMark = 'VIGILES_HOME_MARK';
const serviceMark = 'VIGILES_SERVICE';

/** The home folder as a short name: two installations on one machine must not end each other's processes. */
const markOf = (home: string): string =>
  createHash('sha256').update(resolve(home)).digest('hex').slice(0, 24);

/** The mark of a service of this home. It is no secret: it only says whose a process is. */
export const marks = (home: string, service: string): Record<string, string> => ({
  [homeMark]: markOf(home),
  [serviceMark]: service,
});

/**
 * Processes that carry the mark of this service and are older than the instance that runs now: what earlier
 * instances left behind, for instance an orphaned grandchild that still holds the port. Younger ones may be its own,
 * also where they took leave of it or were started while this looks. Without /proc, only the process group of `last` is known.
 */
export function findStaleProcesses(
  home: string,
  service: string,
  current: ProcessIdentity | null,
  last: ProcessIdentity | null,
): StaleProcess[] {
  if (!hasProc) {
    if (current || !last) return [];
    return processTree(last).map((identity) => describe(identity, `in the process group of ${last.pid}`));
  }
  const wanted = markOf(home);
  return listProcesses().flatMap(({ pid }) => {
    if (pid === process.pid) return [];
    const before = identify(pid);
    if (!before || (current && !startedBefore(before, current))) return [];
    const environment = readEnvironment(pid);
    if (!environment || environment.get(homeMark) !== wanted || environment.get(serviceMark) !== service)
      return [];
    return [describe(before, `it carries the mark of ${service}`)];
  });
}

const describe = (identity: ProcessIdentity, proof: string): StaleProcess => ({
  identity,
  commandLine: readProcess(identity.pid)?.commandLine ?? '',
  proof,
});
