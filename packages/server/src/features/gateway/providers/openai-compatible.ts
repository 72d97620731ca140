import { defineProvider } from './define-provider.ts';

/**
 * Any server with an OpenAI-style Chat Completions door that has no type of its own.
 * Priced by nobody's table: a server found on this machine is free, one on the network is unpriced.
 */
export const provider = defineProvider({
  type: 'openai-compatible',
  name: 'OpenAI-compatible server',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content' },
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  media: ['embeddings', 'images', 'audio'],
  usualPorts: [],
});
