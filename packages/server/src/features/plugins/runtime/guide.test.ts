import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { PluginManifest, VigilesConfig } from '@vigiles/contract';
import { createPluginLook } from './kinds/look.ts';
import { createPluginRig } from './testing/plugin-rig.ts';

const guide = readFileSync(
  new URL('../../../../../../docs/guide/write-a-plugin.md', import.meta.url),
  'utf8',
);
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';
const manifest = PluginManifest.parse(JSON.parse(block('json')));
let depth = 900;
const rig = createPluginRig({
  egress: {
    fetch: async ({ headers }) => ({
      ok: true,
      value: {
        status: headers?.['authorization'] === 'Bearer t0ken' ? 200 : 403,
        headers: {},
        body: Buffer.from(JSON.stringify({ depth })),
        url: '',
      },
    }),
  },
});
after(() => rig.close());

test('the plugin of the guide runs as it stands there, and is used as it says', async () => {
  const made = rig.install({
    id: manifest.id,
    provides: manifest.provides,
    main: '',
    files: { 'index.mjs': block('js') },
  });
  await rig.runtime.sync([{ ...made, manifest, granted: manifest.permissions }]);
  await rig.until('queue-watch', ({ state }) => state === 'running');
  const brought = rig.runtime.list()[0]?.provides.map(({ kind, name }) => `${kind} ${name}`);
  assert.deepEqual(
    brought?.toSorted(),
    manifest.provides.map(({ kind, name }) => `${kind} ${name}`).toSorted(),
  );
  const config = VigilesConfig.parse(parse(block('yaml')));
  const [check] = config.watchdog.services[0]?.checks ?? [];
  assert.ok(check?.type === 'plugin');
  const look = createPluginLook(rig.runtime, () => 't0ken');
  const ask = () =>
    look({
      plugin: check.plugin,
      options: check.options,
      timeoutMs: 20_000,
      signal: new AbortController().signal,
    });
  assert.deepEqual(await ask(), { state: 'failing', reason: '900 wait', facts: { depth: 900 } });
  depth = 7;
  assert.deepEqual(await ask(), { state: 'ok', facts: { depth: 7 } });
});
