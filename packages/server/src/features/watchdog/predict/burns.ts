import type { Clock } from '../../../kernel/clock.ts';
import { foreseeBurn, type BudgetBurn } from './core/burn.ts';
import type { Foreteller, Found } from './core/found.ts';

/** Foresees budgets that will be spent before they begin anew. */
export const burnForeteller = (budgets: () => Promise<readonly BudgetBurn[]>, clock: Clock): Foreteller => ({
  kinds: ['budget'],
  look: async () =>
    (await budgets()).flatMap((burn): Found[] => {
      const foresight = foreseeBurn(burn, clock.now());
      if (!foresight) return [];
      const { target, span: part, words, limitMicros: limit } = burn;
      return [
        {
          kind: 'budget',
          target,
          targetClass: 'budget',
          part,
          sentence: `${words} will be spent`,
          basis: part === 'daily' ? 'At the pace of the last hour' : 'At the pace of the last day',
          foresight,
          limit,
          unit: 'micros',
        },
      ];
    }),
});
