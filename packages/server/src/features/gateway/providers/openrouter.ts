import { defineProvider } from './define-provider.ts';

/** OpenRouter. It sends `: OPENROUTER PROCESSING` comments while a model warms up and may end with `finish_reason:"error"`. */
export const provider = defineProvider({
  type: 'openrouter',
  name: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: { 'x-title': 'Vigiles' },
  quirks: { reasoningField: 'reasoning', reasoningEffort: true },
  models: { path: '/models' },
  prices: 'openrouter',
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
