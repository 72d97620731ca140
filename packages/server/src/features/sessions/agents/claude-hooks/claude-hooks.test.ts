import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClaudeHookEvent, Decision, SessionEvent } from '@vigiles/contract';
import { FaultError } from '../../../../kernel/fault.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { openSqlite, type SqlitePlace } from '../../testing/sqlite-place.ts';
import { handClock, identityOf, openRig } from '../../testing/rig.ts';
import { until } from '../../../../testing/test-control.ts';
import { createClaudeHooks } from './claude-hooks.ts';
import { HookCall, type HookAnswer } from './hook-call.ts';

/** Hooks in the forms that the real Claude Code 2.1.329 was seen to send; `real-claude.test.ts` runs it. */

const agent = identityOf(['sessions:produce'], { deviceId: 'claude' });
const operator = identityOf(['operate'], { deviceId: 'op' });
const decisionOf = (answer: HookAnswer) =>
  answer.hookSpecificOutput?.['decision'] as { behavior: string; message?: string; interrupt?: boolean };

describe('hooks of a Claude Code that somebody else started', () => {
  let place: SqlitePlace;
  before(() => {
    place = openSqlite();
  });
  after(() => place.close());

  let made = 0;
  const open = async (options: Parameters<typeof openRig>[1] = {}) => {
    const clock = handClock();
    const rig = await openRig(place.open, { clock, ...options });
    const hooks = createClaudeHooks({
      sessions: rig.sessions,
      events: rig.events,
      clock,
      log: silentLog,
      watch: { everyMs: 5, quietMs: 1_800_000 },
    });
    await hooks.start();
    const id = `5ca1ab1e-0000-4000-8000-00000000000${(made += 1)}`;
    const send = (
      event: ClaudeHookEvent,
      more: object = {},
      { identity = agent, gone = new AbortController().signal } = {},
    ): Promise<HookAnswer> =>
      hooks.receive(
        identity,
        HookCall.parse({ session_id: id, hook_event_name: event, cwd: '/work', ...more }),
        null,
        gone,
      );
    const bash = (tool_use_id: string, command = 'ls') => ({
      tool_name: 'Bash',
      tool_input: { command },
      tool_use_id,
    });
    const command = (type: string, more: object = {}) =>
      rig.sessions.command(operator, { type, session_id: id, ...more });
    const outcome = async (given: { command_id?: string | undefined }) => {
      let state: string | undefined;
      await until('it is settled', async () => {
        state = (await rig.sessions.commandById(id, given.command_id ?? ''))?.state;
        return state !== 'queued' && state !== 'delivered';
      });
      return state;
    };
    const delivered = (given: { command_id?: string | undefined }) =>
      until(
        'it is delivered',
        async () => (await rig.sessions.commandById(id, given.command_id ?? ''))?.state === 'delivered',
      );
    const asked = async (): Promise<Decision> => {
      let found: Decision | undefined;
      await until('it asks', async () => {
        [found] = await rig.sessions.decisions({ tenant: null, sessionId: id, state: 'pending', limit: 1 });
        return found !== undefined;
      });
      return found as Decision;
    };
    const told = async (): Promise<SessionEvent[]> =>
      (await rig.sessions.read(id, { afterSeq: 0, limit: 500 })).events;
    const stop = async () => {
      await hooks.stop();
      await rig.stop();
    };
    return { ...rig, hooks, id, clock, send, bash, command, outcome, delivered, asked, told, stop };
  };

  it('a HALT is under way until a tool call is turned away, and prompts are not taken until RESUME', async () => {
    const { sessions, id, send, bash, command, outcome, delivered, stop } = await open();
    await send('UserPromptSubmit', { prompt: 'tidy up' });
    assert.equal((await sessions.get(id))?.title, 'tidy up');
    const halt = await command('HALT', { reason: 'lunch' });
    await delivered(halt);
    assert.equal((await sessions.get(id))?.phase, 'halting');
    const denied = await send('PreToolUse', bash('t1'));
    assert.equal(denied.continue, false);
    assert.match(String(denied.hookSpecificOutput?.['permissionDecisionReason']), /lunch/);
    assert.equal(await outcome(halt), 'applied');
    assert.equal((await sessions.get(id))?.status, 'halted');
    assert.equal((await send('UserPromptSubmit', { prompt: 'go' })).decision, 'block');
    const resume = await command('RESUME');
    assert.equal(await outcome(resume), 'applied');
    assert.deepEqual(await send('UserPromptSubmit', { prompt: 'go' }), {});
    assert.deepEqual(await send('PreToolUse', bash('t2')), {});
    await stop();
  });

  it('words of people reach the model with the next hook that can carry them', async () => {
    const { send, bash, command, outcome, delivered, stop } = await open();
    await send('UserPromptSubmit', { prompt: 'x' });
    const inject = await command('INJECT', { message: 'mind the tests' });
    await delivered(inject);
    const answer = await send('PreToolUse', bash('t1'));
    assert.match(String(answer.hookSpecificOutput?.['additionalContext']), /mind the tests/);
    assert.equal(await outcome(inject), 'applied');
    const redirect = await command('REDIRECT', { message: 'stop that, use make' });
    await delivered(redirect);
    const denied = await send('PreToolUse', bash('t2'));
    assert.equal(denied.hookSpecificOutput?.['permissionDecision'], 'deny');
    assert.match(String(denied.hookSpecificOutput?.['permissionDecisionReason']), /use make/);
    assert.equal(await outcome(redirect), 'applied');
    assert.equal(await outcome(await command('ROLLBACK', { steps: 1 })), 'failed');
    await stop();
  });

  it('a permission without an answer in time is refused, and who asks cannot answer it', async () => {
    const { sessions, id, clock, send, bash, asked, stop } = await open({
      sessions: { decision_timeout_s: 60 },
    });
    await send('UserPromptSubmit', { prompt: 'x' });
    await send('PreToolUse', bash('t1', 'rm -rf build'));
    const waiting = send('PermissionRequest', bash('t1', 'rm -rf build'));
    const decision = await asked();
    assert.match(decision.question, /rm -rf build/);
    assert.equal(decision.on_timeout, 'deny');
    const self = await sessions.command(identityOf(['operate'], { deviceId: agent.deviceId }), {
      type: 'DECISION',
      session_id: id,
      decision_id: decision.decision_id,
      choice: 'allow',
    });
    assert.deepEqual(
      [self.success, self.error],
      [false, 'Who asks for a permission cannot give it to itself'],
    );
    clock.pass(61_000);
    await sessions.sweep();
    const reply = decisionOf(await waiting);
    assert.deepEqual([reply.behavior, reply.message], ['deny', 'Nobody answered in time.']);
    assert.equal((await sessions.decision(id, decision.decision_id))?.resolution?.source, 'expired');
    await stop();
  });

  it('nobody waits longer than Claude Code does, and what it was answered at its terminal is taken back', async () => {
    const { sessions, id, send, bash, asked, stop } = await open();
    const gone = new AbortController();
    const waiting = send('PermissionRequest', bash('t1'), { gone: gone.signal });
    const decision = await asked();
    assert.equal(decision.expires_at, decision.opened_at + 3_590_000);
    await assert.rejects(
      sessions.extendDecision(id, decision.decision_id, 60, 'device:op'),
      (thrown) => thrown instanceof FaultError && thrown.fault.code === 'extension_limit',
    );
    gone.abort();
    assert.equal(decisionOf(await waiting).behavior, 'deny');
    const now = await sessions.decision(id, decision.decision_id);
    assert.equal(now?.resolution?.source, 'cancelled');
    assert.match(now?.resolution?.note ?? '', /answered at its terminal/);
    await stop();
  });

  it('a yes with “remember” hands Claude Code’s own suggestion back; a no may say why', async () => {
    const { sessions, id, send, bash, asked, stop } = await open();
    const permission_suggestions = [
      { type: 'addRules', rules: [], behavior: 'allow', destination: 'session' },
    ];
    const first = send('PermissionRequest', { ...bash('t1'), permission_suggestions });
    const who = { actor: 'device:op', deviceId: 'op' };
    await sessions.answerDecision(id, (await asked()).decision_id, 'allow and remember', who);
    const yes = decisionOf(await first) as Record<string, unknown>;
    assert.deepEqual([yes['behavior'], yes['updatedPermissions']], ['allow', permission_suggestions]);
    const second = send('PermissionRequest', bash('t2'));
    await sessions.answerDecision(id, (await asked()).decision_id, 'deny', who, { note: 'use pnpm' });
    assert.deepEqual(decisionOf(await second), { behavior: 'deny', message: 'use pnpm' });
    await stop();
  });

  it('questions that are asked together are answered together; when one is out of time, nobody waits for the others', async () => {
    const { sessions, id, clock, send, stop } = await open({ sessions: { decision_timeout_s: 60 } });
    const tool_input = { questions: [{ question: 'Which one?' }, { question: 'What for?' }] };
    const call = { tool_name: 'AskUserQuestion', tool_input, tool_use_id: 't1' };
    const asked = async (): Promise<[Decision, Decision]> => {
      let found: Decision[] = [];
      await until('it asks both', async () => {
        found = await sessions.decisions({ tenant: null, sessionId: id, state: 'pending', limit: 9 });
        return found.length === 2;
      });
      return found.toSorted((a, b) => b.question.localeCompare(a.question)) as [Decision, Decision];
    };
    const who = { actor: 'device:op', deviceId: 'op' };
    await send('UserPromptSubmit', { prompt: 'x' });
    const first = send('PermissionRequest', call);
    const [which, why] = await asked();
    await sessions.answerDecision(id, why.decision_id, 'for the tests', who);
    await sessions.answerDecision(id, which.decision_id, 'B', who);
    assert.deepEqual(decisionOf(await first), {
      behavior: 'allow',
      updatedInput: { ...tool_input, answers: { 'Which one?': 'B', 'What for?': 'for the tests' } },
    });

    const second = send('PermissionRequest', { ...call, tool_use_id: 't2' });
    const [, left] = await asked();
    await sessions.extendDecision(id, left.decision_id, 600, 'device:op');
    clock.pass(61_000);
    await sessions.sweep();
    assert.equal(decisionOf(await second).message, 'Nobody answered in time.');
    const now = await sessions.decision(id, left.decision_id);
    assert.deepEqual(
      [now?.resolution?.source, now?.resolution?.note],
      ['cancelled', 'It was asked together with another question, which was not answered'],
    );
    await stop();
  });

  it('after a restart of Vigiles a HALT still holds, and questions that nobody waits for are gone', async () => {
    const place_ = place.next();
    const first = await open({ place: place_ });
    await first.send('UserPromptSubmit', { prompt: 'x' });
    void first
      .send('PermissionRequest', first.bash('t1'), { gone: new AbortController().signal })
      .catch(() => undefined);
    const { decision_id } = await first.asked();
    const halt = await first.sessions.command(operator, { type: 'HALT', session_id: first.id });
    assert.equal(await first.outcome(halt), 'applied');
    const pending = await first.sessions.openDecision(
      first.id,
      {
        question: 'left over',
        kind: 'permission',
        options: ['allow', 'deny'],
        detail: { asked_by: 'claude_hook' },
      },
      'agent',
    );
    await first.sessions.letGo(first.id, 'its control goes');
    await first.stop();
    const second = await open({ place: place_ });
    assert.equal((await second.sessions.decision(first.id, decision_id))?.resolution?.source, 'cancelled');
    const left = await second.sessions.decision(first.id, pending.decision_id);
    assert.match(left?.resolution?.note ?? '', /restarted/);
    const answer = await second.hooks.receive(
      agent,
      HookCall.parse({ session_id: first.id, hook_event_name: 'PreToolUse', ...first.bash('t2') }),
      null,
      new AbortController().signal,
    );
    assert.equal(answer.continue, false);
    await second.stop();
  });

  it('nobody speaks for a session of another tenant, and secrets stay out of the log', async () => {
    const { id, send, bash, told, stop } = await open();
    await send(
      'PreToolUse',
      bash('t1', 'curl -H "Authorization: Bearer abcdefghijklmnop" x vgl_abcdefghijkl'),
    );
    const stranger = identityOf(['sessions:produce'], { deviceId: 'other', tenant: 'bolt' });
    await assert.rejects(
      send('PreToolUse', bash('t2'), { identity: stranger }),
      (thrown) => thrown instanceof FaultError && thrown.fault.code === 'session_not_found',
    );
    const text = JSON.stringify(await told());
    assert.ok(text.includes('curl') && !text.includes('abcdefghijkl'), id);
    await stop();
  });

  it('of one that is silent for long nobody knows: it is not said to have failed, and its next word shows that it runs', async () => {
    const { sessions, id, clock, send, bash, asked, stop } = await open();
    const phase = async () => (await sessions.get(id))?.phase;
    await send('UserPromptSubmit', { prompt: 'x' });
    await send('PreToolUse', bash('t1', 'make all'));
    clock.pass(1_800_000);
    await until('it is unknown', async () => (await phase()) === 'disconnected');
    const session = await sessions.get(id);
    assert.equal(session?.status, 'running');
    assert.match(session?.phase_reason ?? '', /30 minutes: it may work on, or be gone/);
    assert.equal(session?.agent?.capabilities.halt, 'gate');
    await send('PostToolUse', { ...bash('t1', 'make all'), tool_response: 'done' });
    assert.equal(await phase(), 'running');
    const gone = new AbortController();
    const waiting = send('PermissionRequest', bash('t2'), { gone: gone.signal });
    await asked();
    clock.pass(1_800_000);
    // Looked at many times meanwhile: it waits for people.
    await new Promise((done) => setTimeout(done, 50));
    assert.equal(await phase(), 'waiting');
    gone.abort();
    await waiting;
    await stop();
  });

  it('a closed one says so: what can be asked of it is nothing, and what was not handed over failed', async () => {
    const { sessions, id, send, command, outcome, delivered, told, stop } = await open();
    await send('UserPromptSubmit', { prompt: 'x' });
    await send('MessageDisplay', { message_id: 'm1', delta: 'I look ', final: false, index: 0 });
    await send('MessageDisplay', { message_id: 'm1', delta: 'at it', final: true, index: 1 });
    const inject = await command('INJECT', { message: 'y', position: 'end' });
    await delivered(inject);
    await send('SessionEnd', { reason: 'other' });
    assert.equal(await outcome(inject), 'failed');
    const session = await sessions.get(id);
    assert.equal(session?.agent?.capabilities.halt, null);
    assert.equal(session?.status, 'failed', 'it was closed in the middle of a turn');
    const said = (await told()).find(({ type }) => type === 'message:assistant');
    assert.equal(said?.data['text'], 'I look at it');
    await stop();
  });
});
