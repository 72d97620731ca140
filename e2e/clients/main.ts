import { inspect, styleText } from 'node:util';
import { cells } from './cells.ts';
import { protocols, providerIds, startWorld } from './world.ts';

/** `npm run e2e:clients`: one table of official clients and provider protocols; exit code 1 where a cell is not green. */
const failures: string[] = [];
const marks = new Map<string, string[]>();
const world = await startWorld();
try {
  for (const { client, provider, run } of cells) {
    const started = performance.now();
    let mark = 'ok';
    try {
      await run(world);
    } catch (thrown) {
      mark = 'FAIL';
      failures.push(`${client} × ${protocols[provider]}:\n${inspect(thrown)}`);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    marks.set(client, (marks.get(client) ?? [client]).concat(`${mark} ${seconds} s`));
  }
} finally {
  await world.close();
}

const rows = [['client', ...providerIds.map((id) => protocols[id])], ...marks.values()];
const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length))) ?? [];
for (const [at, row] of rows.entries()) {
  const padded = row.map((text, column) => {
    const cell = text.padEnd(widths[column] ?? 0);
    if (at === 0 || column === 0) return cell;
    return styleText(text.startsWith('ok') ? 'green' : 'red', cell);
  });
  console.log(`| ${padded.join(' | ')} |`);
  if (at === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
}
for (const failure of failures) console.error(`\n${styleText('red', '✖')} ${failure}`);
console.log(
  `\n${cells.length - failures.length} of ${cells.length} green: streamed and whole, text, parallel and sequential calls, usage.`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
