import type { ServiceConfig } from '@vigiles/contract';
import type { FaultCode } from './core/memory.ts';

/** Tier 1: what a fault code leads to. */
export interface Rule {
  /** Its name in the code, kept in the evidence. */
  name: string;
  /** For people. */
  title: string;
  action: 'restart_service' | 'alert_user';
  detail: string;
}

const restart: Record<FaultCode, Rule> = {
  process_dead: {
    name: 'restart_dead_process',
    title: 'Rule: restart a dead process',
    action: 'restart_service',
    detail: 'Its process is gone: start it again',
  },
  not_responding: {
    name: 'restart_hung_process',
    title: 'Rule: replace a process that hangs',
    action: 'restart_service',
    detail: 'It lives and holds its port, but did not answer for a long time: replace it',
  },
  check_failing: {
    name: 'restart_failing_service',
    title: 'Rule: replace a service whose checks fail',
    action: 'restart_service',
    detail: 'Its checks fail: replace it',
  },
};

/** The rule for a fault of a service. */
export function ruleFor(service: ServiceConfig, code: FaultCode): Rule {
  if (!service.command) {
    return {
      name: 'alert_watched_only',
      title: 'Rule: call a person for what is only watched',
      action: 'alert_user',
      detail: 'Vigiles did not start it, so it cannot restart it: a person has to look',
    };
  }
  if (!service.auto_recover) {
    const detail = 'Automatic recovery is switched off for it: a person has to look';
    const title = 'Rule: call a person, recovery is switched off';
    return { name: 'alert_recovery_off', title, action: 'alert_user', detail };
  }
  return restart[code];
}

const titles: Record<FaultCode, string> = {
  process_dead: 'process died',
  not_responding: 'does not respond',
  check_failing: 'check fails',
};

export const titleOf = (service: ServiceConfig, code: FaultCode): string =>
  `${service.title ?? service.name}: ${titles[code]}`;
