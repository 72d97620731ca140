import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { parse } from 'yaml';
import { CheckConfig, VigilesConfig } from '@vigiles/contract';
import { checks } from './registry.gen.ts';

const guide = readFileSync(
  new URL('../../../../../../docs/guide/watch-a-service.md', import.meta.url),
  'utf8',
);
const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text ?? '') as unknown);

it('the guide has an example of every kind of check, and each of them is valid', () => {
  const shown = new Set<string>();
  for (const block of blocks) {
    const root = block as { watchdog?: unknown };
    const found = Array.isArray(block)
      ? block.filter((entry: object) => 'type' in entry).map((entry) => CheckConfig.parse(entry))
      : root.watchdog === undefined
        ? []
        : VigilesConfig.parse(root).watchdog.services.flatMap((service) => service.checks);
    for (const { type } of found) shown.add(type);
  }
  const kinds = Object.values(checks).map(({ type }) => type as string);
  assert.deepEqual([...shown].toSorted(), kinds.toSorted());
});
