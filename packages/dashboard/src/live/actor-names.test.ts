import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actorName, nameDevices, withNames } from './actor-names.ts';

test('a device is told by its name, one that nobody knows is a person, the watchdog is itself', () => {
  nameDevices([{ id: 'dev_1', name: 'Ada’s laptop' }]);
  assert.equal(actorName('device:dev_1'), 'Ada’s laptop');
  assert.equal(actorName('device:dev_2'), 'a person');
  assert.equal(actorName('watchdog'), 'watchdog');
  assert.equal(
    withNames('cancelled by device:dev_1, not device:dev_2.'),
    'cancelled by Ada’s laptop, not a person.',
  );
});
