import type { FaultEntry, ServiceConfig, TargetClass } from '@vigiles/contract';
import type { FaultCode } from '../core/memory.ts';
import { oneStep, remediesOf } from '../core/learn/remedy.ts';
import type { Rule } from '../core/respond/decide-tier.ts';

const restart = oneStep('restart_service');

/** The state machine's own faults: restarted until the guards say that it is enough. */
const rules: Record<Exclude<FaultCode, 'refusing'>, Pick<Rule, 'name' | 'title' | 'detail'>> = {
  process_dead: {
    name: 'restart_dead_process',
    title: 'Rule: restart a dead process',
    detail: 'Its process is gone: start it again',
  },
  not_responding: {
    name: 'restart_hung_process',
    title: 'Rule: replace a process that hangs',
    detail: 'It lives and holds its port, but did not answer for a long time: replace it',
  },
  check_failing: {
    name: 'restart_failing_service',
    title: 'Rule: replace a service whose checks fail',
    detail: 'Its checks fail: replace it',
  },
};

/** The rule for a fault of a service that its state machine found. */
export function stateRule(service: ServiceConfig, code: FaultCode): Rule {
  const base = { remedies: [], tries: Infinity, escalateTo: 'ai' as const, advice: '', handsOff: false };
  if (!service.auto_recover) {
    const detail = 'Automatic recovery is switched off for it: a person has to look';
    const title = 'Rule: call a person, recovery is switched off';
    return { ...base, name: 'alert_recovery_off', title, detail, handsOff: true };
  }
  // Only what others start is told as refusing: the process of a service of ours is known.
  if (!service.command || code === 'refusing') {
    const detail = 'Vigiles did not start it, so it cannot restart it: a person has to look';
    const title = 'Rule: call a person for what is only watched';
    return { ...base, name: 'alert_watched_only', title, detail };
  }
  return { ...base, ...rules[code], remedies: [restart] };
}

/** The rule of a catalogue entry. */
export function catalogueRule(entry: FaultEntry, targetClass: TargetClass): Rule | null {
  const remedies = remediesOf(entry.tier1, targetClass);
  const { after, to, advice } = entry.escalate;
  if (remedies.length === 0 && to === 'ai') return null;
  return {
    name: entry.id,
    title: `Rule ${entry.id}: ${entry.title}`,
    detail: remedies.length > 0 ? entry.docs.done : advice || entry.docs.person,
    remedies,
    tries: after,
    escalateTo: to,
    advice: advice || entry.docs.person,
    handsOff: false,
  };
}

const titles: Record<FaultCode, string> = {
  process_dead: 'process died',
  not_responding: 'does not respond',
  check_failing: 'check fails',
  refusing: 'refuses connections',
};

export const titleOf = (service: ServiceConfig, code: FaultCode): string =>
  `${service.title ?? service.name}: ${titles[code]}`;
