import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuietHoursConfig } from '@vigiles/contract';
import { channelQuiet, quietEdits } from './channel-quiet.ts';

const night: QuietHoursConfig = {
  from: '22:00',
  to: '07:00',
  days: [],
  time_zone: 'UTC',
  except: 'critical',
  otherwise: 'hold',
};

test('a channel follows everybody’s quiet hours, has none, or has its own', () => {
  assert.equal(channelQuiet(undefined).whose, 'everybody');
  assert.equal(channelQuiet({ quiet: 'follow' }).whose, 'everybody');
  assert.equal(channelQuiet({ quiet: 'ignore', quiet_hours: [night] }).whose, 'none');
  assert.equal(channelQuiet({ quiet_hours: [] }).whose, 'none');
  assert.deepEqual(channelQuiet({ quiet_hours: [night] }), { whose: 'own', spans: [night] });
});

test('only what was changed is written, and going back to everybody’s takes the key out', () => {
  const own = channelQuiet({ quiet_hours: [night] });
  const everybody = channelQuiet(undefined);
  assert.deepEqual(quietEdits(own, own), []);
  assert.deepEqual(quietEdits(everybody, own), [{ key: 'quiet_hours', value: [night] }]);
  assert.deepEqual(quietEdits(own, everybody), [{ key: 'quiet_hours', value: null }]);
  assert.deepEqual(quietEdits(channelQuiet({ quiet: 'ignore' }), own), [
    { key: 'quiet_hours', value: [night] },
    { key: 'quiet', value: null },
  ]);
});
