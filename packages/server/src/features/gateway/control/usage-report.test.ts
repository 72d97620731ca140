import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachStore } from '../../../testing/stores.ts';
import { gatewayMigrations } from '../ledger/migrations.ts';
import type { GatewayTables } from '../ledger/tables.ts';
import { usageOverTime, usageReport } from './usage-report.ts';

const HOUR = 3_600_000;
const noon = Date.UTC(2026, 4, 20, 12);
const span = { since: noon, until: noon + 2 * HOUR };

forEachStore('usage over time', (openStore) => {
  async function filled() {
    const store = await openStore({ migrations: gatewayMigrations });
    const row = (hour: number, model: string, cost_micros: number, input_tokens: number) => ({
      hour,
      device_id: 'dev',
      provider: 'p',
      model,
      workspace: '',
      session_id: '',
      turns: 1,
      errors: 0,
      unpriced_turns: 0,
      input_tokens,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      output_tokens: 0,
      reasoning_tokens: 0,
      cost_micros,
      counted_micros: cost_micros,
    });
    await store
      .db<GatewayTables>()
      .insertInto('usage_hour')
      .values([
        row(noon, 'dear', 90, 1),
        row(noon, 'long', 5, 900),
        row(noon, "o'ther", 3, 2),
        row(noon + HOUR, 'small', 2, 3),
        row(noon + HOUR, 'dear', 10, 1),
      ])
      .execute();
    return store;
  }

  test('only the largest keys are told apart, by what is asked for, and the rest adds up', async () => {
    const store = await filled();
    const series = async (measure: 'cost' | 'tokens') =>
      (await usageOverTime(store, 'model', 'hour', span, { count: 1, measure })).map(
        ({ start, key, cost_micros: cost }) => `${(start - noon) / HOUR} ${key} ${cost}`,
      );
    assert.deepEqual(new Set(await series('cost')), new Set(['0 * 8', '0 dear 90', '1 * 2', '1 dear 10']));
    assert.deepEqual(new Set(await series('tokens')), new Set(['0 * 93', '0 long 5', '1 * 12']));
    assert.equal((await usageOverTime(store, 'model', 'hour', span)).length, 5);
  });

  test('rows come largest first, and only as many as are asked for', async () => {
    const store = await filled();
    const names = async (measure: 'cost' | 'tokens', limit: number) =>
      (await usageReport(store, 'model', span, { measure, limit })).map(({ key }) => key);
    assert.deepEqual(await names('cost', 2), ['dear', 'long']);
    assert.deepEqual(await names('tokens', 3), ['long', 'small', 'dear']);
  });
});
