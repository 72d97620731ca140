import type {
  AgentAdapter,
  AgentCommand,
  AgentExit,
  AgentHandle,
  AgentOutcome,
  AgentSink,
  AgentStart,
} from '../agent-adapter.ts';

/** An agent that a test plays. */
export interface PlayedAgent {
  start: AgentStart;
  sink: AgentSink;
  handle: AgentHandle;
  given: AgentCommand[];
  /** How many processes it left running. */
  children: number;
  position: string | null;
  end(exit: Partial<AgentExit>): void;
}

/** A way of holding agents whose agents are played: no process is started. */
export function playedAdapter(more: Partial<AgentAdapter> = {}) {
  const agents: PlayedAgent[] = [];
  const adapter: AgentAdapter = {
    kind: 'claude',
    goesBackTo: () => true,
    countsAnew: ['start'],
    startAt: ({ conversation, position }) => ({ conversation, memo: { resume_at: position } }),
    available: async () => ({ ok: true, version: '1' }),
    async start(start, sink) {
      const { promise: exited, resolve } = Promise.withResolvers<AgentExit>();
      const agent: PlayedAgent = {
        start,
        sink,
        given: [],
        children: 0,
        position: null,
        end: (exit) => resolve({ code: 0, signal: null, unexpected: true, lastWords: '', ...exit }),
        handle: {
          kind: 'claude',
          name: 'Played',
          model: null,
          identity: null,
          conversation: () => 'conversation',
          memo: () => ({}),
          position: () => agent.position,
          capabilities: () => ({
            halt: 'turn',
            resume: true,
            steer: true,
            rollback: true,
            decide: true,
            inject: true,
            reasons: {},
          }),
          resumable: () => true,
          children: () => agent.children,
          async deliver(command): Promise<AgentOutcome> {
            agent.given.push(command);
            return { state: 'applied', evidence: {} };
          },
          answer: () => true,
          async stop() {
            // As a real one: it takes its time.
            await new Promise((later) => setImmediate(later));
            agent.end({ unexpected: false });
          },
          letGo: () => undefined,
          exited,
        },
      };
      agents.push(agent);
      return agent.handle;
    },
    rejoin: async () => null,
    ...more,
  };
  return { adapter, agents };
}
