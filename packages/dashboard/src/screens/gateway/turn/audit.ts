import type { CostLine, TurnDetail } from '@vigiles/contract';

const names: Record<CostLine['part'], string> = {
  input: 'Input',
  cache_read: 'Read from cache',
  cache_write: 'Written to cache, 5 m',
  cache_write_1h: 'Written to cache, 1 h',
  output: 'Output',
  request: 'Per request',
};

/** One line of the bill as it is shown. `tokens` null: it is not counted in tokens. */
export interface AuditLine {
  name: string;
  tokens: number | null;
  /** `$3.00 / 1M`. */
  rate: string;
  micros: number;
}

const dollars = (usd: number): string =>
  `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;

/** Tokens × rate, line by line; what the sum lacks to the cost was rounded up to a whole micro-dollar. */
export function auditOf({
  cost_lines: lines,
  cost_micros: cost,
}: Pick<TurnDetail, 'cost_lines' | 'cost_micros'>): {
  lines: AuditLine[];
  rounded: number;
} {
  const shown = lines.map(({ part, tokens, rate, micros, above_tokens: above }) => ({
    name: above === null ? names[part] : `${names[part]}, above ${above.toLocaleString('en')} tokens`,
    tokens: part === 'request' ? null : tokens,
    rate: part === 'request' ? dollars(rate / 1e6) : `${dollars(rate)} / 1M`,
    micros,
  }));
  const sum = lines.reduce((all, { micros }) => all + micros, 0);
  return { lines: shown, rounded: cost === null ? 0 : Math.max(0, cost - sum) };
}
