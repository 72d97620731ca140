import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A plugin that says its secret in every way it has: in a finding, in facts, in an error, and on both of its outputs. */
export function writeTalkativePlugin(folder: string): string {
  const path = join(folder, 'talkative');
  mkdirSync(path);
  const manifest = {
    id: 'talkative',
    name: 'Talkative',
    version: '1.0.0',
    description: 'Says what it knows.',
    license: 'MIT',
    author: 'e2e',
    engine: '*',
    main: 'index.mjs',
    permissions: { secrets: ['plugin'] },
    provides: [
      { kind: 'check', name: 'finds' },
      { kind: 'check', name: 'throws' },
    ],
  };
  writeFileSync(join(path, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(
    join(path, 'index.mjs'),
    `import { definePlugin, failing } from '@vigiles/sdk/plugin';
const say = (word) => { console.log('out ' + word); console.error('err ' + word); };
export const plugin = definePlugin({ checks: {
  finds: { title: 'Finds', async look({ secret }) {
    const word = secret('plugin');
    say(word);
    return failing('found ' + word, { word, coded: Buffer.from(word).toString('base64') });
  } },
  throws: { title: 'Throws', async look({ secret }) { throw new Error('thrown with ' + secret('plugin')); } },
} });
`,
  );
  return path;
}
