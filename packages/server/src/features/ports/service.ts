import type {
  ActionRun,
  PinnedProcess,
  PortCheck,
  PortEnv,
  PortEnvironment,
  PortHealing,
  PortListener,
  PortRegistration,
  PortReservation,
  PortService,
  PortsReport,
} from '@vigiles/contract';
import { fault, raise, type Result } from '../../kernel/fault.ts';
import type { ActionRequest, Requested } from '../actions/index.ts';
import { canBind } from './can-bind.ts';
import { envOf } from './core/env-script.ts';
import type { NamedPort, ServiceFacts } from './core/named-port.ts';
import { judgeAll, startupOrder, type Sight } from './core/report.ts';
import type { PortStore, Refusal } from './store.ts';

export interface PortServiceDeps {
  store: PortStore;
  look(): Promise<Sight>;
  services(): readonly ServiceFacts[];
  request(request: ActionRequest): Promise<Result<Requested>>;
  now(): number;
}

const firstAsked = 9000;
const last = 65_535;
/** Another may take a port between the look and the entry. */
const tries = 50;

const noneFree = (from: number) =>
  raise(fault('conflict', 'no_free_port', `No port from ${from} to ${last} is free.`));

/** Whose a name has to be at the moment it is written. */
type May = (before: NamedPort | null) => boolean;

function accepted(refusal: Refusal | null, { name, port }: { name: string; port?: number | null }): void {
  if (refusal === 'taken')
    raise(
      fault('conflict', 'port_reserved', `Port ${port ?? '?'} belongs to another name; choose another one.`),
    );
  if (refusal === 'full')
    raise(fault('conflict', 'too_many_ports', 'There are too many named ports; release some.'));
  if (refusal === 'unknown')
    raise(fault('not-found', 'unknown_port_name', `There is no named port “${name}”.`));
}

