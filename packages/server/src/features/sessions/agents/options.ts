import type { DecisionOption } from '@vigiles/contract';

type OptionKind = DecisionOption['kind'];

/** An option whose words are its id. */
export const option = (label: string, kind: OptionKind = null): DecisionOption => ({
  id: label.slice(0, 200),
  label,
  kind,
});

/** The option that refuses just this once, or else for good; null: there is none. */
export const refusalOf = (options: readonly DecisionOption[]): string | null =>
  (options.find(({ kind }) => kind === 'reject_once') ?? options.find(({ kind }) => kind === 'reject_always'))
    ?.id ?? null;
