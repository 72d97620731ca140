import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, failed, ok, type Result } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import {
  isAlive,
  isPortBound,
  killTree,
  portHolders,
  readProcess,
  rotateLiveLog,
  sameProcess,
  spawnService,
  type ExitInfo,
  type ProcessIdentity,
} from '../../../platform/process/index.ts';
import { redactText, type StaleProcess, type Work } from '../../actions/index.ts';
import { findStaleProcesses, marks } from './mark.ts';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';

/** An instance under supervision. */
export interface Instance {
  identity: ProcessIdentity;
  /** UTC milliseconds. */
  startedAt: number;
  /** Found running rather than started by this process. */
  adopted: boolean;
}

export interface SupervisorDeps {
  config: () => ServiceConfig;
  home: string;
  /** What every child gets besides its own `env`: PATH and the like, never our secrets. */
  baseEnv: Readonly<Record<string, string>>;
  /** The service's own `env` with its references filled in; throws when one is missing. */
  environmentOf: (service: ServiceConfig) => Readonly<Record<string, string>>;
  clock: Clock;
  log: Log;
  /** More proof than pid and start time that a running process is the service. */
  prove?: (identity: ProcessIdentity) => Promise<boolean>;
  onStarted: (instance: Instance) => void;
  /** It ended, and nobody here had asked it to. `exit` is null for a process that is not our child. */
  onDead: (instance: Instance, exit: ExitInfo | null) => void;
}

/** How often an adopted process is looked at: its end sends us no signal. */
const pollMs = 200;
const logMaxBytes = 10 << 20;
const logKeep = 3;

