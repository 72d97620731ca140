import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overrideText } from './override-text.ts';

const plain = {
  id: 'ovr_1',
  provider: 'openai',
  hold: false,
  detour_to: null,
  idle_timeout_s: null,
  connect_timeout_s: null,
  until: 0,
  reason: '',
  actor: 'watchdog',
  created_at: 0,
};

test('an override says all that it changes', () => {
  assert.equal(
    overrideText({ ...plain, hold: true, detour_to: 'ollama', idle_timeout_s: 300 }),
    'is held back, its turns go to ollama, may be silent for 300 s',
  );
  assert.equal(overrideText(plain), 'is changed');
});
