import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { post, startTestGateway, until } from '../../testing/test-gateway.ts';
import { messagesStream } from '../../testing/upstreams/messages-answers.ts';
import {
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { createBook, type Reached } from './core/budget/book.ts';
import { spansAt } from './core/budget/spans.ts';
import { costLines } from './core/cost-lines.ts';
import { costMicros } from './core/cost.ts';
import { SlidingWindow } from './core/limits/sliding-window.ts';
import { gatewayMigrations } from './ledger/migrations.ts';
import { createBudgetTeller } from './ledger/tell-budgets.ts';

let upstream: ScriptedUpstream;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => streamPieces(res, messagesStream(['one'])));
});

after(() => upstream.close());

const config = (more: object = {}) => ({
  providers: [{ id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' }],
  requests_per_minute: 10_000,
  concurrent_turns: 1000,
  ...more,
});
const body = JSON.stringify({
  model: 'claude/claude-sonnet-4-5',
  max_tokens: 100,
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
});

test('litellm#34732: of 200 concurrent turns, a budget that fits 50 serves exactly 50', async (t) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  upstream.script(async (_seen, res) => {
    await held;
    await streamPieces(res, messagesStream(['one']));
  });
  const alone = await startTestGateway(config());
  t.after(() => alone.close());
  const first = post(`${alone.url}/v1/messages`, body);
  await until(() => alone.gateway.snapshot().active === 1, 'the turn');
  const reserved = async () => (await alone.gateway.gate.accounts(Date.now()))[0]?.todayReservedMicros ?? 0;
  const each = await reserved();
  assert.ok(each > 0);
  const gw = await startTestGateway(config(), { budgets: { devices: { '*': { dailyMicros: each * 50 } } } });
  t.after(() => gw.close());
  const racing = Array.from({ length: 200 }, () => post(`${gw.url}/v1/messages`, body));
  await until(() => gw.turns.length === 150, '150 refusals');
  release();
  const answers = await Promise.all(racing);
  await first;
  assert.equal(answers.filter(({ status }) => status === 200).length, 50);
  const refused = answers.filter(({ status }) => status === 402);
  assert.equal(refused.length, 150);
  for (const answer of refused) assert.ok(Number(answer.headers['retry-after']) >= 1);
  await gw.settled(200);
  const accounts = await gw.gateway.gate.accounts(Date.now());
  const cost = gw.turns.reduce((sum, row) => sum + (row.cost_micros ?? 0), 0);
  const whole = accounts.find(({ scope }) => scope === 'whole');
  assert.equal(whole?.todayMicros, cost);
  assert.equal(whole.todayReservedMicros, 0);
});

test('litellm#6938: 100 a minute lets exactly 100 of 544 through, and the refusal says when to come back', async (t) => {
  upstream.script((_seen, res) => streamPieces(res, messagesStream(['one'])));
  const gw = await startTestGateway(config({ limits: [{ device: '*', requests_per_minute: 100 }] }));
  t.after(() => gw.close());
  const answers = await Promise.all(Array.from({ length: 544 }, () => post(`${gw.url}/v1/messages`, body)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 100);
  const refused = answers.find(({ status }) => status === 429);
  assert.equal(refused?.headers['ratelimit-limit'], '100');
  assert.equal(refused.headers['ratelimit-remaining'], '0');
  assert.ok(Number(refused.headers['retry-after']) >= 1);
});

test('tokens of a model are limited for all devices together, and the real ones are counted', async (t) => {
  upstream.script((_seen, res) => streamPieces(res, messagesStream(['one'])));
  const gw = await startTestGateway(config({ limits: [{ model: 'claude-*', tokens_per_hour: 400 }] }));
  t.after(() => gw.close());
  assert.equal((await post(`${gw.url}/v1/messages`, body)).status, 200);
  const [row] = await gw.settled(1);
  const state = await gw.gateway.gate.limits('agent', Date.now());
  const used = state.find(({ unit }) => unit === 'tokens')?.used;
  assert.equal(used, (row?.input_tokens ?? 0) + (row?.output_tokens ?? 0));
});

test('no more than the limit lies in any window, however it is cut', () => {
  const window = new SlidingWindow(60_000);
  window.add(30_500, 7, 30_500);
  assert.equal(window.used(90_499), 7);
  assert.equal(window.used(92_000), 0);
  window.add(92_000, 3, 92_000);
  assert.equal(window.waitMs(2, 92_000), 61_000);
});

test('days begin where the configuration says, also when the clocks change', () => {
  const berlin = spansAt(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin');
  assert.equal(berlin.day.endsAt - berlin.day.startsAt, 23 * 3_600_000);
  assert.equal(berlin.day.startsAt, Date.UTC(2026, 2, 28, 23));
  const kolkata = spansAt(Date.UTC(2026, 10, 20, 19), 'Asia/Kolkata');
  assert.equal(kolkata.day.name, '2026-11-21');
  assert.equal(kolkata.day.startsAt, Date.UTC(2026, 10, 20, 18, 30));
});

test('a turn belongs to the day it began in', () => {
  const evening = Date.UTC(2026, 10, 30, 23, 59);
  const book = createBook({ dailyMicros: 100, monthlyMicros: 1000 }, evening, () => undefined);
  const reservation = book.reserve({ deviceId: 'd', workspace: null, provider: 'p' }, 90, evening);
  assert.ok('accounts' in reservation);
  const morning = Date.UTC(2026, 11, 1, 0, 1);
  assert.ok('accounts' in book.reserve({ deviceId: 'd', workspace: null, provider: 'p' }, 100, morning));
  book.settle(reservation, 90, morning);
  assert.equal(book.accounts(morning)[0]?.daySpent, 0);
});

test('litellm#9812: cache reads, both cache writes, reasoning and long context are priced once each', () => {
  const tiered = (base: number, price: number) => ({ base, tiers: [{ start: 200_000, price }] });
  const anthropic = {
    input: tiered(3, 6),
    output: tiered(15, 22.5),
    cacheRead: tiered(0.3, 0.6),
    cacheWrite: tiered(3.75, 7.5),
    cacheWrite1h: tiered(6, 12),
  };
  // Anthropic: 1,000 plain + 5,000 read + 2,000 written for 5 minutes + 500 for an hour; the decoder adds them up.
  const usage = {
    inputTokens: 8500,
    cachedInputTokens: 5000,
    cacheWriteTokens: 2500,
    cacheWrite1hTokens: 500,
    outputTokens: 400,
    reasoningTokens: 300,
  };
  assert.equal(costMicros(usage, anthropic), 3000 + 1500 + 7500 + 3000 + 6000);
  // OpenAI: 10,000 of which 8,000 were cached; 600 out of which 500 reasoning.
  const openai = { input: 1.25, output: 10, cacheRead: 0.125 };
  assert.equal(
    costMicros(
      { inputTokens: 10_000, cachedInputTokens: 8000, outputTokens: 600, reasoningTokens: 500 },
      openai,
    ),
    2500 + 1000 + 6000,
  );
  // Gemini: 250,000 with 50,000 cached are above 200,000 tokens, so every part has the higher rate.
  const gemini = { input: tiered(1.25, 2.5), output: tiered(10, 15), cacheRead: tiered(0.125, 0.25) };
  const long = { inputTokens: 250_000, cachedInputTokens: 50_000, outputTokens: 1000 };
  assert.equal(costMicros(long, gemini), 500_000 + 12_500 + 15_000);
  const lines = costLines(long, gemini);
  assert.deepEqual(
    lines.map(({ part, tokens, rate, micros, above_tokens }) => [part, tokens, rate, micros, above_tokens]),
    [
      ['input', 200_000, 2.5, 500_000, 200_000],
      ['cache_read', 50_000, 0.25, 12_500, 200_000],
      ['output', 1000, 15, 15_000, 200_000],
    ],
  );
});

forEachStore('budget thresholds', (openStore) => {
  test('each is told once, also when the gateway starts again', async () => {
    const store = await openStore({ migrations: { ...eventLogMigrations, ...gatewayMigrations } });
    const events = createEventLog({ store, log: silentLog });
    const now = Date.now();
    const run = async (already: number, spending: number) => {
      const teller = createBudgetTeller({ events, now: () => now, log: silentLog });
      const tell = (passed: Reached) => teller.tell(passed);
      const book = createBook({ dailyMicros: 100 }, now, tell);
      const sums = { scope: 'whole', name: '', todayMicros: already, monthMicros: already } as const;
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a book is no array
      book.fill([sums], now);
      const reservation = book.reserve({ deviceId: 'd', workspace: null, provider: 'p' }, 1, now);
      if ('accounts' in reservation) book.settle(reservation, spending, now);
      await teller.settled();
    };
    await run(0, 80);
    await run(80, 15);
    await run(100, 0);
    const told = await events.read({ afterSeq: 0, limit: 100, types: ['budget.reached'] });
    const percents = told.map(({ data }) => ('alert' in data ? data.alert.threshold_percent : 0));
    assert.deepEqual(percents, [50, 75, 90, 100]);
  });
});
