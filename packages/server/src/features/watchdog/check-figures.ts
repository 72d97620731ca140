import type { Clock } from '../../kernel/clock.ts';
import type { Series } from '../series/index.ts';
import type { Look } from './checks/define-check.ts';

/** Days left change slowly: what did not change is told again only after this. */
const sameAgainMs = 3_600_000;

/**
 * What single checks tell the history besides the looks of their service: `check.latency` where a service has several, since
 * of one alone it is the service's own, and `certificate.days`.
 */
export function createCheckFigures({
  history,
  clock,
}: {
  history: Pick<Series, 'add'> | null;
  clock: Clock;
}) {
  const certificates = new Map<string, { days: number; at: number }>();
  /** By type of check, since the start. */
  const totals = new Map<string, { looks: number; failed: number; seconds: number }>();
  return {
    totals: (): typeof totals => totals,
    count(type: string, look: Look): void {
      const total = totals.get(type) ?? { looks: 0, failed: 0, seconds: 0 };
      totals.set(type, total);
      total.looks += 1;
      if (look.ok) total.seconds += look.latencyMs / 1000;
      else if (!look.ours) total.failed += 1;
    },
    /** @param check null: it is the only one of its service */
    take(service: string, check: string | null, look: Look): void {
      if (!history) return;
      const now = clock.now();
      const target = check === null ? service : `${service}/${check}`;
      if (check !== null && look.ok)
        history.add('check.latency', target, now - look.latencyMs, look.latencyMs);
      const days = look.facts?.['certificate_days_left'];
      if (typeof days !== 'number') return;
      const last = certificates.get(target);
      if (last?.days === days && now - last.at < sameAgainMs) return;
      certificates.set(target, { days, at: now });
      history.add('certificate.days', target, now, days);
    },
    forget(service: string): void {
      for (const target of certificates.keys())
        if (target === service || target.startsWith(`${service}/`)) certificates.delete(target);
    },
  };
}

export type CheckFigures = ReturnType<typeof createCheckFigures>;
