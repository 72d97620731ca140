import type { ToolDefinition } from '../../canonical/index.ts';

const fn = (name: string, properties: Record<string, unknown>, ...required: string[]): ToolDefinition => ({
  kind: 'function',
  name,
  parameters: { type: 'object', properties, required },
});
const text = { type: 'string' };

/** Tools that neither of the two other sets has. */
export const thirdTools: readonly ToolDefinition[] = [
  fn('lookup_order', { order_id: { type: 'integer' }, verbose: { type: 'boolean' } }, 'order_id'),
  fn('grep', { pattern: text, path: text, max_results: { type: 'integer' } }, 'pattern'),
  fn('bash', { command: text, cwd: text }, 'command'),
  fn(
    'create_event',
    { title: text, start: text, attendees: { type: 'array', items: text } },
    'title',
    'start',
  ),
  fn(
    'replace_in_file',
    { file_path: text, old_string: text, new_string: text },
    'file_path',
    'old_string',
    'new_string',
  ),
  fn('todo_write', { todos: { type: 'array', items: { type: 'object' } } }, 'todos'),
  fn('ping', {}),
];
