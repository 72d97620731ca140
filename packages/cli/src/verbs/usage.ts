import type { BudgetState, UsageRow } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { readMoment } from '../input/moment.ts';
import { say, sayJson } from '../output/print.ts';
import { usageView } from '../views/usage.ts';

export interface UsageAnswer {
  by: string;
  since: number;
  until: number;
  rows: UsageRow[];
}

/** `vigiles usage` */
export async function usageVerb(options: {
  home?: string;
  json?: boolean;
  by: string;
  since: string;
}): Promise<void> {
  const { home, json, by, since } = options;
  const from = readMoment(since, Date.now());
  if (from === null) throw new CliError(`“${since}” is no moment: 24h, 7d or 2026-11-01.`, exitCode.usage);
  const api = connect(homeOf(home));
  const usage = await api.get<UsageAnswer>(`/api/v1/ai/usage?by=${by}&since=${Math.round(from)}`);
  if (json) return sayJson(usage);
  const { budgets } = await api.get<{ budgets: BudgetState[] }>('/api/v1/ai/budgets');
  say(usageView(usage, budgets));
}
