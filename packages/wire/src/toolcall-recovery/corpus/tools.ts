import type { ToolDefinition } from '../../canonical/index.ts';

const fn = (
  name: string,
  properties: Record<string, unknown>,
  required: readonly string[],
): ToolDefinition => ({
  kind: 'function',
  name,
  parameters: { type: 'object', properties, required: [...required] },
});

/** The tools of the corpus: what a coding agent has, and one that it has not to do with code. */
export const corpusTools: readonly ToolDefinition[] = [
  fn('get_weather', { location: { type: 'string' }, days: { type: 'integer' } }, ['location']),
  fn('read_file', { path: { type: 'string' }, line: { type: 'integer' }, raw: { type: 'boolean' } }, [
    'path',
  ]),
  fn('write_file', { path: { type: 'string' }, content: { type: 'string' } }, ['path', 'content']),
  fn('search', { query: { type: 'string' }, paths: { type: 'array', items: { type: 'string' } } }, ['query']),
  fn('bash', { command: { type: 'string' }, timeout_ms: { type: 'integer' } }, ['command']),
  fn('web_fetch', { url: { type: 'string' } }, ['url']),
  fn('list_tasks', {}, []),
  { kind: 'custom', name: 'apply_patch' },
];
