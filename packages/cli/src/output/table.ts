import Table from 'cli-table3';
import { clean } from './clean.ts';
import { dim } from './style.ts';
import { fit, widthOf } from './width.ts';

export interface Column {
  title: string;
  /** Gives way when the terminal is narrow; the widest first. */
  flexible?: boolean;
  /** Left out when the terminal is very narrow; the last ones first. */
  optional?: boolean;
  align?: 'left' | 'right';
}

/** A cell that is already coloured by us and holds nothing of others. */
export interface Painted {
  painted: string;
}

const textOf = (cell: string | Painted) => (typeof cell === 'string' ? clean(cell) : cell.painted);

const gap = 2;
/** A column that gives way keeps so many columns, as long as there are any. */
const least = 8;
const leastOfAll = 3;

const sum = (widths: readonly number[]): number => widths.reduce((all, each) => all + each + gap, 0) - gap;

/** Takes from the widest of these columns until all fit, but leaves each so much. */
function shrink(widths: number[], which: (at: number) => boolean, floor: number, width: number): void {
  while (sum(widths) > width) {
    let widest = -1;
    for (const [at, each] of widths.entries())
      if (which(at) && each > floor && each > (widths[widest] ?? 0)) widest = at;
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

const noLines = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((name) => [name, '']),
);

/** A table without lines that fits the terminal; what is too long ends in an ellipsis. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | Painted)[])[],
  width = process.stdout.columns || 100,
): string {
  const cells = rows.map((row) => row.map(textOf));
  const wantedOf = (at: number): number =>
    Math.max(widthOf(columns[at]?.title ?? ''), ...cells.map((row) => widthOf(row[at] ?? '')));
  let shown = columns.map((_column, at) => at);
  const widths = (): number[] => {
    const each = shown.map(wantedOf);
    shrink(each, (at) => columns[shown[at] ?? 0]?.flexible === true, least, width);
    return each;
  };
  for (const at of [...columns.keys()].toReversed())
    if (columns[at]?.optional && sum(widths()) > width) shown = shown.filter((each) => each !== at);
  const fitting = widths();
  shrink(fitting, () => true, leastOfAll, width);
  const drawn = new Table({
    head: shown.map((at, i) => dim(fit(columns[at]?.title ?? '', fitting[i] ?? 0))),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colWidths: fitting.map((each) => each + gap),
    colAligns: shown.map((at) => columns[at]?.align ?? 'left'),
  });
  drawn.push(...cells.map((row) => shown.map((at, i) => fit(row[at] ?? '', fitting[i] ?? 0))));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
