import { defineProvider } from './define-provider.ts';

/**
 * Cohere's compatibility API. It has no switch for parallel calls; its model list is that of its own API.
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
  models: { path: '/v1/models?page_size=1000&endpoint=chat', from: 'origin' },
  prices: 'cohere',
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
