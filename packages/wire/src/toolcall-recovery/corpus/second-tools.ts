import type { ToolDefinition } from '../../canonical/index.ts';

const fn = (name: string, properties: Record<string, unknown>, ...required: string[]): ToolDefinition => ({
  kind: 'function',
  name,
  parameters: { type: 'object', properties, required },
});
const text = { type: 'string' };

/** Other tools than those of the corpus that the rules were made with. */
export const secondTools: readonly ToolDefinition[] = [
  fn(
    'get_current_temperature',
    { location: text, unit: { enum: ['celsius', 'fahrenheit'], ...text } },
    'location',
  ),
  fn(
    'find_files',
    { pattern: text, root: text, limit: { type: 'integer' }, hidden: { type: 'boolean' } },
    'pattern',
  ),
  fn('exec_command', { cmd: text, workdir: text, timeout: { type: 'number' } }, 'cmd'),
  fn('edit_file', { path: text, edits: { type: 'array', items: { type: 'object' } } }, 'path', 'edits'),
  fn('send_email', { to: { type: 'array', items: text }, subject: text, body: text }, 'to', 'subject'),
  fn('fetch_url', { url: text }, 'url'),
  fn('current_time', {}),
];
