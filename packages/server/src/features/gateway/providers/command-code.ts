import { defineProvider } from './define-provider.ts';

/**
 * Command Code's Provider API: Claude is spoken to in Messages, every other model in Chat Completions, and a model sent to the
 * wrong door is refused. It knows no `developer` role it would promise, so that becomes `system`. It bills at the rates of
 * the models' makers, with discounts that no table has, so its turns are unpriced.
 * https://commandcode.ai/docs/provider-api
 */
export const provider = defineProvider({
  type: 'command-code',
  name: 'Command Code',
  baseUrl: 'https://api.commandcode.ai/provider/v1',
  protocols: [
    { protocol: 'anthropic-messages', path: '/messages', models: /^(anthropic\/)?claude/ },
    { protocol: 'openai-chat', path: '/chat/completions', models: /^(?!(anthropic\/)?claude)/ },
  ],
  auth: 'bearer',
  headers: { 'anthropic-version': '2023-06-01' },
  quirks: { reasoningField: 'reasoning_content' },
  models: { path: '/models' },
  prices: null,
  countsTokens: false,
  usualPorts: [],
});
