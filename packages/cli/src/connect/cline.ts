import { join } from 'node:path';
import type { Agent, Places } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';

/** Cline wants a time here; one that never changes keeps a second `connect` from changing the file. */
const UPDATED_AT = '2026-01-01T00:00:00.000Z';
const SLOT = ['providers', 'openai-compatible'] as const;

function providersFile({ userHome, env }: Places): string {
  const data = env['CLINE_DATA_DIR'] || join(env['CLINE_DIR'] || join(userHome, '.cline'), 'data');
  return env['CLINE_PROVIDER_SETTINGS_PATH'] || join(data, 'settings', 'providers.json');
}

/**
 * Cline keeps its providers in one file for its command line and its editor extension, with a place for one OpenAI-compatible
 * provider. Older extensions keep theirs inside the editor. https://docs.cline.bot/getting-started/config
 */
export const cline: Agent = {
  id: 'cline',
  name: 'Cline',
  files: [
    jsonSettings({
      path: providersFile,
      entries: ({ baseUrl, token, model }) => [
        { path: ['version'], value: 1, ifAbsent: true },
        { path: ['lastUsedProvider'], value: 'openai-compatible' },
        {
          path: [...SLOT],
          whole: true,
          value: {
            settings: {
              provider: 'openai-compatible',
              apiKey: token,
              baseUrl,
              ...(model !== undefined && { model }),
            },
            updatedAt: UPDATED_AT,
            tokenSource: 'manual',
          },
        },
      ],
      tokenAt: [...SLOT, 'settings', 'apiKey'],
      addressAt: [...SLOT, 'settings', 'baseUrl'],
    }),
  ],
  notes([text = '']) {
    const address = getJson(text, [...SLOT, 'settings', 'baseUrl']);
    return [
      `An older editor extension does not read this file. Enter there: API Provider "OpenAI Compatible", Base URL ${String(address)}, and a key from: vigiles device pair cline --scopes gateway --token`,
    ];
  },
};
