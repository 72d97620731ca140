import { runProgram } from '../../../../platform/process/index.ts';
import type { AgentAdapter } from '../agent-adapter.ts';
import { rejoinAgentChild, startAgentChild } from '../child/agent-child.ts';
import { openCodex } from './codex-handle.ts';
import { launchArguments, tokenVariable } from './launch.ts';

export interface CodexAdapterOptions {
  /** Where pipes of agents are kept. */
  folder: string;
  newId(prefix: string): string;
}

const PROBE_MS = 10_000;

/** The real Codex, held over its app-server protocol on standard input and output. */
export function createCodexAdapter({ folder, newId }: CodexAdapterOptions): AgentAdapter {
  const program = (command: readonly string[]): readonly string[] =>
    command.length > 0 ? command : ['codex'];
  return {
    kind: 'codex',
    goesBackTo: () => true,
    startAt: null,
    // They are those of its conversation.
    countsAnew: [],
    async available({ command, env }) {
      const words = program(command);
      const { code, output, error } = await runProgram({
        command: [...words, '--version'],
        env,
        timeoutMs: PROBE_MS,
      });
      const version = /\d+\.\d+\.\d+\S*/.exec(output)?.[0];
      if (code === 0 && version !== undefined) return { ok: true, version };
      const why = error ?? `it ended with code ${code}`;
      return { ok: false, reason: `${words[0]} does not run here: ${why}` };
    },
    start(start, sink) {
      const command = [...program(start.command), 'app-server', ...launchArguments(start)];
      const secret = start.gateway ? { [tokenVariable]: start.gateway.token } : {};
      const { sessionId } = start;
      return openCodex({
        start,
        sink,
        newId,
        rejoin: false,
        open: (listener) =>
          startAgentChild(command, start, secret, { name: 'Codex', folder, sessionId, ...listener }),
      });
    },
    async rejoin(start, identity, sink) {
      const { sessionId } = start;
      const open = async (listener: { onLine(line: string): void; onLost(): void }) => {
        const child = rejoinAgentChild(identity, { name: 'Codex', folder, sessionId, ...listener });
        if (!child) throw new Error('It is gone.');
        return child;
      };
      return openCodex({ start, sink, newId, rejoin: true, open }).catch(() => null);
    },
  };
}
