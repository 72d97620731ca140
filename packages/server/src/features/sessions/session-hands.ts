import type { AgentTrouble, RollbackPreview, Session, SessionCommand, SessionEvent } from '@vigiles/contract';
import type { CommandDesk } from './command-desk.ts';
import { isFinal } from './core/transition.ts';
import type { Deeds } from './deeds.ts';
import type { HeldAgents, HeldOutcome } from './held-agents.ts';

export interface SessionHandsDeps {
  get(sessionId: string): Promise<Session | null>;
  remove(sessionId: string, actor: string): Promise<void>;
  subscribe(sessionId: string, listener: (event: SessionEvent) => void): () => void;
  desk: CommandDesk;
  held: HeldAgents;
  deeds: Deeds;
}

/** An order of an action: the command of that id that waits for its run, or a new one. */
export interface SessionOrder {
  sessionId: string;
  type: 'HALT' | 'RESUME' | 'ROLLBACK';
  commandId: string;
  args: Record<string, unknown>;
  actor: string;
  signal: AbortSignal;
}

/** A session as actions look at it. */
export interface SessionLook {
  id: string;
  title: string;
  phase: Session['phase'];
  reason: string;
  held: boolean;
  gated: boolean;
  agent: string;
  trouble: AgentTrouble | null;
  spokeAt: number | null;
}

const MAX_LISTED = 40;
const ACTIONS = { HALT: 'halt_session', ROLLBACK: 'rollback_session' } as const;
const failure = (code: string, message: string) =>
  ({ state: 'failed', code, message, evidence: {} }) as const;

const settled = (outcome: HeldOutcome) =>
  outcome.state === 'failed' ? outcome : { ...outcome, code: '', message: '' };

const outcomeOf = ({ state, note, evidence }: SessionCommand) =>
  state === 'applied'
    ? ({ state, code: '', message: note, evidence: evidence ?? {} } as const)
    : {
        ...failure(
          typeof evidence?.['code'] === 'string' ? evidence['code'] : state,
          note || `it was ${state}`,
        ),
        evidence: evidence ?? {},
      };

/** A preview in sentences. */
function sentences({ changes, more, conversation, folder }: RollbackPreview): string[] {
  const words = { restore: 'Put back', recreate: 'Make again', delete: 'Delete' } as const;
  const hidden = Math.max(0, changes.length - MAX_LISTED) + more;
  return [
    `Keep the files of ${folder} as they are now as a checkpoint`,
    ...changes.slice(0, MAX_LISTED).map(({ kind, path }) => `${words[kind]} ${path}`),
    ...(hidden > 0 ? [`and ${hidden} more files`] : []),
    conversation ? 'Take the conversation back to the same place' : 'The conversation stays as it is',
  ];
}

/** What actions lay hands on sessions with. Everything they do is in the session's own log, under the name of who did it. */
export function createSessionHands({ get, remove, subscribe, desk, held, deeds }: SessionHandsDeps) {
  /** Gives a new command and waits until it is settled. */
  async function give({ sessionId, type, commandId, args, actor, signal }: SessionOrder) {
    const journaled = held.ofRun(sessionId, commandId);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = new Map<string, () => void>();
    const unsubscribe = subscribe(sessionId, ({ type: name, data }) => {
      if (name === 'command:update') wake.get(String(data['command_id']))?.();
    });
    signal.addEventListener('abort', () => resolve(), { once: true });
    try {
      const { result, command } = await desk.byVigiles(sessionId, type, args, actor, commandId);
      if (!result.success || !command)
        return failure(result.code ?? 'refused', result.error ?? 'it was refused');
      const id = command.command_id;
      for (;;) {
        const woken = new Promise<void>((next) => wake.set(id, next));
        const now = await desk.get(sessionId, id);
        if (!now) return failure('session_gone', 'the session is gone');
        if (isFinal(now.state)) return outcomeOf(now);
        if (signal.aborted) return failure('given_up', 'it was not settled in time');
        await Promise.race([woken, promise]);
      }
    } finally {
      unsubscribe();
      journaled.done();
    }
  }

  return {
    async look(sessionId: string): Promise<SessionLook | null> {
      const session = await get(sessionId);
      if (!session) return null;
      const agent = held.agent(sessionId);
      return {
        id: sessionId,
        title: session.title,
        phase: session.phase,
        reason: session.phase_reason,
        held: agent !== null,
        gated: session.agent?.capabilities.halt === 'gate',
        agent: session.agent?.name ?? '',
        trouble: agent?.trouble?.() ?? null,
        spokeAt: agent?.spokeAt?.() ?? null,
      };
    },
    alive: (sessionId: string): boolean => held.agent(sessionId)?.alive?.() ?? false,
    async command(order: SessionOrder) {
      const { type, sessionId, commandId } = order;
      const waits = type === 'RESUME' ? null : deeds.take(ACTIONS[type], sessionId, commandId);
      return waits ? settled((await waits()) as HeldOutcome) : give(order);
    },
    async previewRollback(sessionId: string, args: Readonly<Record<string, unknown>>): Promise<string[]> {
      const preview = await held.agent(sessionId)?.preview?.(args);
      return preview ? sentences(preview) : [];
    },
    async remove(sessionId: string, actor: string): Promise<void> {
      const agent = held.agent(sessionId);
      const waits = deeds.take('delete_session', sessionId);
      await (waits ? waits() : remove(sessionId, actor));
      await agent?.stop?.();
    },
    async stopAgent(sessionId: string): Promise<void> {
      const waits = deeds.take('stop_agent', sessionId);
      await (waits ? waits() : held.agent(sessionId)?.stop?.());
    },
  };
}
export type SessionHands = ReturnType<typeof createSessionHands>;
