import { defineProvider } from './define-provider.ts';

/** Anthropic's Messages API. `anthropic-version` is required; a client that sends its own keeps it. */
export const provider = defineProvider({
  type: 'anthropic',
  name: 'Anthropic',
  baseUrl: 'https://api.anthropic.com/v1',
  protocols: [{ protocol: 'anthropic-messages', path: '/messages' }],
  auth: 'x-api-key',
  headers: { 'anthropic-version': '2023-06-01' },
  quirks: {},
  models: { path: '/models?limit=1000' },
  prices: 'anthropic',
  countsTokens: true,
  usualPorts: [],
});
