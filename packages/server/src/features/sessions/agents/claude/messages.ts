import type { AgentSink } from '../agent-adapter.ts';
import { changedFile, planOf } from './tool-facts.ts';
import { bounded, fieldsOf, listOf, numberOf, short, tail, textOf, type Fields } from '../read.ts';

const MAX_TEXT = 20_000;
const MAX_CALLS = 500;

export interface MessagesOptions {
  sink: AgentSink;
  /** Milliseconds from an arbitrary start. */
  monotonic(): number;
  /** It does something new. */
  worked(): void;
}

/** What Claude Code says over stream-json, as events of the session. */
export function createMessages({ sink, monotonic, worked }: MessagesOptions) {
  const calls = new Map<string, { name: string; input: Fields; since: number }>();

  function assistant(message: Fields, main: boolean): void {
    for (const part of listOf(fieldsOf(message['message'])['content']).map(fieldsOf)) {
      if (part['type'] === 'text' && main) {
        const text = short(part['text'], MAX_TEXT);
        if (text !== null && text.trim() !== '')
          sink.event('message:assistant', { text, item_id: message['uuid'] });
      } else if (part['type'] === 'thinking' && main) {
        sink.event('message:reasoning', {
          text: short(part['thinking'], MAX_TEXT),
          item_id: message['uuid'],
        });
      } else if (part['type'] === 'tool_use') {
        worked();
        const itemId = textOf(part['id']) ?? '';
        const name = (textOf(part['name']) ?? 'tool').slice(0, 200);
        const input = fieldsOf(part['input']);
        calls.set(itemId, { name, input, since: monotonic() });
        if (calls.size > MAX_CALLS) calls.delete(calls.keys().next().value as string);
        if (name === 'TodoWrite') sink.event('skill:progress', planOf(input));
        sink.event('skill:started', {
          skill_name: name,
          step_index: null,
          parameters: bounded(input),
          item_id: itemId,
        });
      }
    }
  }
  function toolEnded(part: Fields, result: Fields): void {
    const itemId = textOf(part['tool_use_id']) ?? '';
    const call = calls.get(itemId);
    if (!call) return;
    calls.delete(itemId);
    const { content } = part;
    const text =
      textOf(content) ??
      listOf(content)
        .map((each) => textOf(fieldsOf(each)['text']) ?? '')
        .join('\n');
    const data = {
      skill_name: call.name,
      duration: Math.round(monotonic() - call.since),
      result: { output: tail(text) },
      item_id: itemId,
    };
    if (part['is_error'] === true) return sink.event('skill:failed', { ...data, error: short(text, 1000) });
    const file = changedFile(call.name, call.input, result);
    if (file) sink.event(file.type, { ...file.data, item_id: itemId });
    sink.event('skill:completed', data);
  }
  function user(message: Fields, main: boolean): void {
    for (const part of listOf(fieldsOf(message['message'])['content']).map(fieldsOf)) {
      if (part['type'] === 'tool_result') toolEnded(part, fieldsOf(message['tool_use_result']));
      else if (part['type'] === 'text' && main && message['isReplay'] === true)
        sink.event('message:user', { text: short(part['text'], MAX_TEXT), item_id: message['uuid'] });
    }
  }
  function live(message: Fields): void {
    const event = fieldsOf(message['event']);
    const delta = fieldsOf(event['delta']);
    if (event['type'] !== 'content_block_delta') return;
    if (delta['type'] === 'text_delta')
      sink.volatile('message:delta', { item_id: message['uuid'], delta: short(delta['text'], 8000) });
    else if (delta['type'] === 'thinking_delta')
      sink.volatile('message:reasoning_delta', {
        item_id: message['uuid'],
        delta: short(delta['thinking'], 8000),
      });
  }
  function system(message: Fields): void {
    const { subtype, task_type: type, task_id: id } = message;
    if (subtype === 'task_started' && type === 'local_agent')
      sink.event('agent:spawned', {
        agent_id: id,
        role: short(message['description'], 500),
        skill_name: 'Task',
      });
    else if (subtype === 'task_notification' && type === 'local_agent')
      sink.event('agent:completed', {
        agent_id: id,
        success: message['status'] === 'completed',
        duration: null,
      });
    else if (subtype === 'api_retry')
      sink.event('execution:progress', {
        warning: `The provider failed; try ${String(message['attempt'])}`,
        retrying: true,
      });
    else if (subtype === 'compact_boundary') sink.event('conversation:compacted', {});
  }
  return {
    receive(message: Fields): void {
      // What agents say that it started itself is theirs; what they do is shown.
      const main = message['parent_tool_use_id'] === null || message['parent_tool_use_id'] === undefined;
      switch (message['type']) {
        case 'assistant':
          return assistant(message, main);
        case 'user':
          return user(message, main);
        case 'stream_event':
          return main ? live(message) : undefined;
        case 'system':
          return system(message);
        default:
      }
    },
    /** Totals of its process, as the end of each turn gives them. */
    used(result: Fields): void {
      const models = Object.values(fieldsOf(result['modelUsage'])).map(fieldsOf);
      const sum = (name: string) => models.reduce((all, model) => all + (numberOf(model[name]) ?? 0), 0);
      const cost = numberOf(result['total_cost_usd']);
      const cached = sum('cacheReadInputTokens');
      sink.usage({
        inputTokens: sum('inputTokens') + cached + sum('cacheCreationInputTokens'),
        cachedInputTokens: cached,
        outputTokens: sum('outputTokens'),
        reasoningTokens: sum('thinkingTokens'),
        contextWindow: numberOf(models[0]?.['contextWindow']),
        costMicrousd: cost === null ? null : Math.round(cost * 1e6),
      });
    },
  };
}
