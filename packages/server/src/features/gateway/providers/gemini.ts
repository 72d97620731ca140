import { defineProvider } from './define-provider.ts';

/** Google's Gemini API. Model and kind of answer stand in its URL; the key goes in `x-goog-api-key`. */
export const provider = defineProvider({
  type: 'gemini',
  name: 'Google Gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  basePath: '/v1beta',
  protocols: [{ protocol: 'gemini', path: '/models' }],
  auth: 'x-goog-api-key',
  headers: {},
  quirks: {},
  models: { path: '/models?pageSize=1000' },
  prices: 'google',
  countsTokens: false,
  usualPorts: [],
});
