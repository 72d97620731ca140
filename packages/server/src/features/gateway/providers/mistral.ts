import { defineProvider } from './define-provider.ts';

/**
 * Mistral. Answers 422 to every field it does not know: `stream_options` (usage comes anyway), `max_completion_tokens`,
 * `reasoning_content` in the history. Call ids are exactly nine letters and digits. https://docs.mistral.ai/api
 * The beginning of an answer that is marked with `prefix` stands in the answer again (SillyTavern #2557, vercel/ai #3256).
 */
export const provider = defineProvider({
  type: 'mistral',
  name: 'Mistral',
  baseUrl: 'https://api.mistral.ai/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions', strict: true }],
  auth: 'bearer',
  headers: {},
  quirks: { callIds: 'mistral', streamUsage: false, begunAnswer: 'prefix' },
  models: { path: '/models' },
  prices: 'mistral',
  countsTokens: false,
  media: ['embeddings', 'audio'],
  usualPorts: [],
});
