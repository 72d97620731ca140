import { bounded, fieldsOf, listOf, numberOf, percentOf, short, tail, textOf, type Fields } from '../read.ts';

/** An event of the session contract. */
export interface MappedEvent {
  type: string;
  data: Record<string, unknown>;
}

/** Longest diff and longest words that an event carries. */
const MAX_DIFF = 20_000;
const MAX_TEXT = 20_000;

const kindEvents: Record<string, string> = {
  add: 'file:created',
  delete: 'file:deleted',
  update: 'file:modified',
};

/** Lines that a unified diff takes away or adds. */
const linesChanged = (diff: string): number =>
  diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line)).length;

function fileEvents(item: Fields, itemId: string): MappedEvent[] {
  return listOf(item['changes']).map((entry) => {
    const change = fieldsOf(entry);
    const kind = fieldsOf(change['kind']);
    const diff = textOf(change['diff']) ?? '';
    const moved = textOf(kind['move_path']);
    return {
      type: kindEvents[String(kind['type'])] ?? 'file:modified',
      data: {
        path: short(change['path'], 1000),
        changes: short(diff, MAX_DIFF),
        lines_changed: linesChanged(diff),
        ...(moved === null ? {} : { moved_to: moved }),
        item_id: itemId,
      },
    };
  });
}

/** What a tool call is called, and with what; null: the item is no tool call. */
function toolOf(item: Fields): { name: string; parameters: unknown; result: unknown; error: unknown } | null {
  switch (item['type']) {
    case 'commandExecution':
      return {
        name: 'shell',
        parameters: { command: short(item['command'], 4000), cwd: item['cwd'] },
        result: { exit_code: item['exitCode'], output: tail(item['aggregatedOutput']) },
        error: `exit code ${String(item['exitCode'])}`,
      };
    case 'mcpToolCall':
      return {
        name: `mcp:${String(item['server'])}/${String(item['tool'])}`,
        parameters: bounded(item['arguments']),
        result: bounded(item['result']),
        error: textOf(fieldsOf(item['error'])['message']) ?? 'the tool failed',
      };
    case 'dynamicToolCall':
      return {
        name: String(item['tool']),
        parameters: bounded(item['arguments']),
        result: bounded(item['contentItems']),
        error: 'the tool failed',
      };
    case 'webSearch':
      return {
        name: 'web_search',
        parameters: { query: short(item['query'], 500) },
        result: null,
        error: null,
      };
    case 'fileChange':
      return { name: 'apply_patch', parameters: null, result: null, error: `the change was not made` };
    default:
      return null;
  }
}

function agentEvents(item: Fields, done: boolean): MappedEvent[] {
  if (item['tool'] !== 'spawnAgent' || !done) return [];
  return listOf(item['receiverThreadIds']).map((id) => ({
    type: 'agent:spawned',
    data: { agent_id: id, role: short(item['prompt'], 500), skill_name: null, model: item['model'] ?? null },
  }));
}

/** An item as it begins. */
export function itemStarted(value: unknown): MappedEvent[] {
  const item = fieldsOf(value);
  const tool = toolOf(item);
  if (!tool || item['type'] === 'fileChange') return [];
  const data = { skill_name: tool.name, step_index: null, parameters: tool.parameters, item_id: item['id'] };
  return [{ type: 'skill:started', data }];
}

/** An item as it ended: events of tools, files, words and other agents. */
export function itemCompleted(value: unknown): MappedEvent[] {
  const item = fieldsOf(value);
  const itemId = textOf(item['id']) ?? '';
  switch (item['type']) {
    case 'agentMessage':
      return [
        {
          type: 'message:assistant',
          data: { text: short(item['text'], MAX_TEXT), item_id: itemId },
        },
      ];
    case 'userMessage': {
      const text = listOf(item['content'])
        .map((part) => textOf(fieldsOf(part)['text']) ?? '')
        .join('\n');
      return [{ type: 'message:user', data: { text: short(text, MAX_TEXT), item_id: itemId } }];
    }
    case 'reasoning': {
      const text = [...listOf(item['summary']), ...listOf(item['content'])].map(String).join('\n');
      return text === ''
        ? []
        : [{ type: 'message:reasoning', data: { text: short(text, MAX_TEXT), item_id: itemId } }];
    }
    case 'collabAgentToolCall':
      return agentEvents(item, item['status'] === 'completed');
    case 'subAgentActivity': {
      if (item['kind'] !== 'completed' && item['kind'] !== 'interrupted') return [];
      const success = item['kind'] === 'completed';
      return [
        { type: 'agent:completed', data: { agent_id: item['agentThreadId'], success, duration: null } },
      ];
    }
    case 'contextCompaction':
      return [{ type: 'conversation:compacted', data: { item_id: itemId } }];
    default:
      return toolCompleted(item, itemId);
  }
}

function toolCompleted(item: Fields, itemId: string): MappedEvent[] {
  const tool = toolOf(item);
  if (!tool) return [];
  const status = textOf(item['status']) ?? 'completed';
  const base = { skill_name: tool.name, duration: numberOf(item['durationMs']), item_id: itemId };
  if (item['type'] === 'fileChange' && status === 'completed') return fileEvents(item, itemId);
  if (status === 'completed') return [{ type: 'skill:completed', data: { ...base, result: tool.result } }];
  const error = status === 'declined' ? 'declined by a person' : tool.error;
  return [{ type: 'skill:failed', data: { ...base, error, result: tool.result } }];
}

const planStates: Record<string, string> = { pending: 'pending', inProgress: 'running', completed: 'done' };

/** A plan as it stands now. */
export function planUpdated(value: unknown): MappedEvent {
  const { plan, explanation } = fieldsOf(value);
  const steps = listOf(plan)
    .slice(0, 100)
    .map((entry) => {
      const { step, status } = fieldsOf(entry);
      return { step: short(step, 500), state: planStates[String(status)] ?? 'pending' };
    });
  const done = steps.filter(({ state }) => state === 'done').length;
  return {
    type: 'skill:progress',
    data: {
      skill_name: 'plan',
      steps,
      progress: percentOf(done, steps.length),
      message: short(explanation, 500),
    },
  };
}
