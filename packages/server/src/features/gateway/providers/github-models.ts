import { defineProvider } from './define-provider.ts';

/**
 * GitHub Models. The key is a token with `models: read`. Parallel calls have no switch, and its catalogue is a bare array
 * at another address, so models are named in the configuration. https://docs.github.com/rest/models/inference
 */
export const provider = defineProvider({
  type: 'github-models',
  name: 'GitHub Models',
  baseUrl: 'https://models.github.ai/inference',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { parallelToolCalls: false },
  models: null,
  prices: null,
  countsTokens: false,
  usualPorts: [],
});
