import type { Turn } from '@vigiles/contract';
import type { Series } from '../series.ts';

interface Sum {
  turns: number;
  errors: number;
  tokens: number;
  cost: number;
}

/** Sums finished turns by provider, and gives the sums to the history now and then. */
export function createTurnFigures(series: Pick<Series, 'add'>) {
  let sums = new Map<string, Sum>();
  return {
    settled(turn: Turn): void {
      const provider = turn.provider === '' ? 'none' : turn.provider;
      const sum = sums.get(provider) ?? { turns: 0, errors: 0, tokens: 0, cost: 0 };
      sums.set(provider, sum);
      sum.turns += 1;
      if (turn.outcome !== 'ok' && turn.outcome !== 'client_aborted') sum.errors += 1;
      sum.tokens += (turn.input_tokens ?? 0) + (turn.output_tokens ?? 0);
      sum.cost += turn.cost_micros ?? 0;
      series.add('gateway.latency', provider, turn.ts, turn.latency_ms);
    },
    /** @param now UTC ms */
    flush(now: number): void {
      const done = sums;
      sums = new Map();
      for (const [provider, sum] of done) {
        series.add('gateway.turns', provider, now, sum.turns);
        series.add('gateway.errors', provider, now, sum.errors);
        series.add('gateway.tokens', provider, now, sum.tokens);
        series.add('gateway.cost', provider, now, sum.cost);
      }
    },
  };
}
