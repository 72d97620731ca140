import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuotasConfig, TurnLimit } from '@vigiles/contract';
import { limitsOf, stepReached, storageOf } from './limits.ts';
import { modelLimits } from './model-limits.ts';

const config = QuotasConfig.parse({
  devices: {
    '*': { web_requests: { daily: 100, monthly: 1000 }, storage_mb: 50 },
    phone: { web_requests: { daily: 5 } },
    dev_ci: { web_requests: { daily: 'none' }, storage_mb: 'none', bandwidth_mb: { daily: 0.5 } },
  },
});
const of = (deviceId: string, name: string) => limitsOf(config, { deviceId, name }, 'web_requests');

test('a device has its own limits by id or name, and what they do not name from all devices', () => {
  assert.deepEqual(of('dev_1', 'laptop'), { daily: 100, monthly: 1000 });
  assert.deepEqual(of('dev_1', 'phone'), { daily: 5, monthly: 1000 });
  assert.deepEqual(of('dev_ci', 'phone'), { daily: null, monthly: 1000 });
  assert.deepEqual(of('dev_1', 'constructor'), { daily: 100, monthly: 1000 });
  assert.equal(storageOf(config, { deviceId: 'dev_1', name: 'x' }), 50 * 1_048_576);
  assert.equal(storageOf(config, { deviceId: 'dev_ci', name: 'x' }), null);
  assert.equal(limitsOf(config, { deviceId: 'dev_ci', name: 'x' }, 'bandwidth_mb').daily, 524_288);
});

test('a step is reached when it is crossed, the highest of several, and none where nothing is allowed', () => {
  assert.deepEqual(
    [stepReached(0, 4, 10), stepReached(4, 5, 10), stepReached(5, 6, 10), stepReached(0, 10, 10)],
    [null, 50, null, 100],
  );
  assert.deepEqual([stepReached(0, 5, 0), stepReached(0, 5, null)], [null, null]);
});

test('limits of models for a device are the narrowest of the gateway’s rules that are about every model', () => {
  const rules = [
    { device: '*', tokens_per_day: 500, requests_per_minute: 3 },
    { device: 'dev_1', tokens_per_day: 900, requests_per_day: 7 },
    { device: '*', model: 'a*', requests_per_day: 1 },
    { tokens_per_day: 1 },
  ].map((rule) => TurnLimit.parse(rule));
  assert.deepEqual(modelLimits(rules, 'dev_1'), { requests: 7, tokens: 500 });
  assert.deepEqual(modelLimits(rules, 'dev_2'), { requests: null, tokens: 500 });
});
