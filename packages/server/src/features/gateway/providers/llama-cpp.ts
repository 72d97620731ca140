import { defineProvider } from './define-provider.ts';

/**
 * llama.cpp's `llama-server`. Which roles a model takes is up to its chat template, so `developer` becomes `system`.
 * Free on this machine, unpriced elsewhere. It goes on with a last message of the assistant by itself, unless it was started with
 * `--no-prefill-assistant` (ggml-org/llama.cpp #13608), and does not say it again (#23089).
 */
export const provider = defineProvider({
  type: 'llama-cpp',
  name: 'llama.cpp',
  baseUrl: 'http://127.0.0.1:8080/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content', begunAnswer: 'continued' },
  models: { path: '/models', details: 'llama-cpp' },
  prices: null,
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [{ id: 'llama-cpp', name: 'llama.cpp', port: 8080 }],
});
