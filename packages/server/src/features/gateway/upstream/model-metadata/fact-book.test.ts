import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelFactsConfig } from '@vigiles/contract';
import type { StatedFacts } from '../../core/model-facts.ts';
import { createFactBook, noTables } from './fact-book.ts';

const config = (facts: Record<string, object>) =>
  Object.fromEntries(Object.entries(facts).map(([name, one]) => [name, ModelFactsConfig.parse(one)]));

test('the person is believed before the provider, and the provider before the price tables', () => {
  const tables = {
    generation: 1,
    facts: (): StatedFacts => ({ contextWindow: 1, maxOutputTokens: 1, rates: { input: 1, output: 1 } }),
  };
  const book = createFactBook(config({ m: { context_window: 3, tools: false } }), 'x', tables);
  book.setListed(new Map([['m', { contextWindow: 2, maxOutputTokens: 2, abilities: { tools: true } }]]));
  assert.deepEqual(book.facts('m'), {
    contextWindow: 3,
    maxOutputTokens: 2,
    abilities: { images: null, tools: false, reasoning: null, structuredOutput: null },
    rates: { input: 1, output: 1 },
    cutsSilently: false,
    trainedWindow: null,
  });
});

test('what nobody said is neither yes nor no, and never a price of zero', () => {
  const facts = createFactBook({}, null, noTables).facts('unheard-of');
  assert.equal(facts.contextWindow, null);
  assert.equal(facts.abilities.tools, null);
  assert.equal(facts.rates, null);
});

test('an exact name goes before a pattern, and a pattern before nothing', () => {
  const book = createFactBook(
    config({ 'qwen*': { context_window: 10 }, qwen3: { context_window: 20 } }),
    null,
    noTables,
  );
  assert.deepEqual(
    ['qwen3', 'qwen2', 'other'].map((model) => book.facts(model).contextWindow),
    [20, 10, null],
  );
});

test('a price in the configuration is in dollars per million, the cache rates with it', () => {
  const price = { input: 0.5, output: 2, cache_read: 0.05 };
  const { rates } = createFactBook(config({ '*': { price } }), null, noTables).facts('m');
  assert.deepEqual(rates, { input: 0.5, output: 2, cacheRead: 0.05 });
});

test('facts are put together anew when the provider lists others or the tables change', () => {
  let generation = 0;
  const tables = {
    get generation() {
      return generation;
    },
    facts: (): StatedFacts => ({ maxOutputTokens: generation }),
  };
  const book = createFactBook({}, 'x', tables);
  assert.equal(book.facts('m'), book.facts('m'));
  generation = 5;
  assert.equal(book.facts('m').maxOutputTokens, 5);
  book.setListed(new Map([['m', { contextWindow: 9 }]]));
  assert.equal(book.facts('m').contextWindow, 9);
});
