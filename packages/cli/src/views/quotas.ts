import type { QuotasAnswer, QuotaState } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { dim, red, yellow } from '../output/style.ts';
import { table } from '../output/table.ts';
import { count } from '../output/units.ts';

const figure = (value: number): string => (Number.isInteger(value) ? count(value) : value.toFixed(2));

function share({ percent }: QuotaState): string {
  if (percent === null) return dim('no limit');
  const text = `${percent} %`;
  return percent >= 100 ? red(text) : percent >= 75 ? yellow(text) : text;
}

const reset = ({ resets_at: at, limit }: QuotaState): string =>
  at === null || limit === null ? '–' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** `vigiles quotas` */
export function quotasView({ devices }: QuotasAnswer): string {
  const lines = devices.flatMap(({ name, quotas }) =>
    quotas.map((state) => [
      clean(name),
      state.quota,
      state.period,
      figure(state.used),
      state.limit === null ? '–' : figure(state.limit),
      share(state),
      reset(state),
    ]),
  );
  if (lines.length === 0) return dim('Nothing is used yet, and nothing is limited (quotas.devices).');
  return table(
    [
      { title: 'DEVICE', flexible: true },
      { title: 'QUOTA' },
      { title: 'PER', optional: true },
      { title: 'USED', align: 'right' },
      { title: 'OF', align: 'right' },
      { title: '', align: 'right' },
      { title: 'ANEW (UTC)', optional: true },
    ],
    lines,
  );
}
