import type { AgentSink } from '../agent-adapter.ts';
import { lineDiff } from './line-diff.ts';
import { bounded, fieldsOf, listOf, numberOf, percentOf, short, tail, textOf, type Fields } from '../read.ts';

/** Longest words of one message that are kept, and how many tool calls are remembered at once. */
const MAX_TEXT = 20_000;
const MAX_CALLS = 500;

const words: Record<string, { durable: string; live: string }> = {
  agent_message_chunk: { durable: 'message:assistant', live: 'message:delta' },
  agent_thought_chunk: { durable: 'message:reasoning', live: 'message:reasoning_delta' },
  user_message_chunk: { durable: 'message:user', live: 'message:delta' },
};
const planStates: Record<string, string> = { pending: 'pending', in_progress: 'running', completed: 'done' };

interface Call {
  name: string;
  since: number;
  over: boolean;
}

export interface UpdatesOptions {
  sink: AgentSink;
  /** Milliseconds from an arbitrary start. */
  monotonic(): number;
}

/** What an agent reports over the Agent Client Protocol, as events of the session. */
export interface Updates {
  receive(update: unknown): void;
  /** What is still being said is said. */
  flush(): void;
  /** Token counts of one prompt, as some agents give them with its end. */
  prompted(result: unknown): void;
}

export function createUpdates({ sink, monotonic }: UpdatesOptions): Updates {
  let speaking: { type: string; id: string | null; text: string } | null = null;
  const calls = new Map<string, Call>();
  const total = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  let contextWindow: number | null = null;
  let costMicrousd: number | null = null;
  const tellUsage = (): void => sink.usage({ ...total, contextWindow, costMicrousd });

  function flush(): void {
    if (speaking === null || speaking.text.trim() === '') return void (speaking = null);
    sink.event(speaking.type, { text: short(speaking.text, MAX_TEXT), item_id: speaking.id });
    speaking = null;
  }
  function say(update: Fields, { durable, live }: { durable: string; live: string }): void {
    const id = textOf(update['messageId']);
    const text = textOf(fieldsOf(update['content'])['text']) ?? '';
    if (speaking === null || speaking.type !== durable || speaking.id !== id) {
      flush();
      speaking = { type: durable, id, text: '' };
    }
    // What is over the limit is counted by `short`, so a little more than it is kept.
    if (speaking.text.length <= MAX_TEXT) speaking.text += text;
    sink.volatile(live, { item_id: id, delta: short(text, 8000) });
  }
  const files = (update: Fields, itemId: string): void => {
    for (const entry of listOf(update['content']).slice(0, 100)) {
      const { type, path, oldText, newText } = fieldsOf(entry);
      if (type !== 'diff') continue;
      const before = textOf(oldText);
      const { diff, lines } = lineDiff(before, textOf(newText) ?? '');
      sink.event(before === null ? 'file:created' : 'file:modified', {
        path: short(path, 1000),
        changes: short(diff, MAX_TEXT),
        lines_changed: lines,
        item_id: itemId,
      });
    }
  };
  const outputOf = (update: Fields): string | null => {
    const parts = listOf(update['content']).map(
      (entry) => textOf(fieldsOf(fieldsOf(entry)['content'])['text']) ?? '',
    );
    return tail(parts.join('\n'));
  };
  function tool(update: Fields): void {
    const itemId = textOf(update['toolCallId']) ?? '';
    let call = calls.get(itemId);
    if (!call) {
      const name = textOf(update['name']) ?? textOf(update['kind']) ?? textOf(update['title']) ?? 'tool';
      call = { name: name.slice(0, 200), since: monotonic(), over: false };
      calls.set(itemId, call);
      if (calls.size > MAX_CALLS) calls.delete(calls.keys().next().value as string);
      sink.event('skill:started', {
        skill_name: call.name,
        step_index: null,
        parameters: { title: short(update['title'], 1000), input: bounded(update['rawInput']) },
        item_id: itemId,
      });
    }
    const { status } = update;
    if (call.over || (status !== 'completed' && status !== 'failed')) return;
    call.over = true;
    const data = {
      skill_name: call.name,
      duration: Math.round(monotonic() - call.since),
      result: { output: outputOf(update), raw: bounded(update['rawOutput'], 4000) },
      item_id: itemId,
    };
    if (status === 'failed')
      return sink.event('skill:failed', { ...data, error: outputOf(update) || 'it failed' });
    files(update, itemId);
    sink.event('skill:completed', data);
  }
  function plan(update: Fields): void {
    const steps = listOf(update['entries'])
      .slice(0, 100)
      .map((entry) => {
        const { content, status } = fieldsOf(entry);
        return { step: short(content, 500), state: planStates[String(status)] ?? 'pending' };
      });
    const done = steps.filter(({ state }) => state === 'done').length;
    sink.event('skill:progress', {
      skill_name: 'plan',
      steps,
      progress: percentOf(done, steps.length),
      message: null,
    });
  }
  function usage(update: Fields): void {
    contextWindow = numberOf(update['size']) ?? contextWindow;
    const { amount, currency } = fieldsOf(update['cost']);
    const dollars = numberOf(amount);
    // Another currency is not guessed at.
    if (dollars !== null && currency === 'USD') costMicrousd = Math.round(dollars * 1e6);
    tellUsage();
  }
  return {
    flush,
    receive(value) {
      const update = fieldsOf(value);
      const kind = String(update['sessionUpdate']);
      const spoken = words[kind];
      if (spoken) return say(update, spoken);
      if (kind === 'tool_call' || kind === 'tool_call_update') {
        flush();
        return tool(update);
      }
      if (kind === 'plan') return plan(update);
      if (kind === 'usage_update') return usage(update);
    },
    prompted(result) {
      const used = fieldsOf(fieldsOf(result)['usage']);
      const count = (name: string) => numberOf(used[name]) ?? 0;
      if (Object.keys(used).length === 0) return;
      total.inputTokens += count('inputTokens');
      total.cachedInputTokens += count('cachedReadTokens');
      total.outputTokens += count('outputTokens');
      total.reasoningTokens += count('thoughtTokens');
      tellUsage();
    },
  };
}
