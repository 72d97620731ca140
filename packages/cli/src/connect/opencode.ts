import { join } from 'node:path';
import type { Agent } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';

const MAX_LISTED = 200;

/** opencode wants a provider block with its models by name. https://opencode.ai/docs/providers */
export const opencode: Agent = {
  id: 'opencode',
  name: 'opencode',
  files: [
    jsonSettings({
      path: ({ userHome, env }) =>
        join(env['XDG_CONFIG_HOME'] || join(userHome, '.config'), 'opencode', 'opencode.json'),
      entries: ({ baseUrl, token, model, models }) => [
        {
          path: ['provider', 'vigiles'],
          whole: true,
          value: {
            npm: '@ai-sdk/openai-compatible',
            name: 'Vigiles gateway',
            options: { baseURL: baseUrl, apiKey: token },
            models: Object.fromEntries(
              [...new Set([...(model === undefined ? [] : [model]), ...models])]
                .slice(0, MAX_LISTED)
                .map((name) => [name, { name }]),
            ),
          },
        },
        { path: ['model'], value: model === undefined ? undefined : `vigiles/${model}`, ifAbsent: true },
      ],
      tokenAt: ['provider', 'vigiles', 'options', 'apiKey'],
      addressAt: ['provider', 'vigiles', 'options', 'baseURL'],
    }),
  ],
  notes([text = '']) {
    const model = getJson(text, ['model']);
    return typeof model === 'string' && !model.startsWith('vigiles/')
      ? [`Its model is ${model}; choose one of vigiles/… with /models to go through the gateway.`]
      : [];
  },
};
