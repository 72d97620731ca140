import type { AgentCommand, AgentOutcome } from '../agent-adapter.ts';
import { ControlLeaves } from '../../held-agents.ts';
import { instructionOf } from '../turns/instruction.ts';
import { addContext, block, denyTool, goOn, haltAfterTool, haltBeforeTool } from './answers.ts';
import type { HookAnswer } from './hook-call.ts';

/** What a person wants said, until Claude Code asks for something. */
interface Words {
  text: string;
  /** `tool`: instead of the next tool call; `next`: with whatever comes next; `end`: when the turn would end. */
  when: 'tool' | 'next' | 'end';
  settle(outcome: AgentOutcome): void;
}

const failed = (code: string, message: string): AgentOutcome => ({
  state: 'failed',
  code,
  message,
  evidence: {},
});

const said = (text: string): string => `A person who watches this session says: ${text}`;

/**
 * Where Claude Code passes before it does something, and where people's commands wait for it to pass. It cannot be
 * spoken to in between: a HALT shuts the gate at once, and has taken hold when Claude Code was turned away there, or
 * its turn ended, and no tool call is still under way.
 * @param shut whether it was halted before this control knew it
 */
export function createGate(shut: string | null) {
  let why = shut;
  let turn = false;
  const open = new Set<string>();
  let words: Words[] = [];
  /** Why nobody passes any more; null: it may. */
  let over: string | null = null;
  let left = false;
  let halting: {
    done: Promise<AgentOutcome>;
    settle(outcome: AgentOutcome): void;
    leave(): void;
  } | null = null;
  let closed = new AbortController();

  /** Something was seen that shows that it stands still, if nothing else runs. */
  function shown(evidence: Record<string, unknown>): void {
    if (open.size > 0) return;
    turn = false;
    halting?.settle({ state: 'applied', evidence: { gate: 'closed', ...evidence } });
    halting = null;
  }
  /** What people want said now. */
  function take(hook: string, ...moments: Words['when'][]): string | null {
    const now = words.filter(({ when }) => moments.includes(when));
    if (now.length === 0) return null;
    words = words.filter((one) => !now.includes(one));
    for (const one of now) one.settle({ state: 'applied', evidence: { hook, handed_over: true } });
    return said(now.map(({ text }) => text).join('\n'));
  }
  function drop(message: string): void {
    const all = words;
    words = [];
    for (const one of all) one.settle(failed('not_handed_over', message));
  }
  const say = (text: string, when: Words['when']): Promise<AgentOutcome> =>
    over === null
      ? new Promise((resolve) => {
          words.push({ text, when, settle: resolve });
        })
      : Promise.resolve(failed('not_handed_over', over));
  /** Nothing passes any more: what waits is told so, and what comes still. */
  function close(message: string): void {
    over = message;
    drop(message);
  }

  function halt(reason: string): Promise<AgentOutcome> {
    if (halting) return halting.done;
    why = reason;
    drop('It was halted before these words were handed over');
    closed.abort();
    if (left) return Promise.reject(new ControlLeaves('Control goes'));
    const { promise, resolve, reject } = Promise.withResolvers<AgentOutcome>();
    halting = { done: promise, settle: resolve, leave: () => reject(new ControlLeaves('Control goes')) };
    if (!turn) shown({ turn: 'none' });
    return promise;
  }
  function resume(message: string | null): AgentOutcome {
    halting?.settle(failed('superseded', 'It was resumed before the HALT took hold'));
    halting = null;
    why = null;
    closed = new AbortController();
    if (message !== null) void say(message, 'next');
    return { state: 'applied', evidence: { gate: 'open' } };
  }

  return {
    /** Why nothing may happen; null: it may. */
    shut: () => why,
    /** Aborted by a HALT. */
    closing: () => closed.signal,
    deliver(command: Pick<AgentCommand, 'type' | 'args'>): Promise<AgentOutcome> {
      const { type, args } = command;
      const own = typeof args['message'] === 'string' ? args['message'] : null;
      switch (type) {
        case 'HALT': {
          const { reason } = args;
          return halt(typeof reason === 'string' && reason !== '' ? reason.slice(0, 500) : 'no reason given');
        }
        case 'RESUME':
          return Promise.resolve(resume(own));
        case 'REDIRECT':
          return say(instructionOf(command), turn ? 'tool' : 'next');
        case 'INJECT':
          return say(instructionOf(command), args['position'] === 'end' && turn ? 'end' : 'next');
        case 'ROLLBACK':
          return Promise.resolve(
            failed('unsupported', 'Vigiles keeps no checkpoints of an agent it did not start'),
          );
      }
    },

    /** A person gives it something to do. */
    prompted(): HookAnswer {
      if (why !== null)
        return block(`Halted in Vigiles: ${why}. It takes prompts again when it is resumed there.`);
      turn = true;
      open.clear();
      const text = take('UserPromptSubmit', 'next', 'tool', 'end');
      return text === null ? goOn : addContext('UserPromptSubmit', text);
    },
    /** It wants to use a tool. `ran`: whether it may. */
    toolAsked(id: string): { answer: HookAnswer; ran: boolean } {
      turn = true;
      if (why !== null) {
        const answer = haltBeforeTool(`Halted in Vigiles: ${why}`);
        shown({ hook: 'PreToolUse', tool_use_id: id, denied: true });
        return { answer, ran: false };
      }
      const instead = take('PreToolUse', 'tool');
      if (instead !== null) return { answer: denyTool(instead), ran: false };
      open.add(id);
      const text = take('PreToolUse', 'next');
      return { answer: text === null ? goOn : addContext('PreToolUse', text), ran: true };
    },
    toolEnded(hook: 'PostToolUse' | 'PostToolUseFailure', id: string): HookAnswer {
      open.delete(id);
      if (why !== null) {
        shown({ hook, tool_use_id: id });
        return haltAfterTool(`Halted in Vigiles: ${why}`);
      }
      const text = take(hook, 'next');
      return text === null ? goOn : addContext(hook, text);
    },
    /** Everything it asked for at once is done, or was refused. */
    batchEnded(ids: readonly string[]): HookAnswer {
      for (const id of ids) open.delete(id);
      if (why === null) return goOn;
      shown({ hook: 'PostToolBatch' });
      return haltAfterTool(`Halted in Vigiles: ${why}`);
    },
    /** A permission was refused with the end of the turn. */
    interrupted(): void {
      open.clear();
      if (why !== null) shown({ hook: 'PermissionRequest', denied: true });
      else turn = false;
    },
    /** It has nothing more to do. */
    stopped(): HookAnswer {
      open.clear();
      if (why !== null) {
        shown({ hook: 'Stop' });
        return goOn;
      }
      const text = take('Stop', 'next', 'tool', 'end');
      if (text !== null) return block(text);
      turn = false;
      return goOn;
    },
    /** The provider failed. */
    failed(hook: string): void {
      open.clear();
      shown({ hook });
      turn = false;
    },
    /** It was closed, or its process is gone: no hook comes any more. */
    closed(hook: string): void {
      this.failed(hook);
      close('Claude Code was closed before these words were handed over');
    },
    inTurn: () => turn,
    /** Control goes, or lets it go. A HALT holds on: it is in the log. */
    leave(): void {
      close('Vigiles let it go before these words were handed over');
      left = true;
      halting?.leave();
      halting = null;
      closed.abort();
    },
  };
}

export type Gate = ReturnType<typeof createGate>;
