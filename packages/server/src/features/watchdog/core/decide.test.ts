import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { decide } from './decide.ts';
import { newMemory, type Effect, type Memory, type Observation, type Policy } from './memory.ts';
import { transitions, type Row, type TransitionTable } from './transitions.ts';

const policy: Policy = {
  checks: ['http:0'],
  failuresToDown: 3,
  slowFailuresToDown: 6,
  successesToUp: 2,
  startGraceMs: 1000,
  maintenance: [],
};
const at = (ms: number) => ({ wall: ms, monotonic: ms });
const healthy: Observation = { kind: 'healthy', check: 'http:0', instance: 'a' };
const unhealthy: Observation = { kind: 'unhealthy', check: 'http:0', instance: 'a', reason: 'HTTP 500' };
const slow: Observation = { kind: 'slow', check: 'http:0', instance: 'a', reason: 'no answer' };
const started: Observation = { kind: 'process_started', instance: 'a' };
const dead: Observation = { kind: 'process_dead', instance: 'a', reason: 'SIGKILL' };

/** Feeds observations one per second; answers the memory and all effects. */
function run(seen: readonly Observation[], rules = policy, from: Memory = newMemory(0), begin = 0) {
  let memory = from;
  const effects: Effect[] = [];
  seen.forEach((observation, index) => {
    const decision = decide(memory, observation, at(begin + index * 1000), rules);
    memory = decision.memory;
    effects.push(...decision.effects);
  });
  return { memory, effects, faults: effects.filter(({ kind }) => kind === 'fault').length };
}
const times = (count: number, seen: Observation) => Array.from({ length: count }, () => seen);
const up = run([started, healthy, healthy]).memory;
const downByDeath = run([dead], policy, up).memory;

