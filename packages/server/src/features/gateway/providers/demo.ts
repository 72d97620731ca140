import { defineProvider } from './define-provider.ts';

/** The scripted model that is built in: no key, no network, always the same answers. See `demo/script.ts`. */
export const provider = defineProvider({
  type: 'demo',
  name: 'Demo',
  protocols: [],
  auth: 'none',
  headers: {},
  quirks: {},
  models: null,
  prices: 'free',
  countsTokens: false,
  usualPorts: [],
});
