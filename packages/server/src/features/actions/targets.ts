import type { RiskClass, ServiceState, ActionTargetClass } from '@vigiles/contract';
import type { Result } from '../../kernel/fault.ts';
import type { ProcessIdentity } from '../../platform/process/index.ts';

/** A service as an action sees it, read at this moment. */
export interface ServiceView {
  name: string;
  title: string;
  state: ServiceState;
  reason: string;
  /** Started by Vigiles: it can be started, stopped and restarted. */
  supervised: boolean;
  /** The instance that runs now; null when none does. */
  identity: ProcessIdentity | null;
  /** No check of it fails at the moment. */
  healthy: boolean;
  port: number | null;
  /** The service it depends on that is down; null when none is. */
  parentDown: string | null;
  /** What restarting it costs while it lives. */
  restartRisk: RiskClass;
}

/** What an action is aimed at, read at this moment. */
export interface TargetView {
  name: string;
  class: ActionTargetClass;
  /** null for everything but services. */
  service: ServiceView | null;
}

const prefixes = [
  'provider',
  'model',
  'agent',
  'session',
  'file',
  'container',
  'unit',
  'budget',
  'ci',
  'port',
  'mail',
  'backup',
] as const;

/** A target's class and its name without the prefix. Names of services have no colon. */
export function readTarget(target: string): { class: ActionTargetClass; name: string } {
  const colon = target.indexOf(':');
  const prefix = prefixes.find((one) => one === target.slice(0, Math.max(0, colon)));
  if (prefix) return { class: prefix, name: target.slice(colon + 1) };
  return { class: target === 'host' ? 'host' : 'service', name: target };
}

/** A process left over from an earlier instance, and what proves that it is ours. */
export interface StaleProcess {
  identity: ProcessIdentity;
  commandLine: string;
  proof: string;
}

/** What the watchdog lets an action follow while it works. */
export interface Work {
  signal: AbortSignal;
  note(text: string, data?: Record<string, unknown>): void;
}

/** Hands on services, provided by the watchdog. */
export interface ServiceTargets {
  look(name: string): ServiceView | null;
  /** Ends the running instance with its whole tree, if there is one, and starts a new one. */
  restart(name: string, work: Work): Promise<Result<ProcessIdentity>>;
  start(name: string, work: Work): Promise<Result<ProcessIdentity>>;
  /** From now on it is stopped on purpose; then its whole tree is ended. */
  stop(name: string, work: Work): Promise<Result<void>>;
  /** Waits for enough healthy looks in a row at one instance; `null`: at whatever runs. */
  awaitHealthy(
    name: string,
    identity: ProcessIdentity | null,
    signal: AbortSignal,
  ): Promise<'healthy' | 'unhealthy' | 'unknown'>;
  findStale(name: string): StaleProcess[];
}
