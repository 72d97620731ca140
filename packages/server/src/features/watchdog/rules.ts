import type { ServiceConfig } from '@vigiles/contract';
import type { FaultCode } from './core/memory.ts';

/** Tier 1: what a fault code leads to. */
export interface Rule {
  name: string;
  action: 'restart_service' | 'alert_user';
  detail: string;
}

const restart: Record<FaultCode, Rule> = {
  process_dead: {
    name: 'restart_dead_process',
    action: 'restart_service',
    detail: 'Its process is gone: start it again',
  },
  not_responding: {
    name: 'restart_hung_process',
    action: 'restart_service',
    detail: 'It lives and holds its port, but did not answer for a long time: replace it',
  },
  check_failing: {
    name: 'restart_failing_service',
    action: 'restart_service',
    detail: 'Its checks fail: replace it',
  },
};

/** The rule for a fault of a service. */
export function ruleFor(service: ServiceConfig, code: FaultCode): Rule {
  if (!service.command) {
    return {
      name: 'alert_watched_only',
      action: 'alert_user',
      detail: 'Vigiles did not start it, so it cannot restart it: a person has to look',
    };
  }
  if (!service.auto_recover) {
    const detail = 'Automatic recovery is switched off for it: a person has to look';
    return { name: 'alert_recovery_off', action: 'alert_user', detail };
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
