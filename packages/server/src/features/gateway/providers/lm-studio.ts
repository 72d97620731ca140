import { defineProvider } from './define-provider.ts';

/**
 * LM Studio's server. Free on this machine; elsewhere it may be somebody's, so it is unpriced.
 */
export const provider = defineProvider({
  type: 'lm-studio',
  name: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content' },
  models: { path: '/models', richer: '/api/v0/models' },
  prices: null,
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [{ id: 'lm-studio', name: 'LM Studio', port: 1234 }],
});
