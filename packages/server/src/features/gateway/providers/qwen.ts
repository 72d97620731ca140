import { defineProvider } from './define-provider.ts';

/**
 * Qwen through DashScope's compatible mode. Keys belong to a region; this is the international one, China has
 * `base_url: https://dashscope.aliyuncs.com/compatible-mode/v1`. https://help.aliyun.com/en/model-studio
 */
export const provider = defineProvider({
  type: 'qwen',
  name: 'Qwen',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { begunAnswer: 'partial' },
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
