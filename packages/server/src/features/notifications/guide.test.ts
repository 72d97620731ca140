import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { VigilesConfig } from '@vigiles/contract';
import { channels } from './channels/registry.gen.ts';

const guide = readFileSync(new URL('../../../../../docs/guide/notifications.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) =>
  VigilesConfig.parse(parse(text)),
);

test('every example of the guide is a valid configuration, and every channel has one', () => {
  const shown = new Set(
    examples.flatMap(({ notifications }) => notifications.channels.map(({ type }) => type)),
  );
  assert.deepEqual([...shown].toSorted(), Object.keys(channels).toSorted());
});
