import type { PortConflict, PortListener, PortProcess, PortService } from '@vigiles/contract';
import type { NamedPort, ServiceFacts } from './named-port.ts';

export interface Named {
  service: PortService;
  conflict: PortConflict | null;
}

/** What is seen of a port; `folderOf` says in which folder a process works, null where that is not to be seen. */
export interface Sight {
  /** null: this system does not tell who listens. */
  listeners: ReadonlyMap<number, PortListener> | null;
  folderOf(pid: number): string | null;
}

type Judged = 'own' | 'foreign' | 'unknown';

const within = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** Whether a process is the one that belongs there. Only what proves it counts: never a program's name. */
function judge(named: NamedPort, facts: ServiceFacts | null, process: PortProcess, sight: Sight): Judged {
  if (facts) {
    if (process.service !== null) return process.service === facts.name ? 'own' : 'foreign';
    // What Vigiles does not start itself can be anybody's, unless its process is known.
    return facts.supervised || facts.pid !== null ? 'foreign' : 'unknown';
  }
  if (named.folder === null) return 'unknown';
  const folder = sight.folderOf(process.pid);
  return folder === null ? 'unknown' : within(named.folder, folder) ? 'own' : 'foreign';
}

const suggestion = (port: number, occupant: PortProcess | null): string => {
  if (!occupant) return `End it as its own user, or take another port`;
  if (occupant.protected !== null)
    return `Take another port, or end it where it belongs: ${occupant.protected}`;
  return `vigiles ports kill ${port}`;
};

/** How one named port stands. */
export function judgeNamed(
  named: NamedPort,
  facts: ServiceFacts | null,
  sight: Sight,
  source: PortService['source'],
): Named {
  const { expiresAt, ...fields } = named;
  const { port } = named;
  const seen = port === null ? undefined : sight.listeners?.get(port);
  const answer = (
    status: PortService['status'],
    pid: number | null,
    conflict: PortConflict | null = null,
  ): Named => ({
    service: { ...fields, expires_at: expiresAt, source, status, pid },
    conflict,
  });
  if (port === null || sight.listeners === null)
    return answer(
      facts?.pid ? 'running' : sight.listeners === null ? 'unknown' : 'stopped',
      facts?.pid ?? null,
    );
  if (!seen) return answer('stopped', null);
  const own = seen.processes.find((process) => judge(named, facts, process, sight) === 'own');
  if (own) return answer('running', own.pid);
  const foreign = seen.processes.find((process) => judge(named, facts, process, sight) === 'foreign') ?? null;
  const hiddenForeign = seen.hidden && seen.processes.length === 0 && facts?.supervised === true;
  if (foreign === null && !hiddenForeign) {
    const [first] = seen.processes;
    const plain = facts === null && named.folder === null && first !== undefined;
    return answer(plain ? 'running' : 'unknown', first?.pid ?? null);
  }
  return answer('port_conflict', null, {
    service_name: named.name,
    service_port: port,
    occupying_process: foreign?.command ?? 'a process of another user',
    occupying_pid: foreign?.pid ?? null,
    suggested_action: suggestion(port, foreign),
  });
}

/** Every named port: the registry's, then services of the configuration that are not in it. */
export function judgeAll(
  names: readonly NamedPort[],
  services: readonly ServiceFacts[],
  sight: Sight,
): Named[] {
  const factsOf = (name: string | null) => services.find((service) => service.name === name) ?? null;
  const registered = new Set(names.map(({ name }) => name));
  return [
    ...names.map((named) => judgeNamed(named, factsOf(named.service), sight, 'registry')),
    ...services
      .filter(({ name, port }) => port !== null && !registered.has(name))
      .map((facts) => {
        const { name, port } = facts;
        const named: NamedPort = {
          name,
          port,
          environment: 'production',
          service: name,
          folder: null,
          owner: null,
          expiresAt: null,
        };
        return judgeNamed(named, facts, sight, 'service');
      }),
  ];
}

/** What a service depends on comes before it; those in a circle come as they are named. */
export function startupOrder(services: readonly ServiceFacts[]): string[] {
  const ordered = new Set<string>();
  const byName = new Map(services.map((service) => [service.name, service]));
  const entered = new Set<string>();
  const visit = (name: string): void => {
    const service = byName.get(name);
    if (!service || entered.has(name)) return;
    entered.add(name);
    for (const each of service.dependsOn) visit(each);
    ordered.add(name);
  };
  for (const { name } of services) visit(name);
  return [...ordered];
}
