import { join } from 'node:path';
import { claudeHookEvents, claudeHookGroup, isClaudeHookGroup } from '@vigiles/contract';
import type { Agent, SettingsFile } from './agent.ts';
import { getJson } from './edit-json.ts';
import { jsonSettings } from './json-settings.ts';

const gatewaySettings = jsonSettings({
  path: ({ userHome, env }) => join(env['CLAUDE_CONFIG_DIR'] || join(userHome, '.claude'), 'settings.json'),
  entries: ({ origin, token, hooks, withoutGateway }) => [
    ...(withoutGateway
      ? []
      : [
          { path: ['env', 'ANTHROPIC_BASE_URL'], value: origin },
          { path: ['env', 'ANTHROPIC_AUTH_TOKEN'], value: token },
        ]),
    ...(hooks === undefined
      ? []
      : claudeHookEvents.map((event) => ({
          path: ['hooks', event],
          item: claudeHookGroup(event, { control: hooks, token }),
          ours: isClaudeHookGroup,
        }))),
  ],
  tokenAt: ['env', 'ANTHROPIC_AUTH_TOKEN'],
  addressAt: ['env', 'ANTHROPIC_BASE_URL'],
});

/** Token and address of our hooks in its settings; null where there are none. */
function hooksIn(text: string): ReturnType<SettingsFile['connectedAs']> {
  const groups = getJson(text, ['hooks', 'PreToolUse']);
  const group = Array.isArray(groups) ? groups.find(isClaudeHookGroup) : undefined;
  const [hook] =
    (group as { hooks: { url: string; headers?: Record<string, string> }[] } | undefined)?.hooks ?? [];
  const token = /^Bearer (vgl_\S+)$/.exec(hook?.headers?.['Authorization'] ?? '')?.[1];
  return hook && token !== undefined ? { token, address: new URL(hook.url).origin } : null;
}

/**
 * Claude Code reads `env` of its settings file as environment variables; the address has no `/v1`: it adds that itself.
 * `hooks` are lists in which other people's stay. https://code.claude.com/docs/en/settings
 */
export const claude: Agent = {
  id: 'claude',
  name: 'Claude Code',
  hooks: true,
  files: [{ ...gatewaySettings, connectedAs: (text) => gatewaySettings.connectedAs(text) ?? hooksIn(text) }],
  notes([text = '']) {
    const notes: string[] = [];
    const throughGateway = gatewaySettings.connectedAs(text) !== null;
    if (throughGateway) {
      if (getJson(text, ['apiKeyHelper']) !== undefined)
        notes.push('Its settings name an apiKeyHelper; a key from there may be sent instead of the token.');
      if (getJson(text, ['env', 'ANTHROPIC_API_KEY']) !== undefined)
        notes.push('Its settings hold an ANTHROPIC_API_KEY; it is sent along and not needed any more.');
      notes.push(
        'It asks for models called claude-…: they need a provider of type anthropic, or a route in vigiles.yaml.',
      );
    }
    if (hooksIn(text)) {
      notes.push(
        'Its sessions appear under Sessions with its next start; this needs Claude Code 2.1.295 or later.',
      );
      notes.push(
        'While Vigiles is not running it takes no prompts and runs no tools: its hooks block what they guard.',
      );
      if (getJson(text, ['disableAllHooks']) === true)
        notes.push('Its settings say disableAllHooks: as long as they do, it is neither seen nor stopped.');
    }
    return notes;
  },
};
