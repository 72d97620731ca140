import { basename } from 'node:path';
import { findProgram } from '../../../../platform/process/index.ts';
import type { AgentAdapter, AgentStart } from '../agent-adapter.ts';
import { rejoinAgentChild, startAgentChild } from '../child/agent-child.ts';
import { gatewayEnvironment } from './gateway-environment.ts';
import type { AcpHandleOptions } from './acp-handle.ts';

export interface AcpAdapterOptions {
  /** Where pipes of agents are kept. */
  folder: string;
  newId(prefix: string): string;
  monotonic(): number;
}

/** The protocol's library describes every message, 3 MB in memory: loaded with the first agent that speaks it. */
const openAcp = async (options: AcpHandleOptions) => (await import('./acp-handle.ts')).openAcp(options);

/** Any agent that speaks the Agent Client Protocol on its standard input and output. */
export function createAcpAdapter({ folder, newId, monotonic }: AcpAdapterOptions): AgentAdapter {
  const common = (start: AgentStart) => ({
    start,
    newId,
    monotonic,
    name: basename(start.command.at(-1) ?? 'the agent'),
  });
  return {
    kind: 'acp',
    // The protocol opens and resumes conversations; it knows no place inside of one.
    goesBackTo: ({ position }) => position === null,
    // Each turn tells its own: they are added up here.
    countsAnew: ['start', 'rejoin'],
    startAt: () => ({ conversation: null, memo: {} }),
    async available({ command, env }) {
      const [program = ''] = command;
      if (program === '') return { ok: false, reason: 'No command is configured for it.' };
      // It is not run: an agent that is asked its version may do anything.
      if ((await findProgram(program, env['PATH'] ?? '')) !== null) return { ok: true, version: 'ACP 1' };
      return { ok: false, reason: `${program} is not on this machine.` };
    },
    start(start, sink) {
      const { sessionId } = start;
      const options = common(start);
      const secret = { ...gatewayEnvironment(start), ...start.env };
      return openAcp({
        ...options,
        sink,
        rejoin: false,
        open: (listener) =>
          startAgentChild(start.command, start, secret, {
            name: options.name,
            folder,
            sessionId,
            ...listener,
          }),
      });
    },
    async rejoin(start, identity, sink) {
      const { sessionId } = start;
      const options = common(start);
      const open = async (listener: { onLine(line: string): void; onLost(): void }) => {
        const child = rejoinAgentChild(identity, { name: options.name, folder, sessionId, ...listener });
        if (!child) throw new Error('It is gone.');
        return child;
      };
      return openAcp({ ...options, sink, rejoin: true, open }).catch(() => null);
    },
  };
}
