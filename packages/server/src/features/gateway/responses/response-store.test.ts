import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponseStore, type KeptResponse, type ResponseStore } from './response-store.ts';

const NOTHING = Buffer.alloc(0);

function storeAt(config: { response_ttl_s: number; response_store_mb: number }): {
  store: ResponseStore;
  clock: { now: number };
} {
  const clock = { now: 1_000_000 };
  return {
    clock,
    store: createResponseStore(
      () => config,
      () => clock.now,
    ),
  };
}

const make = (id: string, parent: KeptResponse | null = null, bytes = 0) => ({
  id,
  owner: 'a',
  parent,
  input: NOTHING,
  response: Buffer.alloc(bytes),
  output: NOTHING,
});

test('memory stays under its limit however much is kept, and the longest unused goes first', () => {
  const { store } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  for (let at = 0; at < 1000; at += 1) {
    store.keep(make(`r${at}`, null, 10_000));
    store.find('a', 'r0');
    assert.ok(store.size().bytes <= 1024 * 1024);
  }
  assert.ok(store.find('a', 'r0'), 'in use');
  assert.equal(store.find('a', 'r1'), undefined);
  assert.ok(store.find('a', 'r999'));
  assert.equal(store.keep(make('huge', null, 2_000_000)), undefined);
  assert.ok(store.find('a', 'r999'), 'what can never fit pushes nothing out');
  store.close();
});

test('what is not used for the set time is gone; every use starts it anew', () => {
  const { store, clock } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  store.keep(make('r'));
  clock.now += 599_000;
  assert.ok(store.find('a', 'r'));
  clock.now += 599_000;
  assert.ok(store.find('a', 'r'));
  clock.now += 600_000;
  assert.equal(store.find('a', 'r'), undefined);
  assert.deepEqual(store.size(), { responses: 0, bytes: 0 });
});

test('a follow-up whose beginning is gone is not found, rather than answered without it', () => {
  const { store } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  const first = store.keep(make('first'));
  assert.ok(first);
  const second = store.keep(make('second', first));
  store.keep(make('third', second ?? null));
  assert.ok(store.find('a', 'third'));
  store.drop(first);
  assert.equal(store.find('a', 'third'), undefined);
});

test('an id that a provider gives out twice means the newer answer, which still knows the older', () => {
  const { store } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  const first = store.keep(make('same')) ?? null;
  const second = store.keep(make('same', first));
  const found = store.find('a', 'same');
  assert.equal(found, second);
  assert.equal(found?.parent, first);
});

test('one device never sees what another keeps', () => {
  const { store } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  store.keep(make('r'));
  store.issued('a', 'native', 'oai');
  assert.equal(store.find('b', 'r'), undefined);
  assert.equal(store.find('b', 'native'), undefined);
  assert.equal(store.find('a', 'native')?.issuer, 'oai');
});

test('ids that providers keep are remembered within a limit', () => {
  const { store } = storeAt({ response_ttl_s: 600, response_store_mb: 1 });
  for (let at = 0; at < 12_000; at += 1) store.issued('a', `n${at}`, 'oai');
  assert.equal(store.size().responses, 10_000);
  assert.equal(store.find('a', 'n0'), undefined);
  assert.ok(store.find('a', 'n11999'));
});
