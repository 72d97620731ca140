import { defineProvider } from './define-provider.ts';

/**
 * MiniMax through its Messages door: its Chat door mixes the thinking of most models into the text as `<think>`.
 * Inside China `base_url: https://api.minimaxi.com/anthropic/v1`. https://platform.minimax.io/docs
 */
export const provider = defineProvider({
  type: 'minimax',
  name: 'MiniMax',
  baseUrl: 'https://api.minimax.io/anthropic/v1',
  protocols: [{ protocol: 'anthropic-messages', path: '/messages' }],
  auth: 'bearer',
  headers: { 'anthropic-version': '2023-06-01' },
  quirks: { thinking: 'budget' },
  models: { path: '/models' },
  prices: 'minimax',
  countsTokens: false,
  usualPorts: [],
});
