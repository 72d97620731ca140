import type { NewSessionEvent } from '@vigiles/contract';
import { changedFile, planOf } from '../claude/tool-facts.ts';
import { bounded, fieldsOf, listOf, numberOf, short, tail, textOf } from '../read.ts';
import type { HookCall } from './hook-call.ts';

const MAX_TEXT = 20_000;

const event = (type: string, data: Record<string, unknown>): NewSessionEvent => ({ type, data });
const nameOf = ({ tool_name: name }: HookCall): string => (name ?? 'tool').slice(0, 200);
/** Who does it, where it is not the main agent. */
const byAgent = ({ agent_id: id }: HookCall): Record<string, unknown> =>
  id ? { agent_id: id.slice(0, 200) } : {};

/** What a tool answered, as text. */
function outputOf(response: unknown): string {
  if (typeof response === 'string') return response;
  const { stdout, stderr, content } = fieldsOf(response);
  if (typeof stdout === 'string') return `${stdout}${textOf(stderr) ?? ''}`;
  const parts = listOf(content ?? response).map((part) => textOf(fieldsOf(part)['text']));
  const words = parts.filter((part) => part !== null);
  return words.length > 0 ? words.join('\n') : (JSON.stringify(response) ?? '');
}

/** A tool call that begins. */
export function toolBegun(call: HookCall): NewSessionEvent[] {
  const name = nameOf(call);
  const input = fieldsOf(call['tool_input']);
  const started = event('skill:started', {
    skill_name: name,
    step_index: null,
    parameters: bounded(input),
    item_id: call.tool_use_id,
    ...byAgent(call),
  });
  return name === 'TodoWrite' ? [event('skill:progress', planOf(input)), started] : [started];
}

/** A tool call that did not run. */
export const toolRefused = (call: HookCall, why: string): NewSessionEvent[] => [
  event('skill:failed', {
    skill_name: nameOf(call),
    error: short(why, 1000),
    item_id: call.tool_use_id,
    ...byAgent(call),
  }),
];

/** A tool call that is over. */
export function toolEnded(call: HookCall): NewSessionEvent[] {
  const name = nameOf(call);
  const duration = numberOf(call['duration_ms']);
  const data = { skill_name: name, duration, item_id: call.tool_use_id, ...byAgent(call) };
  if (call.hook_event_name === 'PostToolUseFailure')
    return [event('skill:failed', { ...data, error: short(call['error'], 1000) })];
  const response = call['tool_response'];
  const file = changedFile(name, fieldsOf(call['tool_input']), fieldsOf(response));
  return [
    ...(file ? [event(file.type, { ...file.data, item_id: call.tool_use_id })] : []),
    event('skill:completed', { ...data, result: { output: tail(outputOf(response)) } }),
  ];
}

/** What a person asks of it. */
export function prompted(call: HookCall): NewSessionEvent[] {
  const prompt = textOf(call['prompt']) ?? '';
  const task = prompt.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return [
    event('execution:started', { plan_id: call.prompt_id, task, steps_total: null }),
    event('message:user', { text: short(prompt, MAX_TEXT), source: call['source'] ?? null }),
  ];
}

export const message = (text: string, id: unknown): NewSessionEvent =>
  event('message:assistant', { text: short(text, MAX_TEXT), item_id: id });

/** Everything that is told and needs no answer. */
export function told(call: HookCall): NewSessionEvent[] {
  switch (call.hook_event_name) {
    case 'SubagentStart':
      return [
        event('agent:spawned', {
          agent_id: call.agent_id,
          role: short(call.agent_type, 500),
          skill_name: 'Task',
        }),
      ];
    case 'SubagentStop':
      return [
        event('agent:completed', {
          agent_id: call.agent_id,
          success: true,
          duration: null,
          result: { output: tail(call['last_assistant_message']) },
        }),
      ];
    case 'Notification':
      return [
        event('execution:progress', {
          message: short(call['message'], 1000),
          notification: short(call['notification_type'], 100),
        }),
      ];
    case 'PermissionDenied':
      return toolRefused(call, textOf(call['reason']) ?? 'It was not allowed');
    case 'PreCompact':
      return [event('conversation:compacted', { trigger: short(call['trigger'], 100) })];
    case 'StopFailure': {
      const error = [textOf(call['error']), textOf(call['error_details'])].filter((part) => part !== null);
      return [event('execution:failed', { plan_id: call.prompt_id, error: error.join(': ').slice(0, 1000) })];
    }
    default:
      return [];
  }
}
