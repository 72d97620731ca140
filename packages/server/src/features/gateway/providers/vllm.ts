import { defineProvider } from './define-provider.ts';

/**
 * vLLM's server. Which roles a model takes is up to its chat template, so `developer` becomes `system`.
 * Free on this machine, unpriced elsewhere.
 */
export const provider = defineProvider({
  type: 'vllm',
  name: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content', begunAnswer: 'final-message' },
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  media: ['embeddings', 'audio'],
  usualPorts: [{ id: 'vllm', name: 'vLLM', port: 8000 }],
});
