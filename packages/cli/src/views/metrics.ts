import { dim } from '../output/style.ts';
import { table } from '../output/table.ts';

/** One figure of `/metrics`. Of a histogram or summary its number of samples and their mean. */
export interface Figure {
  name: string;
  labels: Record<string, string>;
  value: number;
  help: string;
}

const samplePattern = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const labelPattern = /(\w+)="((?:[^"\\]|\\.)*)"/g;

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(text.matchAll(labelPattern), ([, name = '', value = '']) => [
      name,
      value.replace(/\\(.)/g, (_all, letter: string) => (letter === 'n' ? '\n' : letter)),
    ]),
  );

/** The samples of a text in Prometheus' exposition format (version 0.0.4). */
export function readMetrics(text: string): Figure[] {
  const help = new Map<string, string>();
  const types = new Map<string, string>();
  const figures: Figure[] = [];
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, what, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (what === 'HELP') help.set(of, rest);
    if (what === 'TYPE') types.set(of, rest);
    const [, name, labels = '', number] = samplePattern.exec(line) ?? [];
    if (name === undefined || number === undefined) continue;
    const value = number === '+Inf' ? Infinity : Number(number);
    const family = name.replace(/_(bucket|sum|count)$/, '');
    if (['histogram', 'summary'].includes(types.get(family) ?? '')) {
      if (name.endsWith('_sum')) sums.set(`${family}{${labels}}`, value);
      if (!name.endsWith('_count')) continue;
      const given = { labels: labelsOf(labels), help: help.get(family) ?? '' };
      figures.push({ name, value, ...given });
      const sum = sums.get(`${family}{${labels}}`);
      if (sum !== undefined && value > 0)
        figures.push({ name: `${family}_mean`, value: sum / value, ...given });
      continue;
    }
    figures.push({ name, labels: labelsOf(labels), value, help: help.get(name) ?? '' });
  }
  return figures;
}

const shown = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : Number(value.toPrecision(4)).toString();

/** Columns from which on there is room for what a figure means; names and labels go first. */
const explained = 150;

/** `vigiles metrics` */
export const metricsView = (figures: readonly Figure[], width = process.stdout.columns || 100): string =>
  figures.length === 0
    ? dim('No such figure.')
    : table(
        [
          { title: 'FIGURE', flexible: true },
          { title: 'OF', flexible: true },
          { title: 'VALUE', align: 'right' },
          ...(width < explained ? [] : [{ title: 'MEANS', flexible: true }]),
        ],
        figures.map(({ name, labels, value, help }) => [
          name,
          Object.entries(labels)
            .map(([label, of]) => `${label}=${of}`)
            .join(' '),
          shown(value),
          ...(width < explained ? [] : [help]),
        ]),
        width,
      );
