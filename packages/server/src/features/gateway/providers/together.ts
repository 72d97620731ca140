import { defineProvider } from './define-provider.ts';

/**
 * Together AI. Its model list is a bare array with windows and prices. https://docs.together.ai
 */
export const provider = defineProvider({
  type: 'together',
  name: 'Together AI',
  baseUrl: 'https://api.together.xyz/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: {},
  models: { path: '/models' },
  prices: 'together',
  countsTokens: false,
  media: ['embeddings', 'images', 'audio'],
  usualPorts: [],
});
