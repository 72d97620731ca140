import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claudeSessionVariable } from '@vigiles/contract';
import { runProgram } from '../../../../platform/process/index.ts';
import type { AgentAdapter, AgentStart } from '../agent-adapter.ts';
import { rejoinAgentChild, startAgentChild } from '../child/agent-child.ts';
import { openClaude } from './claude-handle.ts';

export interface ClaudeAdapterOptions {
  /** Where pipes of agents are kept. */
  folder: string;
  newId(prefix: string): string;
  monotonic(): number;
}

const PROBE_MS = 15_000;
const name = 'Claude Code';

/** The message of its conversation after which it goes on, in a copy: what was said later stays in the old one. */
const resumeAt = 'resume_at';

const flags = ({ model, conversation, approvals, memo }: AgentStart): string[] => [
  '--print',
  '--input-format',
  'stream-json',
  '--output-format',
  'stream-json',
  '--verbose',
  '--include-partial-messages',
  '--replay-user-messages',
  ...(approvals === 'full'
    ? ['--permission-mode', 'bypassPermissions']
    : ['--permission-prompt-tool', 'stdio', '--permission-mode', 'default']),
  ...(model === null ? [] : ['--model', model]),
  ...(conversation === null ? [] : ['--resume', conversation]),
  ...(typeof memo[resumeAt] === 'string' ? ['--resume-session-at', memo[resumeAt], '--fork-session'] : []),
];

/** https://code.claude.com/docs/en/llm-gateway */
const environment = ({ gateway, sessionId }: AgentStart): Record<string, string> => ({
  // The hooks that `vigiles connect claude` wrote have nothing to say about it: we hold it ourselves.
  [claudeSessionVariable]: sessionId,
  ...(gateway
    ? {
        ANTHROPIC_BASE_URL: gateway.origin,
        ANTHROPIC_AUTH_TOKEN: gateway.token,
        ANTHROPIC_CUSTOM_HEADERS: `x-vigiles-session: ${sessionId}`,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      }
    : {}),
});

/**
 * Settings that stand above the person's own, whose `env` would otherwise replace ours: `vigiles connect claude` writes an address
 * and a token there. A file, as arguments can be read by everybody on the machine.
 */
async function settingsAbove(folder: string, start: AgentStart): Promise<string[]> {
  if (!start.gateway) return [];
  const own = join(folder, start.sessionId);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const path = join(own, 'settings.json');
  await writeFile(path, JSON.stringify({ env: environment(start) }), { mode: 0o600 });
  return ['--settings', path];
}

/** The real Claude Code, held over its stream-json control protocol on standard input and output. */
export function createClaudeAdapter({ folder, newId, monotonic }: ClaudeAdapterOptions): AgentAdapter {
  const program = (command: readonly string[]): readonly string[] =>
    command.length > 0 ? command : ['claude'];
  return {
    kind: 'claude',
    goesBackTo: () => true,
    countsAnew: ['start'],
    startAt: ({ conversation, position }) =>
      position === null ? { conversation: null, memo: {} } : { conversation, memo: { [resumeAt]: position } },
    async available({ command, env }) {
      const words = program(command);
      const { code, output, error } = await runProgram({
        command: [...words, '--version'],
        env,
        timeoutMs: PROBE_MS,
      });
      const version = /\d+\.\d+\.\d+\S*/.exec(output)?.[0];
      if (code === 0 && version !== undefined) return { ok: true, version };
      return { ok: false, reason: `${words[0]} does not run here: ${error ?? `it ended with code ${code}`}` };
    },
    async start(start, sink) {
      const { sessionId } = start;
      const above = await settingsAbove(folder, start);
      const command = [...program(start.command), ...flags(start), ...above];
      return openClaude({
        start,
        sink,
        newId,
        monotonic,
        rejoin: false,
        open: (listener) =>
          startAgentChild(command, start, environment(start), { name, folder, sessionId, ...listener }),
      });
    },
    async rejoin(start, identity, sink) {
      const { sessionId } = start;
      const open = async (listener: { onLine(line: string): void; onLost(): void }) => {
        const child = rejoinAgentChild(identity, { name, folder, sessionId, ...listener });
        if (!child) throw new Error('It is gone.');
        return child;
      };
      return openClaude({ start, sink, newId, monotonic, rejoin: true, open }).catch(() => null);
    },
  };
}
