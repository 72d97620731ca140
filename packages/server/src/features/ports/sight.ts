import type { PortListener, PortProcess } from '@vigiles/contract';
import {
  ancestors,
  isContainerProxy,
  listListeners,
  type ListeningProcess,
} from '../../platform/process/index.ts';
import { redactText, type PortLook, type PortTargets } from '../actions/index.ts';
import type { ServiceFacts } from './core/named-port.ts';
import type { Sight } from './core/report.ts';

const commandLength = 200;

/** The service whose running instance the process is, or is below. */
function serviceOf(pid: number, services: readonly ServiceFacts[]): string | null {
  const running = services.filter((service) => service.pid !== null);
  if (running.length === 0) return null;
  const line = new Set([pid, ...ancestors(pid)]);
  return running.find((service) => service.pid !== null && line.has(service.pid))?.name ?? null;
}

/** @param own this process and those above it */
function protection(
  process_: ListeningProcess,
  service: ServiceFacts | undefined,
  own: ReadonlySet<number>,
): string | null {
  const { pid } = process_.identity;
  if (own.has(pid)) return 'Vigiles itself runs in it';
  if (service?.name === 'gateway') return 'it is the gateway of Vigiles';
  if (service?.supervised) return `it is the running ${service.name}; vigiles stop ${service.name} ends it`;
  if (isContainerProxy(process_.name))
    return 'it passes the port on into a container; docker stop ends that container';
  if (pid === 1) return 'it is the first process of the system';
  return null;
}

/** Looks who listens now; whatever is said about a process is read at this moment. */
export function createSight(services: () => readonly ServiceFacts[]) {
  function toProcess(
    found: ListeningProcess,
    facts: readonly ServiceFacts[],
    own: ReadonlySet<number>,
  ): PortProcess {
    const { pid, startTime } = found.identity;
    const name = serviceOf(pid, facts);
    return {
      pid,
      start_time: startTime,
      name: found.name,
      command: redactText(found.commandLine).slice(0, commandLength),
      service: name,
      protected: protection(
        found,
        facts.find((one) => one.name === name),
        own,
      ),
    };
  }

  async function look(): Promise<Sight> {
    const found = await listListeners();
    if (!found) return { listeners: null, folderOf: () => null };
    const facts = services();
    // Read once for all who listen, not for each.
    const own = new Set([process.pid, ...ancestors(process.pid)]);
    const folders = new Map<number, string | null>();
    const listeners = new Map<number, PortListener>();
    for (const { port, addresses, processes, hidden } of found) {
      for (const { identity, folder } of processes) folders.set(identity.pid, folder);
      const seen = processes.map((each) => toProcess(each, facts, own));
      listeners.set(port, { port, addresses, processes: seen, hidden });
    }
    return { listeners, folderOf: (pid) => folders.get(pid) ?? null };
  }

  const targets: PortTargets = {
    async look(port): Promise<PortLook | null> {
      const { listeners } = await look();
      if (!listeners) return null;
      const seen = listeners.get(port);
      const holders = (seen?.processes ?? []).map(({ pid, start_time, command, protected: why }) => ({
        identity: { pid, startTime: start_time },
        command,
        protected: why,
      }));
      return { holders, hidden: seen?.hidden ?? false };
    },
  };
  return { look, targets };
}
