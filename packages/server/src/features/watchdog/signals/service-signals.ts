import type { CheckConfig, SignalField } from '@vigiles/contract';
import type { ExitInfo } from '../../../platform/process/index.ts';
import type { Look } from '../checks/define-check.ts';
import { boundedFacts } from '../checks/seen.ts';
import type { FaultCode } from '../core/memory.ts';
import type { Signal } from '../core/detect/signal.ts';

type Of = Pick<Signal, 'target' | 'targetClass' | 'at'>;

const of = (service: string, at: number): Of => ({ target: service, targetClass: 'service', at });

/** Its process ended without being asked to. Comes before the state machine says so. */
export const exited = (service: string, at: number, exit: ExitInfo | null): Signal => ({
  ...of(service, at),
  name: 'process.exited',
  source: 'process',
  fields: { code: exit?.code ?? null, signal: exit?.signal ?? null },
});

/** Processes that it left behind still run, one of them on its port. */
export const leftBehind = (service: string, at: number, port: number, pids: readonly number[]): Signal => ({
  ...of(service, at),
  name: 'process.stale',
  source: 'process',
  fields: { port, holds_port: true },
  evidence: { pids: pids.slice(0, 20) },
});

/** What the state machine says about it. */
export const stateSignal = (service: string, at: number, code: FaultCode, reason: string): Signal => ({
  ...of(service, at),
  name: `state.${code}`,
  source: code === 'process_dead' ? 'process' : 'check',
  evidence: { reason },
});

const codes: readonly FaultCode[] = ['process_dead', 'not_responding', 'check_failing', 'refusing'];

/** It is well, or nobody's business for now: no state of it is bad any more. */
export const stateCleared = (service: string, at: number): Signal[] =>
  codes.map((code) => Object.assign(stateSignal(service, at, code, ''), { cleared: true }));

/** What one look saw. Only of looks that can be believed. */
export function lookSignal(
  service: string,
  at: number,
  id: string,
  type: CheckConfig['type'],
  look: Look,
): Signal {
  const facts: Record<string, SignalField> = boundedFacts(look.facts);
  const failed = look.ok
    ? {}
    : { reason: look.reason, timed_out: look.timedOut, refused: look.refused ?? false };
  return {
    ...of(service, at),
    name: `check.${type}`,
    source: 'check',
    fields: { ...facts, check: id, ok: look.ok, ...failed },
  };
}

/** A figure of its process. */
export const figureSignal = (
  service: string,
  at: number,
  metric: string,
  value: number,
  pid: number,
): Signal => ({
  ...of(service, at),
  name: `resource.${metric}`,
  source: 'process',
  fields: { value },
  evidence: { pid },
});

/** Facts of a resource check of the machine that have another name as figures: a process has a CPU of its own. */
const renamed: Readonly<Record<string, string>> = { cpu_percent: 'host_cpu_percent' };

/**
 * The figures that a look brings: how long the answer took, and what a check of the machine measured. Those of a process
 * come from its own samples: twice would count twice.
 */
export function lookFigures(
  service: string,
  at: number,
  id: string,
  config: CheckConfig,
  look: Look,
): Signal[] {
  const figure = (metric: string, value: number, more: Record<string, SignalField> = {}): Signal => ({
    ...of(service, at),
    name: `resource.${metric}`,
    source: 'check',
    fields: { value, check: id, ...more },
  });
  if (config.type !== 'resource') return look.ok ? [figure('latency_ms', look.latencyMs)] : [];
  if (config.of !== 'host') return [];
  return Object.entries(boundedFacts(look.facts)).flatMap(([fact, value]) =>
    typeof value === 'number' ? figure(renamed[fact] ?? fact, value, { disk: config.disk }) : [],
  );
}
