import { defineProvider } from './define-provider.ts';

/**
 * xAI. Effort is refused by several Grok models, so it is not sent. https://docs.x.ai
 */
export const provider = defineProvider({
  type: 'xai',
  name: 'xAI',
  baseUrl: 'https://api.x.ai/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { maxCompletionTokens: true },
  models: { path: '/models' },
  prices: 'x-ai',
  countsTokens: false,
  media: ['images'],
  usualPorts: [],
});
