import { setTimeout as delay } from 'node:timers/promises';
import type { CheckSeen, RiskClass, ServiceConfig, ServiceState } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import {
  identityKey,
  isPortBound,
  portHolders,
  readProcess,
  type ExitInfo,
  type ProcessIdentity,
  type ProcessInfo,
  type SelfWatch,
} from '../../platform/process/index.ts';
import type { Beats } from './beats/beats.ts';
import type { CheckFigures } from './check-figures.ts';
import { definitionOf, openProbe, type Probe } from './checks/look.ts';
import { seenIn } from './checks/seen.ts';
import type { CheckKit, Look } from './checks/define-check.ts';
import type { Signal } from './core/detect/signal.ts';
import { decide } from './core/decide.ts';
import { newMemory, type Effect, type Memory, type Observation, type Policy } from './core/memory.ts';
import { deathEvidence, describeExit } from './death.ts';
import type { OutageSense } from './outage.ts';
import { checksOf, policyOf, type NamedCheck } from './policy.ts';
import type { ProcessFigures } from './process-figures.ts';
import { processFingerprint } from './process-fingerprint.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import { exited, figureSignal, leftBehind, lookFigures, lookSignal } from './signals/service-signals.ts';
import { createSupervisor, type Supervisor } from './supervisor/supervisor.ts';

/** What the part that brings a service along knows about it. */
export interface ServiceHooks {
  /** Proof besides pid and start time that a running process is the service: a challenge only it can answer. */
  prove?: (identity: ProcessIdentity) => Promise<boolean>;
  /** A new instance runs: started or adopted. */
  onReplaced?: (identity: ProcessIdentity) => void;
  /** What restarting it costs while it lives; `disruptive` unless said otherwise. */
  restartRisk?: RiskClass;
  /** Version for people. */
  version?: () => string | null;
}

export interface WatchedDeps {
  config: ServiceConfig;
  hooks: ServiceHooks;
  home: string;
  baseEnv: Readonly<Record<string, string>>;
  environmentOf: (service: ServiceConfig) => Readonly<Record<string, string>>;
  clock: Clock;
  log: Log;
  kit: CheckKit;
  scheduler: Scheduler;
  selfWatch: SelfWatch;
  outage: OutageSense;
  beats: Beats;
  figures: ProcessFigures;
  checkFigures: CheckFigures;
  startGraceMs: number;
  /** The maintenance windows of a service that are open or come next; the same array while they stay. */
  maintenanceOf: (name: string, now: number) => Policy['maintenance'];
  /** Takes what is seen of it besides its state: looks, the end of its process, figures. */
  signal: (signal: Signal) => void;
  /** Called with each effect, after the memory has changed. */
  onEffect: (service: WatchedService, effect: Effect) => void;
}

/** Gaps between the quick looks at a new instance. */
const hurryGapMs = { first: 40, longest: 500 };

export type WatchedService = ReturnType<typeof createWatchedService>;

