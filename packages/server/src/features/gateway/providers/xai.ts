import { defineProvider } from './define-provider.ts';

/**
 * xAI. Only the newer Grok models take an effort; the others refuse it. Its Responses door takes function tools and its own
 * hosted ones, so what Codex sends is rewritten; encrypted thinking goes back and forth there.
 * https://docs.x.ai/developers/model-capabilities/text/reasoning
 */
export const provider = defineProvider({
  type: 'xai',
  name: 'xAI',
  baseUrl: 'https://api.x.ai/v1',
  protocols: [
    { protocol: 'openai-chat', path: '/chat/completions' },
    { protocol: 'openai-responses', path: '/responses', strict: true },
  ],
  auth: 'bearer',
  headers: {},
  quirks: { maxCompletionTokens: true, functionToolsOnly: true },
  effortModels: /^grok-(4\.[3-9]|[5-9])/,
  models: { path: '/models' },
  prices: 'x-ai',
  countsTokens: false,
  media: ['images'],
  usualPorts: [],
});
