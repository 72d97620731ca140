import { defineProvider } from './define-provider.ts';

/**
 * Hugging Face's router. What a model costs depends on who serves it (`model:provider`), so it is unpriced.
 * https://huggingface.co/docs/inference-providers
 */
export const provider = defineProvider({
  type: 'huggingface',
  name: 'Hugging Face',
  baseUrl: 'https://router.huggingface.co/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: {},
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  usualPorts: [],
});