/** One service: its checks, its process, and what is believed about it. */
export function createWatchedService(deps: WatchedDeps) {
  const { clock, beats, selfWatch, outage, scheduler, hooks } = deps;
  const name = deps.config.name;
  let config = deps.config;
  let fingerprint = processFingerprint(config, deps.environmentOf);
  let checks: NamedCheck[] = checksOf(config);
  let policy: Policy = policyOf(config, deps.startGraceMs);
  let memory: Memory = newMemory(clock.now());
  let info: ProcessInfo | null = null;
  /** The process of a service that others start, as its pid file names it. */
  let found: ProcessIdentity | null = null;
  let evidence: Record<string, unknown> = {};
  let hurrying = false;
  let left = false;
  const isLeft = () => left;
  const probes = new Map<string, Probe>();
  const lastSeen = new Map<string, CheckSeen>();

  const supervisor: Supervisor | null = config.command
    ? createSupervisor({
        config: () => config,
        home: deps.home,
        baseEnv: deps.baseEnv,
        environmentOf: deps.environmentOf,
        clock,
        log: deps.log,
        ...(hooks.prove ? { prove: hooks.prove } : {}),
        onStarted({ identity }) {
          info = readProcess(identity.pid);
          observe({ kind: 'process_started', instance: identityKey(identity) });
          hooks.onReplaced?.(identity);
          void hurry();
        },
        onDead(instance, exit) {
          const logFile = supervisor?.logFile ?? '';
          evidence = deathEvidence(instance, exit, {
            now: clock.now(),
            logFile,
            rssBytes: info?.rssBytes ?? null,
          });
          info = null;
          tellDeath(exit);
          const reason = describeExit(exit);
          beats.add(name, { ts: clock.now(), state: 'DOWN', latency_ms: null, message: reason });
          observe({ kind: 'process_dead', instance: identityKey(instance.identity), reason });
        },
      })
    : null;

  const identity = (): ProcessIdentity | null => supervisor?.current()?.identity ?? found;

  /** How its process ended, and who sits on its port now: before the state machine says that it is dead. */
  function tellDeath(exit: ExitInfo | null): void {
    const { port } = config;
    deps.signal(exited(name, clock.now(), exit));
    const holders = port === undefined ? [] : portHolders(port);
    if (port === undefined || holders.length === 0) return;
    const left = supervisor?.findStale() ?? [];
    const pids = holders.flatMap(({ pid }) => (left.some(({ identity: one }) => one.pid === pid) ? pid : []));
    if (pids.length > 0) deps.signal(leftBehind(name, clock.now(), port, pids));
  }

  function observe(seen: Observation): void {
    if (left) return;
    const now = { wall: clock.now(), monotonic: clock.monotonic() };
    const maintenance = deps.maintenanceOf(name, now.wall);
    if (maintenance !== policy.maintenance) policy = { ...policy, maintenance };
    const { memory: next, effects } = decide(memory, seen, now, policy);
    memory = next;
    for (const effect of effects) deps.onEffect(service, effect);
  }

  /** Looks at a new instance in quick succession: people should not wait for an interval to see it up. */
  async function hurry(): Promise<void> {
    if (hurrying) return;
    hurrying = true;
    const until = clock.monotonic() + deps.startGraceMs;
    let gap = hurryGapMs.first;
    while (!isLeft() && clock.monotonic() < until && identity() && memory.state !== 'UP') {
      await lookNow();
      await delay(gap, undefined, { ref: false });
      gap = Math.min(gap * 1.3, hurryGapMs.longest);
    }
    hurrying = false;
  }

  const jobOf = (check: NamedCheck) => `${name}/${check.id}`;
  const lookNow = async () => {
    await Promise.all(checks.map((check) => scheduler.runNow(jobOf(check))));
  };

  async function look(check: NamedCheck): Promise<void> {
    if (memory.state === 'STOPPED_BY_USER') return;
    const begun = clock.monotonic();
    const before = memory.state;
    const subject = identity();
    const probe = probes.get(check.id);
    if (!probe) return;
    /** Settings changed, it is left alone, or a person stopped it while it was looked at. */
    const overtaken = () => probes.get(check.id) !== probe || left;
    const result = await probe.look(subject);
    if (overtaken()) return;
    lastSeen.set(check.id, seenIn(result, clock.now()));
    if ((memory.state as ServiceState) === 'STOPPED_BY_USER') return;
    const seen = await read(check, result, subject, begun);
    if (overtaken() || (memory.state as ServiceState) === 'STOPPED_BY_USER') return;
    if (seen) observe(seen);
    if (seen && seen.kind !== 'own_trouble' && seen.kind !== 'blind') {
      deps.signal(lookSignal(name, clock.now(), check.id, check.config.type, result));
      for (const figure of lookFigures(name, clock.now(), check.id, check.config, result))
        deps.signal(figure);
    }
    deps.checkFigures.count(check.config.type, result);
    deps.checkFigures.take(name, checks.length > 1 ? check.id : null, result);
    // The quick looks at a new instance would fill the bar and outweigh the hour before: one stands for all in a state.
    if (hurrying && memory.state === before && beats.last(name)?.state === before) return;
    beats.add(name, {
      ts: clock.now(),
      state: memory.state,
      latency_ms: result.ok ? Math.round(result.latencyMs * 100) / 100 : null,
      ...(result.ok ? {} : { message: result.reason }),
    });
  }

  /** What a look means: first whether we can be believed, then what it says. */
  async function read(
    check: NamedCheck,
    result: Look,
    subject: ProcessIdentity | null,
    begun: number,
  ): Promise<Observation | null> {
    const definition = definitionOf(check.config);
    const host = definition.remoteHost(check.config);
    if (host !== null) outage.note(host, result.ok);
    const instance = subject ? identityKey(subject) : null;
    if (result.ok) {
      if (result.identity && !supervisor) follow(result.identity);
      return { kind: 'healthy', check: check.id, instance: identityKeyOf(identity()) ?? instance };
    }
    const trouble = selfWatch.troubleSince(begun) ?? (host === null ? null : outage.suspicion());
    if (trouble !== null) return { kind: 'own_trouble', reason: trouble };
    if (result.ours) return { kind: 'blind', check: check.id, reason: result.reason };
    if (result.dead) {
      found = null;
      evidence = { check: check.id, reason: result.reason };
      return {
        kind: 'process_dead',
        instance: supervisor ? instance : memory.instance,
        reason: result.reason,
        check: check.id,
      };
    }
    const { reason } = result;
    evidence = { check: check.id, target: definition.target(check.config), reason };
    const port = definition.localPort(check.config);
    const running = subject ? readProcess(subject.pid) : null;
    if (running) Object.assign(evidence, { pid: running.identity.pid, frozen: running.frozen });
    const slow =
      result.timedOut && running !== null && !running.frozen && port !== null && (await isPortBound(port));
    if (slow) return { kind: 'slow', check: check.id, instance, reason };
    // What we have started ourselves is known to run, or known to be gone.
    const refused = result.refused === true && supervisor === null && running === null;
    const frozen = running?.frozen ?? false;
    return { kind: 'unhealthy', check: check.id, instance, reason, frozen, refused };
  }

  /** A pid file names a process that was not seen before. */
  function follow(seen: ProcessIdentity): void {
    if (identityKeyOf(found) === identityKey(seen)) return;
    found = seen;
    info = readProcess(seen.pid);
    observe({ kind: 'process_started', instance: identityKey(seen) });
  }

  function unschedule(): void {
    for (const check of checks) scheduler.remove(jobOf(check));
    for (const probe of probes.values()) probe.close();
    probes.clear();
    lastSeen.clear();
  }

  function schedule(): void {
    for (const check of checks) {
      probes.set(check.id, openProbe(check.config, deps.kit, { service: name, check: check.id }));
      scheduler.add({ id: jobOf(check), intervalMs: check.config.interval_s * 1000, run: () => look(check) });
    }
  }

  const service = {
    name,
    hooks,
    supervisor,
    config: () => config,
    checks: () => checks,
    /** What the last look of a check found; null until there was one. */
    seen: (check: string) => lastSeen.get(check) ?? null,
    policy: () => policy,
    memory: () => memory,
    identity,
    info: () => info,
    evidence: () => evidence,
    observe,
    lookNow,
    /** Where a heartbeat of this check is pushed to. A secret. */
    pushPath(check: string): string {
      const found = checks.find(({ id }) => id === check)?.config;
      const configured = found?.type === 'heartbeat' ? found.token : undefined;
      const token = configured === undefined ? null : deps.kit.resolve(configured);
      return `/api/v1/heartbeats/${deps.kit.heartbeats.tokenOf({ service: name, check }, token)}`;
    },
    /** One check now: something told us that it is time. */
    lookAt: (check: string) => scheduler.runNow(`${name}/${check}`),
    schedule,
    /** About once a second: time passes. */
    tick: () => observe({ kind: 'tick' }),
    /** About every five seconds: reads what its process uses, and keeps its log small. */
    sample(): void {
      const now = identity();
      info = now ? readProcess(now.pid) : null;
      deps.figures.take(name, info, (metric, value) => {
        if (now && !left) deps.signal(figureSignal(name, clock.now(), metric, value, now.pid));
      });
      supervisor?.rotateLog();
    },
    /** Puts back what an earlier control knew. */
    restore(past: Partial<Memory>): void {
      memory = { ...memory, ...past };
    },
    /** New settings. True: the process would be started differently, so that it has to be restarted. */
    reconfigure(next: ServiceConfig): boolean {
      const before = fingerprint;
      fingerprint = processFingerprint(next, deps.environmentOf);
      if (fingerprint === before && JSON.stringify(config) === JSON.stringify(next)) return false;
      unschedule();
      config = next;
      checks = checksOf(next);
      policy = policyOf(next, deps.startGraceMs);
      memory = { ...memory, checks: {} };
      schedule();
      return fingerprint !== before;
    },
    /** Stops looking: what becomes of it from now on is somebody's wish. */
    rest(): void {
      left = true;
      unschedule();
    },
    /** Stops looking. The process is left as it is. */
    leave(): void {
      service.rest();
      supervisor?.leave();
    },
  };
  return service;
}

const identityKeyOf = (identity: ProcessIdentity | null): string | null =>
  identity ? identityKey(identity) : null;
