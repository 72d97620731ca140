import { join } from 'node:path';
import type { Agent } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';

/**
 * Claude Code reads `env` of its settings file as environment variables. The address has no `/v1`: it adds that
 * itself. https://code.claude.com/docs/en/settings
 */
export const claude: Agent = {
  id: 'claude',
  name: 'Claude Code',
  files: [
    jsonSettings({
      path: ({ userHome, env }) =>
        join(env['CLAUDE_CONFIG_DIR'] || join(userHome, '.claude'), 'settings.json'),
      entries: ({ origin, token }) => [
        { path: ['env', 'ANTHROPIC_BASE_URL'], value: origin },
        { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: token },
      ],
      tokenAt: ['env', 'ANTHROPIC_AUTH_TOKEN'],
      addressAt: ['env', 'ANTHROPIC_BASE_URL'],
    }),
  ],
  notes([text = '']) {
    const notes: string[] = [];
    if (getJson(text, ['apiKeyHelper']) !== undefined)
      notes.push('Its settings name an apiKeyHelper; a key from there may be sent instead of the token.');
    if (getJson(text, ['env', 'ANTHROPIC_API_KEY']) !== undefined)
      notes.push('Its settings hold an ANTHROPIC_API_KEY; it is sent along and not needed any more.');
    notes.push(
      'It asks for models called claude-…: they need a provider of type anthropic, or a route in vigiles.yaml.',
    );
    return notes;
  },
};
