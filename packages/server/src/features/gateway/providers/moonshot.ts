import { defineProvider } from './define-provider.ts';

/**
 * Moonshot's Kimi. A thinking model refuses a history whose tool calls come without their `reasoning_content`.
 * Outside China; inside, `base_url: https://api.moonshot.cn/v1`. https://platform.moonshot.ai/docs/guide/use-partial-mode-feature-of-kimi-api
 */
export const provider = defineProvider({
  type: 'moonshot',
  name: 'Moonshot',
  baseUrl: 'https://api.moonshot.ai/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content', begunAnswer: 'partial' },
  models: { path: '/models' },
  prices: 'moonshotai',
  countsTokens: false,
  usualPorts: [],
});
