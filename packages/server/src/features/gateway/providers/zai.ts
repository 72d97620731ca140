import { defineProvider } from './define-provider.ts';

/**
 * Z.ai's GLM. JSON mode is `json_object` only, and parallel calls have no switch. A coding plan has an address of its own:
 * `base_url: https://api.z.ai/api/coding/paas/v4`. https://docs.z.ai
 */
export const provider = defineProvider({
  type: 'zai',
  name: 'Z.ai',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: { reasoningField: 'reasoning_content', jsonSchema: false, parallelToolCalls: false },
  models: { path: '/models' },
  prices: 'zai',
  countsTokens: false,
  media: ['embeddings', 'images'],
  usualPorts: [],
});