/** Starts, adopts and ends the process of one service. */
export function createSupervisor(deps: SupervisorDeps) {
  const { home, clock, log } = deps;
  const name = deps.config().name;
  const logFile = join(home, 'logs', 'services', `${name}.log`);
  let instance: Instance | null = null;
  let last: ProcessIdentity | null = null;
  let poll: NodeJS.Timeout | null = null;
  /** A start under way: there is one at a time, and whoever ends the service ends what comes of it. */
  let starting: Promise<Result<ProcessIdentity>> | null = null;

  function lost(gone: Instance, exit: ExitInfo | null): void {
    if (!instance || !sameProcess(instance.identity, gone.identity)) return;
    instance = null;
    if (poll) clearInterval(poll);
    removeRunFile(home, name);
    deps.onDead(gone, exit);
  }

  function take(next: Instance): void {
    instance = next;
    last = next.identity;
    if (next.adopted) {
      poll = setInterval(() => {
        if (!isAlive(next.identity)) lost(next, null);
      }, pollMs).unref();
    }
    deps.onStarted(next);
  }

  async function watchExit(child: Instance, exited: Promise<ExitInfo>): Promise<void> {
    lost(child, await exited);
  }

  /** Forgets the instance before it is ended: its end is then no news. */
  function letGo(): Instance | null {
    const held = instance;
    instance = null;
    if (poll) clearInterval(poll);
    return held;
  }

  const findStale = (): StaleProcess[] => findStaleProcesses(home, name, instance?.identity ?? null, last);

  async function clearStale(work: Work): Promise<void> {
    for (const { identity, proof } of findStale()) {
      const report = await killTree(identity, { termTimeoutMs: 500 });
      work.note('Ended a left-over process', { pid: identity.pid, proof, gone: report.gone });
    }
  }

  /** A port of ours that somebody else holds: starting would only fail, and killing is not ours to do. */
  async function portTaken(): Promise<string | null> {
    const { port } = deps.config();
    if (port === undefined) return null;
    for (let tries = 0; await isPortBound(port); tries += 1) {
      if (tries < 10) {
        await delay(50);
        continue;
      }
      const holders = portHolders(port).map(
        ({ pid }) => `${pid} (${redactText(readProcess(pid)?.commandLine ?? '').slice(0, 200)})`,
      );
      return `port ${port} is held by ${holders.join(', ') || 'a process of another user'}, which is not ours`;
    }
    return null;
  }

  async function end(termTimeoutMs: number, work: Work): Promise<Result<void>> {
    await starting?.catch(() => undefined);
    const held = letGo();
    if (held && isAlive(held.identity)) {
      const also = findStale().map(({ identity }) => identity);
      const report = await killTree(held.identity, { termTimeoutMs, also });
      work.note('Ended the running instance', { pid: held.identity.pid, ...report });
      if (!report.gone) {
        if (isAlive(held.identity)) take(held);
        const message = `Process ${report.left.join(', ')} of ${name} could not be ended.`;
        return failed(fault('internal', 'cannot_end_process', message));
      }
    }
    await clearStale(work);
    removeRunFile(home, name);
    return ok(undefined);
  }

  async function start(work: Work): Promise<Result<ProcessIdentity>> {
    if (starting) return failed(fault('conflict', 'already_running', `${name} is being started.`));
    starting = begin(work).finally(() => (starting = null));
    return starting;
  }

  async function begin(work: Work): Promise<Result<ProcessIdentity>> {
    const config = deps.config();
    if (!config.command) return failed(fault('conflict', 'no_command', `${name} has no command.`));
    if (instance) return failed(fault('conflict', 'already_running', `${name} runs already.`));
    await clearStale(work);
    const taken = await portTaken();
    if (taken) return failed(fault('conflict', 'port_taken', taken));
    if (work.signal.aborted)
      return failed(fault('cancelled', 'cancelled', 'Cancelled before it was started.'));
    let own: Readonly<Record<string, string>>;
    try {
      own = deps.environmentOf(config);
    } catch (thrown) {
      const { message } = thrown as Error;
      log.error({ service: name, problem: message }, 'A service lacks a value of its environment');
      return failed(fault('invalid', 'bad_environment', `${name} could not be started: ${message}`));
    }
    const spawned = spawnService({
      command: config.command,
      ...(config.cwd === undefined ? {} : { cwd: config.cwd }),
      env: { ...deps.baseEnv, ...own, ...marks(home, name) },
      logFile,
      logMaxBytes,
      logKeep,
    });
    if (!spawned.identity) {
      const exit = await spawned.exited;
      const message = `${name} could not be started: ${exit.error ?? 'it ended at once'}`;
      return failed(fault('unavailable', 'cannot_start', message));
    }
    const next: Instance = { identity: spawned.identity, startedAt: clock.now(), adopted: false };
    const { pid, startTime } = spawned.identity;
    writeRunFile(home, { service: name, pid, start_time: startTime, started_at: next.startedAt });
    log.info({ service: name, pid }, 'Service started');
    work.note('Started a new instance', { pid });
    take(next);
    void watchExit(next, spawned.exited);
    return ok(spawned.identity);
  }

  return {
    logFile,
    findStale,
    current: (): Instance | null => instance,

    /** Takes over what an earlier control started, if it is proven to be that. */
    async adopt(): Promise<boolean> {
      const record = readRunFile(home, name);
      if (!record) return false;
      const identity: ProcessIdentity = { pid: record.pid, startTime: record.start_time };
      last = identity;
      if (!isAlive(identity)) return false;
      if (deps.prove && !(await deps.prove(identity).catch(() => false))) {
        log.warn({ service: name, pid: identity.pid }, 'A running process could not prove to be the service');
        return false;
      }
      take({ identity, startedAt: record.started_at, adopted: true });
      log.info({ service: name, pid: identity.pid }, 'Service adopted');
      return true;
    },

    start,
    end,

    async restart(termTimeoutMs: number, work: Work): Promise<Result<ProcessIdentity>> {
      const ended = await end(termTimeoutMs, work);
      return ended.ok ? start(work) : ended;
    },

    /** Called now and then: keeps the log of a living child small. */
    rotateLog(): void {
      if (instance) rotateLiveLog(logFile, logMaxBytes, logKeep);
    },

    /** Stops looking, and leaves the process alone. */
    leave(): void {
      letGo();
    },
  };
}

export type Supervisor = ReturnType<typeof createSupervisor>;
