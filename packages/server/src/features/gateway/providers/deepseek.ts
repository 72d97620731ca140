import { defineProvider } from './define-provider.ts';

/**
 * DeepSeek. Its JSON mode is `json_object` only, and thinking belongs back into the history while tools are called.
 * https://api-docs.deepseek.com
 */
export const provider = defineProvider({
  type: 'deepseek',
  name: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content', jsonSchema: false },
  models: { path: '/models' },
  prices: 'deepseek',
  countsTokens: false,
  usualPorts: [],
});
