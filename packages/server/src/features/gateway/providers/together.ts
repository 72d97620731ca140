import { defineProvider } from './define-provider.ts';

/**
 * Together AI. Its model list is a bare array, so models are named in the configuration. https://docs.together.ai
 */
export const provider = defineProvider({
  type: 'together',
  name: 'Together AI',
  baseUrl: 'https://api.together.xyz/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: {},
  models: null,
  prices: 'together',
  countsTokens: false,
  usualPorts: [],
});
