import type { NewSessionEvent } from '@vigiles/contract';
import type { Sessions } from '../../index.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../read.ts';
import { answerPermission, goOn } from './answers.ts';
import { askPeople } from './ask.ts';
import { createGate } from './gate.ts';
import type { HookAnswer, HookCall } from './hook-call.ts';
import { createSpoken } from './spoken.ts';
import { message, prompted, told, toolBegun, toolEnded, toolRefused } from './story.ts';

export interface HookedSessionDeps {
  sessions: Pick<Sessions, 'append' | 'volatile' | 'openDecision' | 'awaitDecision' | 'cancelDecision'>;
  sessionId: string;
  /** Why it was halted before this control knew it; null: it was not. */
  shut: string | null;
  /** Counted so far, in millionths of a dollar. */
  cost: number;
  redact(data: unknown): unknown;
  now(): number;
}

const by = { actor: 'agent', producer: 'agent', trusted: true };

/** One conversation of a Claude Code that somebody else has started, as its hooks tell of it. */
export function createHookedSession({ sessions, sessionId, shut, redact, now, ...about }: HookedSessionDeps) {
  let { cost } = about;
  const gate = createGate(shut);
  let silent = false;
  const spoken = createSpoken();
  /** Tool calls that began and whose end was not told. */
  const begun = new Map<string, HookCall>();

  const write = async (events: readonly NewSessionEvent[]): Promise<void> => {
    if (events.length === 0) return;
    const clean = events.map(({ type, data }) => ({
      type,
      data: redact(data) as Record<string, unknown>,
      timestamp: now(),
    }));
    await sessions.append(sessionId, clean, by);
  };
  const forget = (why = 'Its end was not told'): NewSessionEvent[] => {
    const left = [...begun.values()];
    begun.clear();
    return left.flatMap((call) => toolRefused(call, why));
  };
  async function permission(call: HookCall, gone: AbortSignal): Promise<HookAnswer> {
    const reply = await askPeople({ sessions, gate, redact }, call, gone);
    if (reply['interrupt'] === true) {
      const events = forget(textOf(reply['message']) ?? 'It was not allowed');
      // Claude Code tells of no end of a turn that is ended like this.
      if (gate.shut() === null)
        events.push({ type: 'execution:completed', data: { plan_id: call.prompt_id, interrupted: true } });
      await write(events);
      gate.interrupted();
    }
    return answerPermission(reply);
  }

  async function tool(call: HookCall): Promise<HookAnswer> {
    const id = call.tool_use_id ?? '';
    // Told first: what is turned away is no sign that it works on. A shut gate is not even told of a beginning.
    if (gate.shut() === null) await write(toolBegun(call));
    const { answer, ran } = gate.toolAsked(id);
    if (ran) begun.set(id, call);
    else
      await write(toolRefused(call, textOf(answer.hookSpecificOutput?.['permissionDecisionReason']) ?? ''));
    return answer;
  }
  async function batch(call: HookCall): Promise<HookAnswer> {
    const calls = listOf(call['tool_calls']).map(fieldsOf);
    const ids = calls.flatMap(({ tool_use_id: id }) => textOf(id) ?? []);
    // What was refused in between has no end of its own.
    const refused = calls.flatMap(({ tool_use_id: id, tool_response: response }) => {
      const known = begun.get(textOf(id) ?? '');
      begun.delete(textOf(id) ?? '');
      return known ? toolRefused(known, textOf(response) ?? 'It did not run') : [];
    });
    await write(refused);
    return gate.batchEnded(ids);
  }
  async function stopped(call: HookCall): Promise<HookAnswer> {
    const last = textOf(call['last_assistant_message']) ?? '';
    const events = last.trim() === '' || spoken.said(last) ? [] : [message(last, call.prompt_id)];
    events.unshift(...forget());
    const halted = gate.shut() !== null;
    const answer = gate.stopped();
    if (!halted && answer.decision === undefined)
      events.push({ type: 'execution:completed', data: { plan_id: call.prompt_id } });
    await write(events);
    return answer;
  }

  return {
    gate,
    /** Its process ended without a word. */
    async gone(why: string): Promise<void> {
      const inTurn = gate.inTurn();
      const halted = gate.shut() !== null;
      const events = forget('Its program is gone');
      gate.closed('process gone');
      if (inTurn && !halted) events.push({ type: 'execution:failed', data: { reason: why } });
      await write(events);
    },
    /** Nothing was heard of it for long. In the middle of a turn nobody knows whether it works on. */
    async quiet(why: string): Promise<void> {
      if (!gate.inTurn() || gate.shut() !== null) return;
      silent = true;
      await write([{ type: 'session:phase', data: { phase: 'disconnected', reason: why } }]);
    },
    /** A turn of its model traffic was paid for. */
    counted(costMicrousd: number): Promise<void> {
      cost += costMicrousd;
      return write([{ type: 'usage:updated', data: { cost_microusd: cost } }]);
    },
    /** @param gone aborted when Claude Code does not wait for the answer any more */
    async receive(call: HookCall, gone: AbortSignal): Promise<HookAnswer> {
      if (silent) await write([{ type: 'session:phase', data: { phase: 'running', reason: '' } }]);
      silent = false;
      switch (call.hook_event_name) {
        case 'UserPromptSubmit': {
          const answer = gate.prompted();
          const events = [...forget(), ...prompted(call)];
          await write(answer.decision === 'block' ? events.slice(-1) : events);
          return answer;
        }
        case 'PreToolUse':
          return tool(call);
        case 'PostToolUse':
        case 'PostToolUseFailure': {
          const id = call.tool_use_id ?? '';
          begun.delete(id);
          await write(toolEnded(call));
          return gate.toolEnded(call.hook_event_name, id);
        }
        case 'PostToolBatch':
          return batch(call);
        case 'PermissionRequest':
          return permission(call, gone);
        case 'MessageDisplay': {
          if (call.agent_id) return goOn;
          const { message_id: id, index, delta, final } = call;
          const part = (textOf(delta) ?? '').slice(0, 8000);
          if (part !== '')
            sessions.volatile(
              sessionId,
              'message:delta',
              { item_id: id, delta: redact(part) },
              textOf(id)?.slice(0, 200) ?? '',
            );
          const whole = spoken.add(textOf(id) ?? '', numberOf(index) ?? 0, part, final === true);
          if (whole !== null) await write([message(whole, id)]);
          return goOn;
        }
        case 'Stop':
          return stopped(call);
        case 'StopFailure':
        case 'SessionEnd': {
          const inTurn = gate.inTurn();
          const events = [...forget(), ...told(call)];
          const end = call.hook_event_name;
          if (end === 'SessionEnd') gate.closed(end);
          else gate.failed(end);
          if (end === 'SessionEnd' && inTurn && gate.shut() === null)
            events.push({
              type: 'execution:failed',
              data: { reason: 'Claude Code was closed in the middle of a turn' },
            });
          await write(events);
          return goOn;
        }
        default:
          await write(told(call));
          return goOn;
      }
    },
  };
}

export type HookedSession = ReturnType<typeof createHookedSession>;
