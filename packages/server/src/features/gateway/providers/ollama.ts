import { defineProvider } from './define-provider.ts';

/** Ollama through its OpenAI-compatible door. `/api/tags` lists what is installed. */
export const provider = defineProvider({
  type: 'ollama',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning', reasoningEffort: true },
  models: { path: '/models', details: 'ollama' },
  prices: 'free',
  countsTokens: false,
  media: ['embeddings', 'images', 'audio'],
  usualPorts: [{ id: 'ollama', name: 'Ollama', port: 11434 }],
});
