import { styleText } from 'node:util';

/** Prints rows as a table; the first is its head, a last cell `ok` is green, `FAIL` red. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const [head = []] = rows;
  const widths = head.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  for (const [at, row] of rows.entries()) {
    const cells = row.map((text, column) => {
      const cell = text.padEnd(widths[column] ?? 0);
      if (at === 0 || column !== row.length - 1) return cell;
      return styleText(text === 'ok' ? 'green' : 'red', cell);
    });
    console.log(`| ${cells.join(' | ')} |`);
    if (at === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  }
}
