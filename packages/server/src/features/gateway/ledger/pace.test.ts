import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BudgetsConfig } from '@vigiles/contract';
import { forEachStore } from '../../../testing/stores.ts';
import { readBudgetPaces } from '../control/budget-pace.ts';
import { gatewayMigrations as migrations } from './migrations.ts';
import type { GatewayTables } from './tables.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 4, 20, 12, 30);

forEachStore('how fast budgets go out', (openStore) => {
  it('is told in quarters of the last hour, and of the last day for months, for each that has a limit', async () => {
    const store = await openStore({ migrations });
    const db = store.db<GatewayTables>();
    const turn = (id: number, minutesAgo: number, device: string, micros: number) => ({
      id: `turn_${id}`,
      ts: now - minutesAgo * minute,
      device_id: device,
      client_protocol: 'chat',
      provider: 'openai',
      provider_protocol: 'chat',
      model_requested: 'gpt',
      model: 'gpt',
      stream: 0,
      counted_micros: micros,
      latency_ms: 5,
      outcome: 'ok',
      status: 200,
      attempts: 1,
    });
    await db
      .insertInto('turn')
      .values(
        [
          turn(1, 59, 'laptop', 100),
          turn(2, 40, 'laptop', 200),
          turn(3, 40, 'ci', 7),
          turn(4, 20, 'laptop', 300),
          turn(5, 1, 'laptop', 400),
          turn(6, 61, 'laptop', 5000),
        ].map((row) => Object.assign(row, nulls)),
      )
      .execute();
    const sums = (hoursAgo: number, device: string, micros: number) => ({
      hour: Math.floor(now / hour) * hour - hoursAgo * hour,
      device_id: device,
      provider: 'openai',
      model: 'gpt',
      workspace: '',
      session_id: '',
      turns: 1,
      errors: 0,
      input_tokens: 0,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      output_tokens: 0,
      reasoning_tokens: 0,
      cost_micros: micros,
      counted_micros: micros,
      unpriced_turns: 0,
    });
    await db
      .insertInto('usage_hour')
      .values([sums(30, 'laptop', 1), sums(20, 'laptop', 20), sums(0, 'laptop', 6000), sums(0, 'ci', 7)])
      .execute();
    const config = BudgetsConfig.parse({
      daily_usd: 'none',
      monthly_usd: 1,
      devices: { laptop: { daily_usd: 0.01 }, spare: { daily_usd: 1 }, ci: { daily_usd: 0.000_001 } },
    });
    const paces = await readBudgetPaces(store, config, now);
    assert.deepEqual(
      paces.map(({ target, words, span, spentMicros, limitMicros, parts, partMs }) => ({
        target,
        words,
        span,
        spentMicros,
        limitMicros,
        parts,
        partMs,
      })),
      [
        {
          target: 'budget:whole',
          words: 'the whole monthly budget',
          span: 'monthly',
          spentMicros: 6028,
          limitMicros: 1_000_000,
          parts: [20, 0, 0, 6007],
          partMs: 6 * hour,
        },
        {
          target: 'budget:device:laptop',
          words: 'the daily budget of device laptop',
          span: 'daily',
          spentMicros: 6000,
          limitMicros: 10_000,
          parts: [100, 200, 300, 400],
          partMs: 15 * minute,
        },
      ],
    );
  });
});

const nulls = {
  session_id: null,
  workspace: null,
  input_tokens: null,
  cached_input_tokens: null,
  cache_write_tokens: null,
  cache_write_1h_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cost_micros: null,
  rate_card: null,
  ttft_ms: null,
  error_kind: null,
  error_message: null,
  losses: null,
  repairs: null,
  faults: null,
  synthesis: null,
  adaptations: null,
  continuations: null,
  decision: null,
};