/** Named ports, who listens on them, and what is done about it. */
export function createPortService({ store, look, services, request, now }: PortServiceDeps) {
  async function all() {
    const [names, sight] = await Promise.all([store.list(), look()]);
    return { names, sight, judged: judgeAll(names, services(), sight) };
  }

  async function named(name: string): Promise<PortService> {
    const found = (await all()).judged.find(({ service }) => service.name === name);
    return (
      found?.service ?? raise(fault('not-found', 'unknown_port_name', `There is no named port “${name}”.`))
    );
  }

  /** The first ports from there on that nobody has, nobody is promised, and that can really be listened on. */
  async function free(from: number, count: number, but?: string): Promise<number[]> {
    const { names, sight } = await all();
    const taken = new Set([
      ...names.flatMap(({ name, port }) => (port === null || name === but ? [] : [port])),
      ...services().flatMap(({ port }) => (port === null ? [] : [port])),
    ]);
    const found: number[] = [];
    for (let port = from; port <= last && found.length < count; port += 1)
      if (!taken.has(port) && !sight.listeners?.has(port) && (await canBind(port))) found.push(port);
    return found;
  }

  /** Enters a name with the first free port; the next one where somebody was quicker. */
  async function allot(
    wanted: Omit<NamedPort, 'port'>,
    from: number,
    change: 'reserved' | 'reassigned',
    actor: string,
    may: May,
  ): Promise<Refusal | null> {
    let next = from;
    for (let at = 0; at < tries; at += 1) {
      const [port] = await free(next, 1);
      if (port === undefined) noneFree(from);
      else {
        const refusal = await store.put({ ...wanted, port }, change, actor, may);
        if (refusal !== 'taken') return refusal;
        next = port + 1;
      }
    }
    return noneFree(from);
  }

  /** Somebody else may have been quicker with the name. */
  async function settled(refusal: Refusal | null, named: { name: string; port?: number | null }) {
    if (refusal !== 'owned') return accepted(refusal, named);
    const now = (await store.list()).find(({ name }) => name === named.name);
    return now ? ownedBy(now) : accepted('unknown', named);
  }

  async function reserve(reservation: PortReservation, actor: string): Promise<PortService> {
    const { from, ttl_s: ttl, ...wanted } = reservation;
    const before = (await store.list()).find(({ name }) => name === wanted.name);
    if (before && before.owner !== wanted.owner) ownedBy(before);
    const entry = { ...wanted, service: null, expiresAt: now() + ttl * 1000 };
    const unchanged: May = (found) => (found === null ? !before : found.owner === before?.owner);
    const refusal = before?.port
      ? await store.put({ ...entry, port: before.port }, 'reserved', actor, unchanged)
      : await allot(entry, from, 'reserved', actor, unchanged);
    if (refusal === 'owned') return reserve(reservation, actor);
    accepted(refusal, wanted);
    return named(wanted.name);
  }

  async function kill(
    port: number,
    actor: string,
    reason: string,
    processes?: readonly PinnedProcess[],
  ): Promise<ActionRun> {
    const seen = (await look()).listeners?.get(port);
    const pinned = processes ?? (seen?.processes ?? []).map(({ pid, start_time }) => ({ pid, start_time }));
    if (pinned.length === 0) {
      const message = seen?.hidden
        ? `A process of another user listens on port ${port}; Vigiles may not end it.`
        : `Nothing listens on port ${port}, as far as can be seen.`;
      raise(fault('not-found', 'port_not_held', message));
    }
    const asked = await request({
      action: 'free_port',
      target: `port:${port}`,
      params: { processes: pinned },
      actor,
      reason,
      // Who names the processes has seen whom it hits; who only names the port is asked first.
      confirmed: processes !== undefined,
    });
    return asked.ok ? asked.value.run : raise(asked.fault);
  }

  async function portOf(name: string): Promise<number> {
    return (await named(name)).port ?? raise(fault('conflict', 'port_not_set', `“${name}” has no port.`));
  }

  /** Whether something may be started on a port, or on that of a name. */
  async function check(wanted: { port?: number | undefined; name?: string | undefined }): Promise<PortCheck> {
    const { names, sight } = await all();
    const port = wanted.port ?? (await portOf(wanted.name ?? ''));
    const holder = names.find((one) => one.port === port);
    const service = services().find((one) => one.port === port);
    const seen = sight.listeners?.get(port);
    const other = holder && holder.name !== wanted.name ? holder.name : null;
    const reserved =
      other ??
      (service && service.name !== wanted.name && service.name !== holder?.service ? service.name : null);
    const [first] = seen?.processes ?? [];
    const reason = seen
      ? `${first ? `process ${first.pid} (${first.command})` : 'a process of another user'} listens on it`
      : reserved !== null
        ? `it belongs to ${reserved}`
        : (await canBind(port))
          ? null
          : 'it cannot be listened on';
    return {
      port,
      free: reason === null,
      reason,
      reserved_as: holder?.name ?? service?.name ?? null,
      processes: seen?.processes ?? [],
    };
  }

  return {
    async report(): Promise<PortsReport> {
      const { judged } = await all();
      const order = startupOrder(services());
      return {
        timestamp: now(),
        services: judged.map(({ service }) => service),
        conflicts: judged.flatMap(({ conflict }) => conflict ?? []),
        startup_order: order,
        shutdown_order: order.toReversed(),
      };
    },
    named,
    async listeners(): Promise<PortListener[]> {
      const { listeners } = await look();
      return listeners
        ? [...listeners.values()]
        : raise(
            fault('unavailable', 'listeners_unknown', 'This system does not tell who listens on its ports.'),
          );
    },
    async available(from = firstAsked, count = 1): Promise<{ port: number; ports: number[] }> {
      const ports = await free(from, count);
      return { port: ports[0] ?? noneFree(from), ports };
    },
    check,
    async register(wanted: PortRegistration, actor: string): Promise<PortService> {
      const before = (await store.list()).find(({ name }) => name === wanted.name);
      if (before?.owner) ownedBy(before);
      const service = services().find(
        ({ name, port }) => port !== null && port === wanted.port && name !== wanted.service,
      );
      if (service && service.name !== wanted.name) accepted('taken', wanted);
      const free: May = (now) => !now?.owner;
      const entry = { ...wanted, owner: null, expiresAt: null };
      await settled(await store.put(entry, 'registered', actor, free), wanted);
      return named(wanted.name);
    },
    reserve,
    /** Gives a name another port: the one asked for, or the next free one after its own. */
    async reassign(name: string, port: number | undefined, actor: string): Promise<PortService> {
      const before = (await store.list()).find((one) => one.name === name);
      if (!before) return accepted('unknown', { name }) as never;
      const same: May = (now) => now !== null && now.owner === before.owner;
      if (port === undefined)
        await settled(
          await allot(before, (before.port ?? firstAsked - 1) + 1, 'reassigned', actor, same),
          before,
        );
      else {
        const [found] = await free(port, 1, name);
        if (found !== port) {
          const { reason } = await check({ port, name });
          raise(fault('conflict', 'port_in_use', `Port ${port} is not free: ${reason ?? 'it is taken'}.`));
        }
        await settled(await store.put({ ...before, port }, 'reassigned', actor, same), { name, port });
      }
      return named(name);
    },
    async unregister(name: string, actor: string): Promise<void> {
      accepted(await store.remove(name, actor), { name });
    },
    async env(environment?: PortEnvironment): Promise<PortEnv> {
      const { judged } = await all();
      return envOf(
        judged
          .map(({ service }) => service)
          .filter((one) => environment === undefined || one.environment === environment),
      );
    },
    kill,
    killNamed: async (name: string, actor: string, reason: string, processes?: readonly PinnedProcess[]) =>
      kill(await portOf(name), actor, reason, processes),
    /** Ends what earlier instances of our own services left on their ports; what is not proven to be ours stays, and is told. */
    async heal(actor: string): Promise<PortHealing> {
      const { judged } = await all();
      const ours = services().filter(({ supervised }) => supervised);
      const hit = new Set(
        judged.flatMap(({ service, conflict }) => (conflict ? (service.service ?? []) : [])),
      );
      const runs: ActionRun[] = [];
      for (const { name } of ours.filter((one) => hit.has(one.name))) {
        const asked = await request({
          action: 'kill_stale_processes',
          target: name,
          actor,
          reason: 'something is left on its port',
        });
        if (asked.ok) runs.push(await asked.value.done);
      }
      const after = await all();
      return { runs, conflicts: after.judged.flatMap(({ conflict }) => conflict ?? []) };
    },
  };

  function ownedBy({ name, owner }: NamedPort): never {
    const whose = owner === null ? 'is registered' : `is reserved for ${owner}`;
    return raise(
      fault('conflict', 'port_name_taken', `“${name}” ${whose}; release it first, or choose another name.`),
    );
  }
}

export type Ports = ReturnType<typeof createPortService>;
