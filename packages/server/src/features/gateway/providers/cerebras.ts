import { defineProvider } from './define-provider.ts';

/**
 * Cerebras. `parallel_tool_calls` has been answered with 400, and there is no `developer` role: system messages stand at
 * that level already. https://inference-docs.cerebras.ai/resources/openai
 */
export const provider = defineProvider({
  type: 'cerebras',
  name: 'Cerebras',
  baseUrl: 'https://api.cerebras.ai/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { maxCompletionTokens: true, parallelToolCalls: false },
  effortModels: /gpt-oss/,
  models: { path: '/models' },
  prices: 'cerebras',
  countsTokens: false,
  usualPorts: [],
});
