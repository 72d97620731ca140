import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

type Run = (args: readonly string[]) => Promise<number>;

const { bundledRun } = (await import(new URL('./bundled-run.mjs', import.meta.url).href)) as {
  bundledRun(folder: URL): Promise<Run | null>;
};

test('command lines run from the bundle only where it says of itself that it is intact', async (t) => {
  const made = (judge: string | null): URL => {
    const folder = mkdtempSync(join(tmpdir(), 'vigiles-bundled-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'run.js'), 'export const run = async (args) => args.length;');
    if (judge !== null)
      writeFileSync(join(folder, 'intact-bundle.js'), `export const intactBundle = () => ${judge};`);
    return new URL(`${pathToFileURL(folder).href}/`);
  };
  assert.equal(await bundledRun(made(null)), null);
  assert.equal(await bundledRun(made('null')), null);
  const run = await bundledRun(made(`'run.js'`));
  assert.equal(await run?.(['start', '--help']), 2);
});
