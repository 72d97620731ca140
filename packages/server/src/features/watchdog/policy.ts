import { CheckConfig, type ServiceConfig } from '@vigiles/contract';
import type { Policy } from './core/memory.ts';

/** A check with the id it has within its service. */
export interface NamedCheck {
  id: string;
  config: CheckConfig;
}

const implicitPace = { interval_s: 1, timeout_s: 1 };

/** A check of the process that names none means the one of the service’s pid file. */
function ofItsProcess(check: CheckConfig, { command, pid_file }: ServiceConfig): CheckConfig {
  if (check.type !== 'process' || command !== undefined || pid_file === undefined) return check;
  return check.pid_file === undefined && check.command_contains === undefined
    ? { ...check, pid_file }
    : check;
}

/** What is looked at: what is configured, or what follows from having a process and a port. */
export function checksOf(service: ServiceConfig): NamedCheck[] {
  const configs = service.checks.map((check) => ofItsProcess(check, service));
  if (configs.length === 0 && service.port !== undefined && service.command) {
    configs.push(CheckConfig.parse({ type: 'tcp', port: service.port, ...implicitPace }));
  }
  const hasProcess = service.command !== undefined || service.pid_file !== undefined;
  if (hasProcess && (service.pid_file !== undefined || configs.length === 0)) {
    const own = configs.some(({ type }) => type === 'process');
    const pidFile = service.pid_file === undefined ? {} : { pid_file: service.pid_file };
    if (!own) configs.push(CheckConfig.parse({ type: 'process', ...pidFile, ...implicitPace }));
  }
  return configs.map((config, index) => ({ id: `${config.type}:${index}`, config }));
}

/** Alive and bound but slow gets this many times the failures before it counts as down. */
const slowFactor = 2;

export function policyOf(service: ServiceConfig, startGraceMs: number): Policy {
  return {
    checks: checksOf(service).map(({ id }) => id),
    failuresToDown: service.failures_to_down,
    slowFailuresToDown: service.failures_to_down * slowFactor,
    successesToUp: service.successes_to_up,
    startGraceMs,
    maintenance: [],
  };
}
