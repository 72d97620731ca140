import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { z } from 'zod';
import { lazyShapes, withLazyShapes } from './lazy-shapes.ts';

const source = `import { z } from 'zod';
export let made = 0;
const counted = <T>(schema: T): T => { made += 1; return schema; };
const common = { name: z.string().min(1) };
export const Inner = z.strictObject({ deep: counted(z.int().default(3)) });
export const Outer = z.object({ ...common, inner: Inner, 'odd key': counted(z.boolean().optional()), get self() { return Outer.optional(); } });
export const More = Outer.extend({ more: z.array(z.looseObject({ x: counted(z.number()) })) }).omit({ self: true });
export const Either = z.discriminatedUnion('type', [
  z.object({ type: z.literal('a'), a: counted(z.string().meta({ secret: true })) }),
  z.object({ type: z.literal('b'), b: counted(z.number()) }),
]).meta({ description: 'one of two' });
export const Empty = z.object({});
`;

const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '.lazy-shapes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  made: number;
  Inner: z.ZodType;
  Outer: z.ZodType;
  More: z.ZodType;
  Either: z.ZodType;
  Empty: z.ZodType;
}

async function built(name: string, plugins: Plugin[], code = source): Promise<Made> {
  const input = join(folder, 'source.ts');
  writeFileSync(input, code);
  const bundle = await rolldown({ input, platform: 'node', external: ['zod'], plugins });
  const file = join(folder, `${name}.mjs`);
  await bundle.write({ file, format: 'esm' });
  return (await import(pathToFileURL(file).href)) as Made;
}

const tries: [keyof Omit<Made, 'made'>, unknown][] = [
  ['Inner', {}],
  ['Inner', { deep: 'no', other: 1 }],
  ['Outer', { name: 'n', inner: { deep: 1 }, self: { name: 'm', inner: {} } }],
  ['Outer', { name: '', inner: null }],
  ['More', { name: 'n', inner: {}, more: [{ x: 1, y: 2 }] }],
  ['More', { name: 'n', inner: {}, more: [{}] }],
  ['Either', { type: 'a', a: 'text' }],
  ['Either', { type: 'c' }],
  ['Empty', { any: 1 }],
];

it('schemas with lazy shapes take, refuse and describe what the others do', async () => {
  const eager = await built('eager', []);
  const lazy = await built('lazy', [lazyShapes]);
  for (const [name, value] of tries) {
    const [a, b] = [eager[name].safeParse(value), lazy[name].safeParse(value)];
    assert.deepEqual(b.data, a.data, name);
    assert.deepEqual(b.error?.issues, a.error?.issues, name);
  }
  for (const name of ['Inner', 'Outer', 'More', 'Either', 'Empty'] as const)
    assert.deepEqual(z.toJSONSchema(lazy[name]), z.toJSONSchema(eager[name]), name);
  assert.equal(lazy.made, eager.made);
});

it('fields are made when their object is first used, once', async () => {
  const lazy = await built('late', [lazyShapes], source.slice(0, source.indexOf('export const Outer')));
  assert.equal(lazy.made, 0);
  lazy.Inner.parse({});
  lazy.Inner.parse({ deep: 4 });
  assert.equal(lazy.made, 1);
});

it('a module without such schemas is left as it is', () => {
  assert.equal(withLazyShapes(`import type { z } from 'zod';\nexport const a = z.object({ b: 1 });`), null);
  assert.equal(withLazyShapes(`import { z } from 'zod';\nexport const a = z.object(b);`), null);
  assert.equal(withLazyShapes(`const z = { object: (x) => x };\nexport const a = z.object({ b: 1 });`), null);
});
