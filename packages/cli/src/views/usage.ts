import type { BudgetState, UsageRow } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, red, yellow } from '../output/style.ts';
import { table } from '../output/table.ts';
import { count, usdOfMicros } from '../output/units.ts';

function budgetLine({ scope, name, span, limit_micros, spent_micros }: BudgetState): string {
  const share = limit_micros === 0 ? 1 : spent_micros / limit_micros;
  const colour = share >= 1 ? red : share >= 0.75 ? yellow : (text: string) => text;
  const whose = name === null ? '' : ` ${scope} ${clean(name)}`;
  const spent = `${usdOfMicros(spent_micros)} of ${usdOfMicros(limit_micros)}`;
  return `  ${dim(`${span}${whose}`)}  ${colour(`${spent} (${Math.round(share * 100)} %)`)}`;
}

/** `vigiles usage` */
export function usageView(
  { by, rows }: { by: string; rows: readonly UsageRow[] },
  budgets: readonly BudgetState[],
): string {
  const lines = rows.map((row) => [
    row.key || '–',
    count(row.turns),
    row.errors === 0 ? '–' : count(row.errors),
    count(row.input_tokens),
    count(row.output_tokens),
    usdOfMicros(row.cost_micros) + (row.unpriced_turns > 0 ? ' +?' : ''),
    row.p50_latency_ms === null ? '–' : `${Math.round(row.p50_latency_ms)} ms`,
  ]);
  const drawn =
    rows.length === 0
      ? dim('No turns in this time.')
      : table(
          [
            { title: by.toUpperCase(), flexible: true },
            { title: 'TURNS', align: 'right' },
            { title: 'ERRORS', align: 'right', optional: true },
            { title: 'IN', align: 'right', optional: true },
            { title: 'OUT', align: 'right', optional: true },
            { title: 'COST', align: 'right' },
            { title: 'P50', align: 'right', optional: true },
          ],
          lines,
        );
  return budgets.length === 0 ? drawn : [drawn, '', bold('Budgets'), ...budgets.map(budgetLine)].join('\n');
}