describe('deciding', () => {
  it('a table that lacks a state or an observation does not compile', () => {
    const { tick: _tick, ...incomplete } = transitions.UP;
    // @ts-expect-error a row without `tick`
    const row: Row = incomplete;
    const { DOWN: _down, ...fewer } = transitions;
    // @ts-expect-error a table without `DOWN`
    const table: TransitionTable = fewer;
    assert.ok(row && table);
  });

  it('one failing look is a suspicion, as many as configured are down', () => {
    assert.equal(run([unhealthy], policy, up).memory.state, 'SUSPECT');
    assert.equal(run([unhealthy, unhealthy], policy, up).faults, 0);
    const down = run([unhealthy, unhealthy, unhealthy], policy, up);
    assert.equal(down.memory.state, 'DOWN');
    assert.equal(down.faults, 1);
  });

  it('a dead process is down at once', () => {
    assert.equal(downByDeath.state, 'DOWN');
    assert.equal(run([dead], policy, up).faults, 1);
  });

  it('slow but bound and alive gets the longer threshold', () => {
    assert.equal(run(times(5, slow), policy, up).memory.state, 'SUSPECT');
    assert.equal(run(times(6, slow), policy, up).memory.state, 'DOWN');
  });

  it('a frozen process hangs, however soon it is missed', () => {
    const frozen: Observation = { ...unhealthy, frozen: true };
    const { memory } = run(times(2, frozen), policy, up);
    const effect = decide(memory, frozen, at(1000), policy).effects.find(({ kind }) => kind === 'fault');
    assert.equal(effect?.kind === 'fault' && effect.code, 'not_responding');
  });

  it('our own trouble is unknown, never down', () => {
    const trouble: Observation = { kind: 'own_trouble', reason: 'blocked' };
    assert.equal(run(times(50, trouble), policy, up).memory.state, 'UNKNOWN');
    assert.equal(run([unhealthy, unhealthy, trouble, unhealthy, unhealthy], policy, up).faults, 0);
  });

  it('a check that cannot tell hides neither that another one fails, nor that the process died', () => {
    const rules = { ...policy, checks: ['http:0', 'ping:1'] };
    const blind: Observation = { kind: 'blind', check: 'ping:1', reason: 'no program `ping`' };
    assert.equal(run([healthy, blind, healthy, blind], rules).memory.state, 'UNKNOWN');
    const failing = Array.from({ length: 20 }, () => [unhealthy, blind]).flat();
    const hidden = run([healthy, blind, ...failing], rules);
    assert.equal(hidden.memory.state, 'DOWN');
    assert.equal(hidden.faults, 1);
    assert.equal(run([healthy, blind, healthy, blind], rules, hidden.memory).memory.state, 'UNKNOWN');
    const found: Observation = { ...dead, instance: null, check: 'process:2' };
    const gone = run([found, blind, healthy, blind, found, blind], rules, up);
    assert.deepEqual([gone.memory.state, gone.faults], ['DOWN', 1]);
    assert.equal(run([blind, blind], rules, downByDeath).memory.state, 'DOWN');
  });

  it('what was told before our own trouble is told as the same fault after it', () => {
    const trouble: Observation = { kind: 'own_trouble', reason: 'blocked' };
    const toldAs = (seen: readonly Observation[]) =>
      run(seen, policy, up).effects.flatMap((effect) => (effect.kind === 'fault' ? [effect.still] : []));
    const failing = times(3, unhealthy);
    assert.deepEqual(toldAs([...failing, trouble, ...failing]), [false, true]);
    assert.deepEqual(toldAs([...failing, trouble, healthy, healthy, ...failing]), [false, false]);
    assert.deepEqual(toldAs([...failing, trouble, dead]), [false, false], 'its death is news');
    assert.deepEqual(toldAs([dead, trouble, { ...dead, instance: null }]), [false, true]);
  });

  it('a check that failed and cannot tell any more is unknown', () => {
    const blind: Observation = { kind: 'blind', check: 'http:0', reason: 'no right' };
    assert.equal(run([unhealthy, blind], policy, up).memory.state, 'UNKNOWN');
    assert.equal(run([unhealthy, unhealthy, unhealthy, blind], policy, up).memory.state, 'UNKNOWN');
    const remembered: Memory = { ...newMemory(0), state: 'DOWN', faulty: true };
    assert.equal(run([blind], policy, remembered).memory.state, 'UNKNOWN');
    assert.equal(run([unhealthy, unhealthy, blind, unhealthy, unhealthy], policy, up).faults, 0);
  });

  it('after an action, what is seen of the old instance does not count until a new one runs', () => {
    const began: Observation = { kind: 'recovery_began', until: 60_000, reason: 'restart' };
    // The gap between the two: nobody runs, so nobody answers.
    const nobody: Observation = { kind: 'unhealthy', check: 'http:0', instance: null, reason: 'refused' };
    const held = run(
      [began, unhealthy, unhealthy, unhealthy, dead, healthy, nobody, nobody, nobody, healthy],
      policy,
      up,
    );
    assert.equal(held.memory.state, 'RECOVERING');
    const renewed: Observation = { kind: 'process_started', instance: 'b' };
    const good: Observation = { ...healthy, instance: 'b' };
    assert.equal(run([renewed, good, good], policy, held.memory, 10_000).memory.state, 'UP');
    // An answer of the old one that comes late says nothing about the new one.
    assert.equal(run([renewed, healthy, healthy], policy, held.memory, 10_000).memory.state, 'RECOVERING');
  });

  it('a hold that brings no new instance ends in a fault, not in silence', () => {
    const began: Observation = { kind: 'recovery_began', until: 5000, reason: 'restart' };
    const held = run([began], policy, downByDeath).memory;
    const later = decide(held, { kind: 'tick' }, at(5000), policy);
    assert.equal(later.memory.state, 'DOWN');
    assert.ok(later.effects.some(({ kind }) => kind === 'fault'));
  });

  it('a wall clock that is set back neither hangs nor frees a hold', () => {
    const began: Observation = { kind: 'recovery_began', until: 105_000, reason: 'restart' };
    const held = decide(downByDeath, began, { wall: 1e12, monotonic: 100_000 }, policy).memory;
    const back = decide(held, { kind: 'tick' }, { wall: 0, monotonic: 104_000 }, policy);
    assert.equal(back.memory.state, 'RECOVERING');
    const over = decide(held, { kind: 'tick' }, { wall: 0, monotonic: 105_000 }, policy);
    assert.equal(over.memory.state, 'DOWN');
  });

  it('what a person stopped raises nothing, whatever is seen', () => {
    const stopped: Observation = { kind: 'user_stopped', reason: 'by hand' };
    const after = run([stopped, dead, unhealthy, unhealthy, unhealthy, unhealthy], policy, up);
    assert.equal(after.memory.state, 'STOPPED_BY_USER');
    assert.equal(after.faults, 0);
  });

  it('a maintenance window over midnight and a change to summer time holds for its absolute time', () => {
    const window = {
      from: Date.parse('2026-03-28T23:30:00+01:00'),
      to: Date.parse('2026-03-29T03:30:00+02:00'),
      reason: 'upgrade',
    };
    const rules = { ...policy, maintenance: [window] };
    assert.equal(window.to - window.from, 3 * 3_600_000, 'the night is one hour short');
    const inside = decide(up, dead, at(window.from + 60_000), rules);
    assert.equal(inside.memory.state, 'MAINTENANCE');
    assert.ok(!inside.effects.some(({ kind }) => kind === 'fault'));
    const last = decide(inside.memory, { kind: 'tick' }, at(window.to - 1), rules);
    assert.equal(last.memory.state, 'MAINTENANCE');
    assert.notEqual(decide(last.memory, { kind: 'tick' }, at(window.to), rules).memory.state, 'MAINTENANCE');
  });

  it('a child of a parent that is down raises no fault, and one when the parent is back and it is not', () => {
    const child = run([{ kind: 'parent_down', parent: 'db' }, unhealthy, unhealthy, unhealthy], policy, up);
    assert.equal(child.faults, 0);
    assert.equal(child.effects.filter(({ kind }) => kind === 'suppressed').length, 1);
    assert.equal(run([{ kind: 'parent_up' }], policy, child.memory).faults, 1);
  });

  it('going up and down around the threshold makes one fault for each time it was really down', () => {
    const dance = [unhealthy, unhealthy, healthy, unhealthy, unhealthy, healthy, unhealthy, healthy];
    assert.equal(run(dance, policy, up).faults, 0);
  });
});

