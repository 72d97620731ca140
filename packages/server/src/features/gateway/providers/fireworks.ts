import { defineProvider } from './define-provider.ts';

/**
 * Fireworks AI. Model names are resource names: `accounts/fireworks/models/…`. https://docs.fireworks.ai
 */
export const provider = defineProvider({
  type: 'fireworks',
  name: 'Fireworks AI',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content' },
  models: { path: '/models' },
  prices: 'fireworks',
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
