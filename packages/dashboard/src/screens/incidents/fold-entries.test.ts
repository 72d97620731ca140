import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentEntry } from '@vigiles/contract';
import { foldEntries } from './fold-entries.ts';

const entry = (kind: IncidentEntry['kind'], title: string, detail: string): IncidentEntry => ({
  ts: 1,
  kind,
  tier: null,
  title,
  detail,
  actor: 'watchdog',
  evidence: { [detail]: true },
});

test('a verification that is told twice is one entry that says both', () => {
  const [action, looks, over, done] = [
    entry('action', 'Restart', ''),
    entry('verification', 'Verifying', 'Waits for healthy looks'),
    entry('verification', 'Verifying', 'Waits up to 120 s for it to be over'),
    entry('outcome', 'Fixed', ''),
  ] as const;
  const folded = foldEntries([action, looks, over, over, done]);
  assert.deepEqual(
    folded.map(({ title, detail }) => [title, detail]),
    [
      ['Restart', ''],
      ['Verifying', 'Waits for healthy looks; Waits up to 120 s for it to be over'],
      ['Fixed', ''],
    ],
  );
  assert.equal(Object.keys(folded[1]?.evidence ?? {}).length, 2);
});

test('two actions with one name stay two', () => {
  const again = entry('action', 'Restart', '');
  assert.equal(foldEntries([again, again]).length, 2);
});
