import { defineProvider } from './define-provider.ts';

/**
 * GitHub Models. The key is a token with `models: read`. Parallel calls have no switch. Its catalogue is a bare array beside
 * the base address. https://docs.github.com/rest/models/inference
 */
export const provider = defineProvider({
  type: 'github-models',
  name: 'GitHub Models',
  baseUrl: 'https://models.github.ai/inference',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { parallelToolCalls: false },
  models: { path: '/catalog/models', from: 'origin' },
  prices: null,
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
