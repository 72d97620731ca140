import Table from 'cli-table3';
import { clean, lengthOf } from './clean.ts';
import { dim } from './style.ts';

export interface Column {
  title: string;
  /** The widest column of this kind gives way when the terminal is narrow. */
  flexible?: boolean;
  align?: 'left' | 'right';
}

/** A cell that is already coloured by us and holds nothing of others. */
export interface Painted {
  painted: string;
}

const textOf = (cell: string | Painted) => (typeof cell === 'string' ? clean(cell) : cell.painted);
// oxlint-disable-next-line no-control-regex -- our own colours
const widthOf = (text: string) => lengthOf(text.replace(/\u001B\[[0-9;]*m/g, ''));

/** A table without lines that fits the terminal; what is too long ends in an ellipsis. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | Painted)[])[],
  width = process.stdout.columns || 100,
): string {
  const cells = rows.map((row) => row.map(textOf));
  const gap = 2;
  const wanted = columns.map(({ title }, i) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[i] ?? ''))),
  );
  const total = wanted.reduce((sum, each) => sum + each + gap, 0);
  let over = total - width;
  for (const [i, { flexible }] of columns.entries()) {
    const now = wanted[i] ?? 0;
    if (!flexible || over <= 0) continue;
    const less = Math.min(over, Math.max(0, now - 8));
    wanted[i] = now - less;
    over -= less;
  }
  const empty = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '',
  };
  const drawn = new Table({
    head: columns.map(({ title }) => dim(title)),
    chars: empty,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colWidths: wanted.map((each) => each + gap),
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  drawn.push(...cells);
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
