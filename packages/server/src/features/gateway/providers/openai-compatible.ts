import { defineProvider } from './define-provider.ts';

/**
 * Any server with an OpenAI-style Chat Completions door: LM Studio, vLLM, llama.cpp and many hosted ones.
 * Priced by nobody's table: a server found on this machine is free, one on the network is unpriced.
 */
export const provider = defineProvider({
  type: 'openai-compatible',
  name: 'OpenAI-compatible server',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content' },
  models: { path: '/models', shape: 'openai' },
  prices: null,
  countsTokens: false,
  usualPorts: [
    { id: 'lm-studio', name: 'LM Studio', port: 1234 },
    { id: 'vllm', name: 'vLLM', port: 8000 },
    { id: 'llama-cpp', name: 'llama.cpp', port: 8080 },
  ],
});
