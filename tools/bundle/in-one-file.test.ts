import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { inOneFile } from './in-one-file.ts';

const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '.in-one-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const sources = {
  main: `import { shared } from './shared.js'; export const run = async (verb) => shared + (await (verb ? import('./start.js') : import('./other.js'))).text;`,
  start: `import { shared } from './shared.js'; import { both } from './both.js'; export const text = shared + both + 'started';`,
  other: `import { shared } from './shared.js'; import { both } from './both.js'; export const text = shared + both + 'other';`,
  shared: `export const shared = 'shared';`,
  both: `export const both = 'both';`,
};

it('a start is one file also where other parts share with it, and those stay files of their own', async () => {
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, `${name}.js`), text);
  const of = (name: string) => join(folder, `${name}.js`);
  const bundle = await rolldown({
    input: of('main'),
    preserveEntrySignatures: 'allow-extension',
  });
  const { output } = await bundle.generate({
    format: 'esm',
    codeSplitting: inOneFile([of('main'), of('start')]),
  });
  const holding = (text: string) =>
    output.filter((chunk) => chunk.type === 'chunk' && chunk.code.includes(text));
  const [start] = holding('started');
  for (const text of ['"shared"', '"both"']) assert.deepEqual(holding(text), [start]);
  const [other] = holding('other"');
  assert.notEqual(other, start);
});
