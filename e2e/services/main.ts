import { readdirSync } from 'node:fs';
import { styleText } from 'node:util';
import { printTable } from '../faults/table.ts';
import { openServiceRig } from './rig.ts';
import type { Seen, ServiceRow } from './service-row.ts';

/**
 * `npm run e2e:services [-- mail ports]`: each service of a running Vigiles against the real thing on the other side, and what was
 * seen. A row is a file of this folder that exports `row`. Exit code 1 where something is not what it must be.
 */
const frame = new Set(['main.ts', 'rig.ts', 'service-row.ts']);
const wanted = new Set(process.argv.slice(2));
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !frame.has(name))
  .filter((name) => wanted.size === 0 || wanted.has(name.replace(/\.ts$/, '')))
  .toSorted();

async function seenOf(row: ServiceRow): Promise<Seen[]> {
  const { rig, close } = openServiceRig();
  try {
    return await row.run(rig);
  } catch (thrown) {
    return [{ ok: false, seen: thrown instanceof Error ? thrown.message : String(thrown) }];
  } finally {
    await close();
  }
}

const table = [['service', 'real peer', 'what was seen', '']];
let wrong = 0;
for (const file of files) {
  const { row } = (await import(`./${file}`)) as { row: ServiceRow };
  const lines = await seenOf(row);
  if (lines.length === 0) lines.push({ ok: false, seen: 'nothing was tried' });
  for (const [at, { ok, seen }] of lines.entries()) {
    if (!ok) wrong += 1;
    table.push([
      at === 0 ? row.service : '',
      at === 0 ? row.peer : '',
      seen.replace(/\s+/g, ' ').slice(0, 400),
      ok ? 'ok' : 'FAIL',
    ]);
  }
}
printTable(table);
const tried = table.length - 1;
const verdict = `\n${files.length} services: ${tried - wrong} of ${tried} things were as they must be.`;
console.log(wrong > 0 ? styleText('red', verdict) : verdict);
process.exitCode = wrong > 0 || tried === 0 ? 1 : 0;
