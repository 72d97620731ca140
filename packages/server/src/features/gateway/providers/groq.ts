import { defineProvider } from './define-provider.ts';

/**
 * Groq. Effort is known to some of its models only and refused by the others, so it is not sent.
 * https://console.groq.com/docs/openai
 */
export const provider = defineProvider({
  type: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { maxCompletionTokens: true },
  models: { path: '/models' },
  prices: 'groq',
  countsTokens: false,
  media: ['audio'],
  usualPorts: [],
});
