import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { Reached } from '../core/budget/book.ts';
import type { GatewayTables } from './tables.ts';

export interface BudgetTellerOptions {
  events: Pick<EventLog, 'transaction'>;
  now(): number;
  log: Log;
}

/**
 * Turns thresholds of budgets into `budget.reached` events: once for each budget, span and threshold, across restarts and
 * gateways. What cannot be written now is told with the next threshold or the next start, for it is not marked.
 */
export function createBudgetTeller({ events, now, log }: BudgetTellerOptions): {
  tell(passed: Reached): void;
  settled(): Promise<void>;
} {
  let last: Promise<void> = Promise.resolve();

  async function write(passed: Reached): Promise<void> {
    const { scope, name, span, threshold, spentMicros, limitMicros, startsAt, endsAt } = passed;
    const budget = scope === 'whole' ? 'whole' : `${scope}:${name}`;
    await events.transaction<GatewayTables, void>(
      async (tx) => {
        const row = { budget, span, starts_at: startsAt, threshold_percent: threshold, told_at: now() };
        const marked = await tx.db
          .insertInto('budget_alert')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .returning('budget')
          .execute();
        if (marked.length === 0) return;
        tx.append('budget.reached', {
          actor: 'gateway',
          subject: `budget:${budget}`,
          data: {
            alert: {
              scope,
              name: scope === 'whole' ? null : name,
              span,
              threshold_percent: threshold,
              spent_micros: spentMicros,
              limit_micros: limitMicros,
              starts_at: startsAt,
              ends_at: endsAt,
            },
          },
        });
      },
      { durable: true },
    );
  }

  return {
    tell(passed) {
      last = last
        .then(() => write(passed))
        .catch((thrown: unknown) =>
          log.error({ err: thrown, passed }, 'a budget’s threshold could not be told'),
        );
    },
    settled: () => last,
  };
}
