import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { CommandState } from '@vigiles/contract';
import { createAgUiWriter } from './ag-ui.ts';
import { effectOf } from './effects.ts';
import { reconcile } from './reconcile.ts';
import { commandTransitions, isFinal, nextState, type CommandStep } from './transition.ts';

describe('a command', () => {
  it('never leaves an end, and is applied or fails only once', () => {
    const steps = Object.keys(commandTransitions.queued) as CommandStep[];
    for (const state of CommandState.options)
      for (const step of steps) {
        const next = nextState(state, step);
        if (isFinal(state)) assert.equal(next, null, `${state} ${step}`);
        else if (next !== null) assert.notEqual(next, state, `${state} ${step}`);
      }
  });

  it('that was delivered can neither expire nor be superseded: somebody may be doing it', () => {
    for (const step of ['expire', 'supersede', 'reject'] as const) {
      assert.equal(nextState('delivered', step), null);
      assert.notEqual(nextState('queued', step), null);
    }
  });
});

describe('what events do to their session', () => {
  it('is safe for any data a producer may send', () => {
    const types = [
      'execution:started',
      'skill:progress',
      'usage:updated',
      'session:phase',
      'execution:failed',
    ];
    const values = [null, -1, Number.NaN, 1e300, '\0x', [], {}, true];
    for (const type of types)
      for (const value of values) {
        const data = { task: value, progress: value, cost_microusd: value, phase: value, reason: value };
        const effect = effectOf(type, data);
        assert.ok(effect);
        assert.doesNotMatch(JSON.stringify(effect), /\\u0000/);
        assert.deepEqual(JSON.parse(JSON.stringify(effect)), effect, 'nothing that JSON has not');
        const { progress = 0 } = effect;
        assert.ok(progress >= 0 && progress <= 100);
      }
    assert.equal(effectOf('__proto__', {}), null);
    assert.equal(effectOf('constructor', {}), null);
  });
});

describe('a session after a restart', () => {
  it('is never ended while its agent lives or somebody holds it', () => {
    for (const process of ['alive', 'unknown', 'gone'] as const)
      for (const lease of ['none', 'lost', 'held'] as const) {
        const { kind } = reconcile({ status: 'running', process, lease });
        if (lease === 'held') assert.equal(kind, 'leave');
        else if (process === 'gone') assert.equal(kind, 'end');
        else assert.notEqual(kind, 'end');
      }
    assert.equal(reconcile({ status: 'completed', process: 'gone', lease: 'lost' }).kind, 'leave');
  });
});

describe('the log as AG-UI', () => {
  const write = (...given: [string, Record<string, unknown>][]) => {
    const writer = createAgUiWriter('s');
    const events = given.map(([type, data], i): SessionEvent => ({
      session_id: 's',
      seq: i + 1,
      event_id: `e${i}`,
      ts: i,
      type,
      actor: 'a',
      command_id: null,
      data,
    }));
    return [...events.flatMap((event) => writer.write(event)), ...writer.finish(9)].map(
      (event) => event.type,
    );
  };

  it('keeps the rules of the protocol: within a run, steps closed before its end, a new run after an error', () => {
    assert.deepEqual(
      write(
        ['execution:started', {}],
        ['skill:started', { skill_name: 'plan' }],
        ['message:assistant', { text: 'Hello' }],
        ['execution:failed', { error: 'no' }],
        ['skill:completed', { skill_name: 'plan' }],
      ),
      [
        'RUN_STARTED',
        'STEP_STARTED',
        'TEXT_MESSAGE_START',
        'TEXT_MESSAGE_CONTENT',
        'TEXT_MESSAGE_END',
        'STEP_FINISHED',
        'RUN_ERROR',
        'RUN_STARTED',
        'CUSTOM',
        'RUN_FINISHED',
      ],
    );
  });
});
