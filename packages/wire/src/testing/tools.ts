import type { ToolDefinition } from '../canonical/index.ts';

/** The tools that the recorded streams call: plain, freeform and namespaced. */
export const fixtureTools: ToolDefinition[] = [
  {
    kind: 'function',
    name: 'look_up',
    description: 'Looks a word up.',
    parameters: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] },
  },
  { kind: 'function', name: 'list_files', parameters: { type: 'object', properties: {} } },
  { kind: 'custom', name: 'run_code', description: 'Runs a script.' },
  {
    kind: 'function',
    name: 'read',
    namespace: 'mcp__files',
    parameters: { type: 'object', properties: { path: { type: 'string' } } },
  },
];
