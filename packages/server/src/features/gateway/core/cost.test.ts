import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calcPrice } from '@pydantic/genai-prices';
import { createPricing } from '../pricing.ts';
import { costMicros, estimateMicros } from './cost.ts';

const pricing = createPricing();
await pricing.load();

const models: [string, string][] = [
  ['openai', 'gpt-5'],
  ['openai', 'gpt-4o-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-haiku-4-5'],
  ['openrouter', 'anthropic/claude-sonnet-4.5'],
];
const usages = [
  { inputTokens: 1000, outputTokens: 100 },
  { inputTokens: 12_345, outputTokens: 678, cachedInputTokens: 10_000 },
  { inputTokens: 250_000, outputTokens: 10, cachedInputTokens: 200_000 },
];

test('our arithmetic agrees with the price package to the micro-dollar', () => {
  for (const [providerId, model] of models) {
    const rates = pricing.ratesOf(providerId, model);
    assert.ok(rates, model);
    for (const usage of usages) {
      const theirs = calcPrice(
        {
          input_tokens: usage.inputTokens,
          output_tokens: usage.outputTokens,
          ...(usage.cachedInputTokens ? { cache_read_tokens: usage.cachedInputTokens } : {}),
        },
        model,
        { providerId },
      );
      const expected = (theirs?.total_price ?? -1) * 1e6;
      assert.ok(Math.abs(costMicros(usage, rates) - expected) <= 1, `${model}: ${expected}`);
    }
  }
});

test('cache reads and writes are parts of the input and are priced once', () => {
  const rates = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6 };
  const usage = {
    inputTokens: 1000,
    outputTokens: 0,
    cachedInputTokens: 600,
    cacheWriteTokens: 300,
    cacheWrite1hTokens: 100,
  };
  assert.equal(costMicros(usage, rates), 100 * 3 + 600 * 0.3 + 200 * 3.75 + 100 * 6);
});

test('a model nobody has priced is unpriced, and a local one is free', () => {
  assert.equal(pricing.ratesOf('openai', 'no-such-model'), null);
  assert.equal(pricing.ratesOf(null, 'gpt-5'), null);
  assert.equal(
    costMicros(
      { inputTokens: 1e6, outputTokens: 1e6 },
      pricing.ratesOf('free', 'x') ?? { input: 1, output: 1 },
    ),
    0,
  );
});

test('the estimate covers the whole output the client allowed', () => {
  assert.equal(estimateMicros(4000, 1000, { input: 1, output: 2 }), 1000 + 2000);
});
