import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { builtInFaults } from '../catalogue/built-in.gen.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { lineTest } from '../catalogue/line-test.ts';
import { compileEntry, type CompiledEntry } from '../core/detect/compiled.ts';
import { createDetection } from '../core/detect/detection.ts';
import type { Signal } from '../core/detect/signal.ts';
import type { Cleared, Sighting } from '../core/sighting.ts';
import { createMatcher } from '../signals/match/matcher.ts';
import { createDetectEngine } from './engine.ts';

const compiled = builtInFaults.map((entry, order) => compileEntry(entry, order, lineTest));
const MINUTE = 60_000;

function rig() {
  let now = 1_000_000_000;
  const sighted: Sighting[] = [];
  const cleared: Cleared[] = [];
  let hear = (_event: VigilesEvent): void => {};
  let change = (_compiled: readonly CompiledEntry[]): void => {};
  const catalogue: Pick<Catalogue, 'compiled' | 'subscribe'> = {
    compiled: () => compiled,
    subscribe: (handler) => {
      change = handler;
      return () => undefined;
    },
  };
  const engine = createDetectEngine({
    catalogue: catalogue as Catalogue,
    events: {
      subscribe: (handler) => {
        hear = (event) => {
          handler(event);
        };
        return () => undefined;
      },
    },
    clock: { now: () => now, monotonic: () => now },
    log: silentLog,
    responder: { sighted: (one) => sighted.push(one), cleared: (one) => cleared.push(one) },
  });
  engine.start();
  return {
    engine,
    sighted,
    cleared,
    hear: (type: string, data: object) => hear({ type, data } as VigilesEvent),
    change: (next: readonly CompiledEntry[]) => change(next),
    pass: (ms: number) => (now += ms),
    signal: (name: string, more: Partial<Signal> = {}) =>
      engine.signal({ name, target: 'api', targetClass: 'service', at: now, source: 'check', ...more }),
    now: () => now,
  };
}

const failure = (more: object) => ({
  provider: 'p',
  model: 'm',
  cause: 'rate-limited',
  status: 429,
  code: null,
  message: 'slow down',
  count: 2,
  in_a_row: 2,
  retry_after_ms: 20_000,
  last_at: 0,
  ...more,
});

test('failed calls of the gateway are sighted once per episode, however many come', (t) => {
  const { engine, hear, sighted } = rig();
  t.after(() => engine.stop());
  for (let n = 0; n < 50; n += 1)
    hear('calls.failed', { failures: [failure({})], recovered: [], dropped: 0 });
  assert.deepEqual(
    sighted.map(({ fault, target, severity }) => [fault, target, severity]),
    [['B1', 'provider:p', 'info']],
  );
  assert.equal(sighted[0]?.evidence['retry_after_ms'], 20_000);
  assert.equal(engine.episode('B1', 'provider:p')?.occurrences, 50);
});

test('what models garble is sighted from settled turns; what was always put right is only noted', (t) => {
  const { engine, hear, sighted } = rig();
  t.after(() => engine.stop());
  const turn = (model: string, recovered: boolean) => ({
    turn: {
      id: 't',
      provider: 'p',
      model,
      session_id: null,
      faults: [{ fault: 'C1', count: 1, recovered, detail: 'x' }],
    },
  });
  for (let n = 0; n < 3; n += 1) hear('turn.settled', turn('good', true));
  for (let n = 0; n < 3; n += 1) hear('turn.settled', turn('bad', false));
  assert.deepEqual(
    sighted.map(({ fault, target, severity }) => [fault, target, severity]),
    [
      ['C1', 'model:p/good', 'info'],
      ['C1', 'model:p/bad', 'warning'],
    ],
  );
});

test('the faults of the state machine become A1, A2, A4 and A5, each once, and end with it', (t) => {
  const { engine, signal, sighted, cleared, pass } = rig();
  t.after(() => engine.stop());
  signal('state.process_dead');
  signal('state.process_dead', { cleared: true });
  pass(10 * MINUTE);
  signal('state.not_responding');
  signal('state.not_responding', { cleared: true });
  pass(10 * MINUTE);
  signal('state.check_failing');
  signal('state.check_failing', { cleared: true });
  pass(10 * MINUTE);
  const line = 'Error: listen EADDRINUSE: address already in use 127.0.0.1:80';
  signal('log', { source: 'log', line, fields: { source: 'service:api' } });
  signal('process.exited', { source: 'process', fields: { code: 1 } });
  signal('state.process_dead');
  assert.deepEqual(
    sighted.map(({ fault }) => fault),
    ['A1', 'A4', 'A5', 'A2'],
  );
  assert.deepEqual(
    cleared.map(({ fault }) => fault),
    ['A1', 'A4', 'A5'],
  );
  assert.equal(sighted[3]?.line, line);
});

test('lines that one matcher found decide like lines that were tried one by one', (t) => {
  const { engine, sighted, now } = rig();
  t.after(() => engine.stop());
  const matcher = createMatcher(engine.patterns(), { source: 'agent:codex' });
  const line = 'error: database disk image is malformed';
  const keys = matcher.match(line).map(({ id }) => id);
  const fields = { source: 'agent:codex', stream: 'stderr' };
  engine.line(
    { name: 'log', target: 'agent:codex', targetClass: 'agent', at: now(), source: 'log', line, fields },
    keys,
  );
  assert.deepEqual(
    sighted.map(({ fault, line: seen }) => [fault, seen]),
    [['D4', line]],
  );
});

test('a changed catalogue ends the episodes of entries that are gone and keeps the others', (t) => {
  const { engine, hear, change, cleared } = rig();
  t.after(() => engine.stop());
  hear('calls.failed', {
    failures: [failure({}), failure({ cause: 'auth', status: 401 })],
    recovered: [],
    dropped: 0,
  });
  change(compiled.filter(({ entry }) => entry.id !== 'B1'));
  assert.deepEqual(
    cleared.map(({ fault }) => fault),
    ['B1'],
  );
  assert.deepEqual(
    engine.active().map(({ fault }) => fault),
    ['B3'],
  );
});

test('what is remembered does not grow with the targets, and quiet ones are forgotten', () => {
  const detection = createDetection();
  detection.replace(compiled, 0);
  const fields = { cause: 'auth' };
  for (let n = 0; n < 5000; n += 1)
    detection.signal({
      name: 'call.failed',
      target: `provider:${n}`,
      targetClass: 'provider',
      at: n + 1,
      source: 'gateway',
      fields,
    });
  assert.ok(detection.active().length <= 2000);
  detection.tick(24 * 60 * MINUTE);
  detection.tick(48 * 60 * MINUTE);
  assert.equal(detection.active().length, 0);
});
