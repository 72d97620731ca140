import { defineProvider } from './define-provider.ts';

/** OpenAI's own API. Codex speaks Responses to it, most other tools Chat Completions; both pass through. */
export const provider = defineProvider({
  type: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  protocols: [
    { protocol: 'openai-responses', path: '/responses' },
    { protocol: 'openai-chat', path: '/chat/completions' },
  ],
  auth: 'bearer',
  headers: {},
  quirks: {
    developerRole: true,
    maxCompletionTokens: true,
    reasoningEffort: true,
    strictTools: true,
    refusalField: true,
    openaiFields: true,
  },
  models: { path: '/models' },
  prices: 'openai',
  countsTokens: false,
  media: ['embeddings', 'images', 'audio'],
  keepsResponses: true,
  compacts: true,
  usualPorts: [],
});
