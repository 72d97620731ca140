import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { z } from 'zod';
import { lazyShapes } from './lazy-shapes.ts';
import { plainSchemas, withoutLooks } from './plain-schemas.ts';

const source = `import { z } from 'zod';
export let made = 0;
const counted = <T>(schema: T): T => { made += 1; return schema; };
export const Either = z.discriminatedUnion('type', [
  z.object({ type: z.literal('a'), a: counted(z.string()) }),
  z.object({ type: z.literal('b'), b: counted(z.number()) }),
]);
export const Holder = z.object({ name: z.string().default('n'), entries: z.array(Either).default([]) });
`;

const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '.plain-schemas-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  made: number;
  Holder: z.ZodType;
}

async function built(name: string, plugins: Plugin[]): Promise<Made> {
  const input = join(folder, 'source.ts');
  writeFileSync(input, source);
  const bundle = await rolldown({ input, platform: 'node', plugins });
  const file = join(folder, `${name}.mjs`);
  await bundle.write({ file, format: 'esm' });
  return (await import(pathToFileURL(file).href)) as Made;
}

it('what is not given needs no schema, and what is given is taken and refused as before', async () => {
  // All copies of zod in a process share it, and one that is not plain installs it.
  z.config({ memoizer: undefined });
  const plain = await built('plain', [lazyShapes, plainSchemas]);
  assert.deepEqual(plain.Holder.parse({}), { name: 'n', entries: [] });
  assert.equal(plain.made, 0);
  const before = await built('before', [lazyShapes]);
  for (const entries of [
    [{ type: 'a', a: 'text' }],
    [{ type: 'b', b: 'text' }],
    [{ type: 'c' }],
    [{}],
    'none',
  ]) {
    const answer = plain.Holder.safeParse({ entries });
    const expected = before.Holder.safeParse({ entries });
    assert.deepEqual(
      [answer.success, answer.data, answer.error?.issues],
      [expected.success, expected.data, expected.error?.issues],
    );
  }
  assert.equal(plain.made, 2);
});

it('a zod that does it in another way stops the build', () => {
  const id = join('node_modules', 'zod', 'v4', 'core', 'schemas.js');
  assert.throws(() => withoutLooks('export const none = 0;', `/${id}`), /Not what it was/);
  assert.equal(withoutLooks('export const none = 0;', '/elsewhere/schemas.js'), null);
});
