import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventMap } from '@vigiles/contract';
import type { LedgerTurn } from './ledger-turn.ts';
import { packTurns, unpackTurns } from './pack-turns.ts';

const turn = (number: number, more: Partial<LedgerTurn> = {}): LedgerTurn => ({
  id: `trn_${String(number).padStart(6, '0')}`,
  ts: 1_795_000_000_000 + number,
  device_id: 'dev',
  session_id: 'a "session"\nof two lines',
  workspace: null,
  client_protocol: 'openai-responses',
  provider: 'p',
  provider_protocol: 'openai-chat',
  model_requested: 'fast',
  model: 'm',
  stream: true,
  input_tokens: 10 + number,
  cached_input_tokens: 0,
  cache_write_tokens: null,
  cache_write_1h_tokens: null,
  output_tokens: 5,
  reasoning_tokens: null,
  cost_micros: number % 2 === 0 ? null : 7,
  counted_micros: 7,
  rate_card: 'card',
  latency_ms: 1.5 + number,
  ttft_ms: number === 0 ? null : 0.3,
  outcome: 'ok',
  status: 200,
  error_kind: null,
  error_message: null,
  attempts: 1,
  losses: [],
  repairs: [],
  faults: [],
  synthesis: null,
  adaptations: [],
  continuations: [],
  ...more,
});

test('turns arrive as they were sent and in order, alike or not, and each event says all of its turn', () => {
  const losses = [{ path: 'tools[0]', what: 'web_search', why: 'unknown there' }];
  const sent: LedgerTurn[] = [];
  for (let number = 0; number < 60; number += 3) {
    sent.push(turn(number), turn(number + 1, { session_id: `s${number}`, workspace: 'w' }));
    sent.push(turn(number + 2, number % 2 === 0 ? { losses } : { decision: '{"why":"route"}' }));
  }
  sent.push(
    turn(61, { outcome: 'upstream_error', status: 502, error_kind: 'overloaded', error_message: '"busy"' }),
  );
  sent.push(
    turn(62, { outcome: 'upstream_error', status: 502, error_kind: 'overloaded', error_message: 'other' }),
  );
  const { turns, texts } = unpackTurns(structuredClone(packTurns(sent)));
  assert.deepEqual(turns, sent);
  for (const [i, text] of texts.entries()) {
    const { decision: _decision, ...told } = sent[i] as LedgerTurn;
    assert.deepEqual(eventMap['turn.settled'].parse(JSON.parse(text)), { turn: told });
  }
});

test('turns that are alike say once what they share', () => {
  const { shared } = packTurns(Array.from({ length: 100 }, (_, number) => turn(number)));
  assert.equal((JSON.parse(shared) as unknown[]).length, 1);
});

test('a number that JSON cannot say is none', () => {
  const { turns, texts } = unpackTurns(packTurns([turn(1, { input_tokens: Infinity })]));
  assert.equal(turns[0]?.input_tokens, null);
  assert.equal(eventMap['turn.settled'].parse(JSON.parse(texts[0] as string)).turn.input_tokens, null);
});
