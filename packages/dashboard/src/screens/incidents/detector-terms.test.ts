import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultDetector } from '@vigiles/contract';
import { detectorTerms } from './detector-terms.ts';

test('a detector is shown by what it looks for, without what is not set', () => {
  const detector = FaultDetector.parse({
    type: 'log',
    signal: 'line',
    literal: 'upgrade_required',
    scope: { source: ['service:*', 'agent:*'] },
  });
  assert.deepEqual(detectorTerms(detector), [
    ['literal', 'upgrade_required'],
    ['scope.source', 'service:*, agent:*'],
  ]);
});

test('conditions on fields are shown by the path of the field', () => {
  const detector = FaultDetector.parse({
    type: 'event',
    signal: 'refused',
    event: 'call.failed',
    where: { cause: 'upgrade-required' },
  });
  assert.deepEqual(detectorTerms(detector), [
    ['event', 'call.failed'],
    ['where.cause', 'upgrade-required'],
  ]);
});
