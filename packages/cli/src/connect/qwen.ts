import { join } from 'node:path';
import type { Agent } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';
import { lineSettings } from './line-settings.ts';

/**
 * Qwen Code takes address, key and model from `~/.qwen/.env`, and from its settings that it shall use them.
 * https://qwenlm.github.io/qwen-code-docs/en/users/configuration/settings
 */
export const qwen: Agent = {
  id: 'qwen',
  name: 'Qwen Code',
  files: [
    lineSettings({
      path: ({ userHome }) => join(userHome, '.qwen', '.env'),
      format: 'env',
      entries: ({ baseUrl, token, model }) => [
        { key: 'OPENAI_BASE_URL', value: baseUrl },
        { key: 'OPENAI_API_KEY', value: token },
        { key: 'OPENAI_MODEL', value: model, ifAbsent: true },
      ],
      tokenKey: 'OPENAI_API_KEY',
      addressKey: 'OPENAI_BASE_URL',
    }),
    jsonSettings({
      path: ({ userHome }) => join(userHome, '.qwen', 'settings.json'),
      entries: () => [{ path: ['security', 'auth', 'selectedType'], value: 'openai' }],
    }),
  ],
  notes([, settings = '']) {
    const notes = ['A .env in the project folder, and the environment itself, win over ~/.qwen/.env.'];
    const model = getJson(settings, ['model', 'name']);
    if (typeof model === 'string') notes.push(`Its settings choose the model ${model}.`);
    return notes;
  },
};