const instance = fc.constantFrom('a', 'b');
const seenAt = (seen: Observation) =>
  instance.map((i) => Object.assign({}, seen, { instance: i }) as Observation);
const observation: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 4, arbitrary: seenAt(healthy) },
  { weight: 4, arbitrary: seenAt(unhealthy) },
  { weight: 2, arbitrary: seenAt(slow) },
  instance.map((i): Observation => ({ kind: 'process_started', instance: i })),
  seenAt(dead),
  fc.constant<Observation>({ kind: 'own_trouble', reason: 'blocked' }),
  fc
    .constantFrom('http:0', 'ping:1')
    .map((check): Observation => ({ kind: 'blind', check, reason: 'no right' })),
  fc.nat(50_000).map((until): Observation => ({ kind: 'recovery_began', until, reason: 'restart' })),
  fc.constant<Observation>({ kind: 'recovery_failed', reason: 'no' }),
  fc.constant<Observation>({ kind: 'user_stopped', reason: 'by hand' }),
  fc.constant<Observation>({ kind: 'user_started', reason: 'by hand' }),
  fc.constant<Observation>({ kind: 'parent_down', parent: 'db' }),
  fc.constant<Observation>({ kind: 'parent_up' }),
  fc.constant<Observation>({ kind: 'tick' }),
);

describe('for any sequence of observations', () => {
  const sequences = fc.array(observation, { maxLength: 60 });
  const windowed: Policy = { ...policy, maintenance: [{ from: 10_000, to: 20_000, reason: 'upgrade' }] };

  /** Checks every single step of a random life. */
  function everyStep(
    check: (before: Memory, seen: Observation, after: Memory, effects: Effect[], now: number) => void,
  ) {
    fc.assert(
      fc.property(sequences, (seen) => {
        let memory = newMemory(0);
        seen.forEach((observation, index) => {
          const now = index * 700;
          const decision = decide(memory, observation, at(now), windowed);
          check(memory, observation, decision.memory, decision.effects, now);
          memory = decision.memory;
        });
      }),
      { numRuns: 2000 },
    );
  }

  it('our own trouble never makes a service down', () =>
    everyStep((before, seen, after) => {
      if (['own_trouble', 'blind'].includes(seen.kind) && before.state !== 'DOWN')
        assert.notEqual(after.state, 'DOWN');
    }));

  it('nothing is raised in maintenance, after a person stopped it, or while its parent is down', () =>
    everyStep((before, _seen, after, effects, now) => {
      const fault = effects.some(({ kind }) => kind === 'fault');
      if (!fault) return;
      assert.ok(now < 10_000 || now >= 20_000);
      assert.notEqual(before.state, 'STOPPED_BY_USER');
      assert.equal(after.parentDown, null);
      assert.equal(after.state, 'DOWN');
    }));

  it('down means a dead process or enough failures in a row', () =>
    everyStep((before, seen, after) => {
      if (before.state === 'DOWN' || after.state !== 'DOWN') return;
      if (seen.kind === 'unhealthy' || seen.kind === 'slow') {
        const count = after.checks['http:0']?.failures ?? 0;
        assert.ok(count >= (seen.kind === 'slow' ? 6 : 3));
      } else assert.ok(['process_dead', 'tick', 'recovery_failed'].includes(seen.kind), seen.kind);
    }));

  it('what a person stopped stays stopped until a person starts it', () =>
    everyStep((before, seen, after, _effects, now) => {
      const quiet = now < 10_000 || now >= 20_000;
      if (before.state === 'STOPPED_BY_USER' && seen.kind !== 'user_started' && quiet) {
        assert.equal(after.state, 'STOPPED_BY_USER');
      }
    }));

  it('every change of state is told, and only changes', () =>
    everyStep((before, _seen, after, effects) => {
      const changes = effects.filter((effect) => effect.kind === 'changed');
      assert.equal(changes.at(-1)?.to ?? before.state, after.state);
      for (const change of changes) assert.notEqual(change.from, change.to);
    }));

  it('a recovery is told once after a fault, and never without one', () =>
    everyStep((before, _seen, after, effects) => {
      const recovered = effects.filter(({ kind }) => kind === 'recovered').length;
      assert.equal(recovered, before.faulty && after.state === 'UP' ? 1 : 0);
    }));
});
