import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderConfig, type GatewaySnapshot } from '@vigiles/contract';
import { providerRows, stateOf } from './provider-rows.ts';

const config = (id: string, more: object = {}) => ProviderConfig.parse({ id, type: 'openai', ...more });
const live = (id: string, more: object = {}): GatewaySnapshot['providers'][number] => ({
  id,
  type: 'ollama',
  local: true,
  side: 'local',
  state: 'ok',
  models: [],
  last_error: null,
  circuit: 'closed',
  latency_ms: null,
  ...more,
});

test('the file’s providers come in its order, then what was found', () => {
  const rows = providerRows([config('b'), config('a')], [live('found'), live('a')]);
  assert.deepEqual(
    rows.map(({ id, place, live: alive }) => [id, place, alive !== null]),
    [
      ['b', 0, false],
      ['a', 1, true],
      ['found', -1, true],
    ],
  );
});

test('a state is the worst that is known, and nothing is known without the gateway', () => {
  const state = (more: object | null, own: object = {}, known = true) =>
    stateOf({ id: 'a', type: 'x', config: config('a', own), place: 0, live: more && live('a', more) }, known);
  assert.equal(state({}), 'ok');
  assert.equal(state({ state: 'unknown' }), 'unused');
  assert.equal(state({ state: 'failing' }), 'failing');
  assert.equal(state({ state: 'failing', circuit: 'open' }), 'open');
  assert.equal(state({ circuit: 'half-open' }), 'probing');
  assert.equal(state(null), 'unusable');
  assert.equal(state(null, { enabled: false }), 'off');
  assert.equal(state(null, {}, false), 'unknown');
});
