import { join } from 'node:path';
import type { Agent, Places } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';
import { lineSettings } from './line-settings.ts';

const folder = ({ userHome, env }: Places): string => join(env['GEMINI_CLI_HOME'] || userHome, '.gemini');

/**
 * Gemini CLI takes address, key and model from `~/.gemini/.env`. Its settings must say that a key is used: with the address
 * alone it chooses a way of signing in that it then refuses itself. The address is bare: it adds `/v1beta`.
 * https://geminicli.com/docs/reference/configuration
 */
export const gemini: Agent = {
  id: 'gemini',
  name: 'Gemini CLI',
  files: [
    lineSettings({
      path: (places) => join(folder(places), '.env'),
      format: 'env',
      entries: ({ origin, token, model }) => [
        { key: 'GOOGLE_GEMINI_BASE_URL', value: origin },
        { key: 'GEMINI_API_KEY', value: token },
        { key: 'GEMINI_MODEL', value: model, ifAbsent: true },
      ],
      tokenKey: 'GEMINI_API_KEY',
      addressKey: 'GOOGLE_GEMINI_BASE_URL',
    }),
    jsonSettings({
      path: (places) => join(folder(places), 'settings.json'),
      entries: () => [{ path: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' }],
    }),
  ],
  notes([, settings = '']) {
    const notes = ['A .env in the project folder, and the environment itself, win over ~/.gemini/.env.'];
    const enforced = getJson(settings, ['security', 'auth', 'enforcedType']);
    if (typeof enforced === 'string' && enforced !== 'gemini-api-key')
      notes.push(`Its settings enforce the sign-in ${enforced}; with it nothing goes through the gateway.`);
    const model = getJson(settings, ['model', 'name']);
    if (typeof model === 'string') notes.push(`Its settings choose the model ${model}.`);
    return notes;
  },
};
