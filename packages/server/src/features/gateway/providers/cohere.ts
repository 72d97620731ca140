import { defineProvider } from './define-provider.ts';

/**
 * Cohere's compatibility API. It has no switch for parallel calls, and no model list in this form.
 * https://docs.cohere.com/docs/compatibility-api
 */
export const provider = defineProvider({
  type: 'cohere',
  name: 'Cohere',
  baseUrl: 'https://api.cohere.ai/compatibility/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { parallelToolCalls: false },
  models: null,
  prices: 'cohere',
  countsTokens: false,
  usualPorts: [],
});
