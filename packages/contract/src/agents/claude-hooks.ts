/**
 * Hooks of Claude Code as Vigiles answers them. Forms and names as Claude Code 2.1.329 has them
 * (https://code.claude.com/docs/en/hooks); `onFailure` needs 2.1.295. SessionStart is no HTTP hook there: a session
 * begins with the first hook that is.
 */
export const claudeHookEvents = [
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PostToolBatch',
  'PermissionRequest',
  'PermissionDenied',
  'MessageDisplay',
  'Notification',
  'SubagentStart',
  'SubagentStop',
  'Stop',
  'StopFailure',
  'PreCompact',
  'SessionEnd',
] as const;
export type ClaudeHookEvent = (typeof claudeHookEvents)[number];

/** Without an answer these stop what they guard; the others only tell. */
const guards: ReadonlySet<ClaudeHookEvent> = new Set(['UserPromptSubmit', 'PreToolUse', 'PermissionRequest']);

/** Seconds for which Claude Code waits for a person's answer; past it the tool call is refused. */
export const claudePermissionWaitS = 3600;

/** Seconds for which it waits for every other answer. */
const answerWaitS = 30;

/** Where its hooks are received, below control's address. */
export const claudeHookPath = '/api/v1/agents/claude/hooks';

/** Names the session of an agent that Vigiles itself has started: its hooks have nothing to say. */
export const claudeSessionVariable = 'VIGILES_SESSION';
export const claudeSessionHeader = 'x-vigiles-session';

export interface ClaudeHookGroup {
  hooks: readonly Record<string, unknown>[];
}

/** One group of `hooks.<event>` in Claude Code's settings. @param control origin of control, without a path */
export function claudeHookGroup(
  event: ClaudeHookEvent,
  { control, token }: { control: string; token: string },
): ClaudeHookGroup {
  return {
    hooks: [
      {
        type: 'http',
        url: `${control}${claudeHookPath}/${event}`,
        headers: { Authorization: `Bearer ${token}`, 'X-Vigiles-Session': `$${claudeSessionVariable}` },
        allowedEnvVars: [claudeSessionVariable],
        timeout: event === 'PermissionRequest' ? claudePermissionWaitS : answerWaitS,
        ...(guards.has(event) ? { onFailure: 'block' } : {}),
      },
    ],
  };
}

/** Whether a group of hooks is one of ours, whatever address and token it has. */
export function isClaudeHookGroup(group: unknown): boolean {
  const { hooks } = (group ?? {}) as { hooks?: unknown };
  return (
    Array.isArray(hooks) &&
    hooks.length > 0 &&
    hooks.every((hook: unknown) => {
      const { type, url } = (hook ?? {}) as { type?: unknown; url?: unknown };
      return type === 'http' && typeof url === 'string' && url.includes(`${claudeHookPath}/`);
    })
  );
}
