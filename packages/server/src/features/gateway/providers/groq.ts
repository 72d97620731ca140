import { defineProvider } from './define-provider.ts';

/**
 * Groq. Of its models only OpenAI's open ones take an effort as agents name it. `messages[].name` is refused. Its Responses door
 * (beta) is stateless and takes function tools; what Codex sends is rewritten for it.
 * https://console.groq.com/docs/openai, https://console.groq.com/docs/prefilling, https://console.groq.com/docs/responses-api
 */
export const provider = defineProvider({
  type: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  protocols: [
    { protocol: 'openai-chat', path: '/chat/completions' },
    { protocol: 'openai-responses', path: '/responses', strict: true },
  ],
  auth: 'bearer',
  headers: {},
  quirks: {
    maxCompletionTokens: true,
    functionToolsOnly: true,
    openaiFields: false,
  },
  effortModels: /gpt-oss/,
  models: { path: '/models' },
  prices: 'groq',
  countsTokens: false,
  media: ['audio'],
  usualPorts: [],
});
