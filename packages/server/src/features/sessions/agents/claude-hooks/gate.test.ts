import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentOutcome } from '../agent-adapter.ts';
import { createGate } from './gate.ts';

const command = (type: 'HALT' | 'RESUME' | 'ROLLBACK' | 'REDIRECT' | 'INJECT', args = {}) => ({ type, args });
const contextOf = (answer: Record<string, unknown>): unknown =>
  (answer['hookSpecificOutput'] as Record<string, unknown> | undefined)?.['additionalContext'];

/** What became of a command so far. */
function follow(outcome: Promise<AgentOutcome>): { now(): Promise<AgentOutcome | 'waits'> } {
  return { now: () => Promise.race([outcome, new Promise<'waits'>((done) => setImmediate(done, 'waits'))]) };
}

describe('the gate before what Claude Code does', () => {
  it('a HALT takes hold at the next tool call, which does not run and ends the turn', async () => {
    const gate = createGate(null);
    gate.prompted();
    const halt = follow(gate.deliver(command('HALT', { reason: 'wait' })));
    assert.equal(await halt.now(), 'waits');
    const { answer, ran } = gate.toolAsked('t1');
    assert.equal(ran, false);
    assert.equal(answer.continue, false);
    assert.equal(answer.hookSpecificOutput?.['permissionDecision'], 'deny');
    assert.deepEqual(await halt.now(), {
      state: 'applied',
      evidence: { gate: 'closed', hook: 'PreToolUse', tool_use_id: 't1', denied: true },
    });
    assert.equal(gate.prompted().decision, 'block');
  });

  it('a HALT has not taken hold while a tool call is still under way', async () => {
    const gate = createGate(null);
    gate.prompted();
    gate.toolAsked('long');
    const halt = follow(gate.deliver(command('HALT')));
    gate.toolAsked('second');
    assert.equal(await halt.now(), 'waits');
    assert.equal(gate.toolEnded('PostToolUse', 'long').continue, false);
    assert.equal(((await halt.now()) as AgentOutcome).state, 'applied');
  });

  it('a HALT between turns takes hold at once, one that was lost with a restart still holds', async () => {
    const gate = createGate(null);
    assert.equal((await gate.deliver(command('HALT'))).state, 'applied');
    const after = createGate('said before the restart');
    assert.equal(after.toolAsked('t').ran, false);
    assert.equal((await after.deliver(command('RESUME'))).state, 'applied');
    assert.equal(after.toolAsked('t').ran, true);
  });

  it('a RESUME before the HALT took hold opens the gate, and says what became of the HALT', async () => {
    const gate = createGate(null);
    gate.prompted();
    const halt = gate.deliver(command('HALT'));
    assert.equal((await gate.deliver(command('RESUME', { message: 'go on' }))).state, 'applied');
    const lost = await halt;
    assert.deepEqual([lost.state, lost.state === 'failed' && lost.code], ['failed', 'superseded']);
    assert.match(String(contextOf(gate.toolAsked('t').answer)), /go on/);
  });

  it('a REDIRECT stands in place of the next tool call, or is read with the next prompt', async () => {
    const gate = createGate(null);
    gate.prompted();
    const redirect = follow(gate.deliver(command('REDIRECT', { message: 'use pnpm' })));
    assert.equal(await redirect.now(), 'waits');
    const { answer, ran } = gate.toolAsked('t');
    assert.equal(ran, false);
    assert.equal(answer.continue, undefined, 'the turn goes on');
    assert.match(String(answer.hookSpecificOutput?.['permissionDecisionReason']), /use pnpm/);
    assert.equal(((await redirect.now()) as AgentOutcome).state, 'applied');
    gate.stopped();
    void gate.deliver(command('REDIRECT', { message: 'and test it' }));
    assert.match(String(contextOf(gate.prompted())), /and test it/);
  });

  it('an INJECT comes with the next hook that takes words, or where the turn would end', async () => {
    const gate = createGate(null);
    gate.prompted();
    gate.toolAsked('t');
    const next = gate.deliver(command('INJECT', { message: 'mind the tests' }));
    const end = follow(gate.deliver(command('INJECT', { message: 'then tidy up', position: 'end' })));
    assert.match(String(contextOf(gate.toolEnded('PostToolUse', 't'))), /mind the tests/);
    assert.equal((await next).state, 'applied');
    assert.equal(await end.now(), 'waits');
    const answer = gate.stopped();
    assert.equal(answer.decision, 'block');
    assert.match(String(answer.reason), /then tidy up/);
    assert.equal(gate.stopped().decision, undefined, 'once');
  });

  it('words that were not handed over say so: after a HALT, and when Claude Code is closed', async () => {
    const gate = createGate(null);
    gate.prompted();
    const words = gate.deliver(command('INJECT', { message: 'x' }));
    const halt = gate.deliver(command('HALT'));
    assert.equal((await words).state, 'failed');
    const later = gate.deliver(command('INJECT', { message: 'y' }));
    gate.closed('SessionEnd');
    assert.equal((await halt).state, 'applied', 'what is closed stands still');
    assert.equal((await later).state, 'failed');
    const late = await gate.deliver(command('INJECT', { message: 'given out before, handed here after' }));
    assert.equal(late.state === 'failed' && late.code, 'not_handed_over');
    const rollback = await gate.deliver(command('ROLLBACK'));
    assert.equal(rollback.state === 'failed' && rollback.code, 'unsupported');
  });

  it('when control goes, words failed and a HALT is left to whoever comes next', async () => {
    const gate = createGate(null);
    gate.prompted();
    const words = gate.deliver(command('INJECT', { message: 'x', position: 'end' }));
    const halt = gate.deliver(command('HALT'));
    gate.leave();
    assert.equal((await words).state, 'failed');
    await assert.rejects(halt, /Control goes/);
    await assert.rejects(gate.deliver(command('HALT')), /Control goes/);
    assert.equal((await gate.deliver(command('INJECT', { message: 'y' }))).state, 'failed');
  });
});
