import { defineProvider } from './define-provider.ts';

/**
 * NVIDIA's NIM. A container of one's own has the same door: `base_url: http://127.0.0.1:8000/v1`.
 * https://docs.api.nvidia.com
 */
export const provider = defineProvider({
  type: 'nvidia',
  name: 'NVIDIA NIM',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  protocols: [{ protocol: 'openai-chat', path: '/chat/completions' }],
  auth: 'bearer',
  headers: {},
  quirks: {},
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  media: ['embeddings'],
  usualPorts: [],
});
