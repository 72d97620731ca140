import { judgeHeartbeat, type HeartbeatRule } from '../core/heartbeat.ts';
import { dueAfter } from '../heartbeats/due.ts';
import { defineCheck, local } from './define-check.ts';
import { cannotTell, unhealthy } from './failed-look.ts';

export const check = defineCheck({
  type: 'heartbeat',
  title: 'Heartbeat',
  target: (config) =>
    config.schedule === undefined ? `every ${config.period_s} s` : `${config.schedule} (${config.timezone})`,
  ...local,
  prepare(config, { clock, heartbeats, resolve }, place) {
    const rule: HeartbeatRule = { dueAfter: dueAfter(config), graceMs: config.grace_s * 1000 };
    const listen = () =>
      void heartbeats.tokenOf(place, config.token === undefined ? null : resolve(config.token));
    listen();
    return {
      async look() {
        listen();
        const now = clock.now();
        const past = heartbeats.past(place);
        const verdict = judgeHeartbeat(past, rule, now);
        const facts = {
          last_heartbeat_s: past.lastAt === null ? null : Math.round((now - past.lastAt) / 1000),
          ...(past.message === '' ? {} : { message: past.message }),
        };
        if (verdict.result === 'pending') return cannotTell(verdict.reason, facts);
        if (verdict.result === 'down') return unhealthy(verdict.reason, facts);
        const due_in_s = Math.round((verdict.deadline - now) / 1000);
        return { ok: true, latencyMs: past.pingMs ?? 0, facts: { ...facts, due_in_s } };
      },
    };
  },
});
