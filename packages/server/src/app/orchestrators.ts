import type { EventData, VigilesEvent } from '@vigiles/contract';
import type { Extend } from './extension.ts';

/** Sessions looked at when control starts. */
const atStart = 500;

/**
 * Programs that hold sessions and that somebody else started: one that goes without a word in the middle of its work is told to
 * the watchdog as a fault of its session, and that it is back, or that nobody waits for it any more, as its end.
 */
export const orchestrators: Extend = ({ sessions, events, store, log: root }) => {
  const log = root.child({ category: 'orchestrators' });
  /** Sessions whose program is away, and may have been told of: by this control, or by the one before. */
  const away = new Set<string>();
  let unsubscribe = (): void => {};

  const tell = (type: 'agent.failed' | 'agent.recovered', sessionId: string, message: string): void => {
    const told = { session_id: sessionId, what: 'agent_gone' as const, message, control: store.instance };
    const data = type === 'agent.failed' ? { ...told, kind: 'http', last_words: '' } : told;
    events.append(type, { actor: 'sessions', subject: sessionId, data }).catch((thrown: unknown) => {
      log.error({ err: thrown, session: sessionId }, 'The trouble of an agent could not be told of');
    });
  };
  const over = (sessionId: string, message: string): void => {
    if (away.delete(sessionId)) tell('agent.recovered', sessionId, message);
  };
  const heard = ({ type, data }: VigilesEvent): void => {
    if (type === 'session.connection_changed') {
      const { session_id: id, phase, reason, holder, lost } = data as EventData<'session.connection_changed'>;
      if (phase !== 'disconnected') over(id, reason);
      // Agents of Vigiles itself have somebody who knows more about them.
      else if (lost && !holder.startsWith('control:') && !away.has(id)) {
        away.add(id);
        tell('agent.failed', id, reason);
      }
    }
    if (type === 'session.ended') over((data as EventData<'session.ended'>).session_id, 'Its session ended.');
    if (type === 'session.deleted')
      over((data as EventData<'session.deleted'>).session_id, 'Its session was deleted.');
  };

  return {
    components: [
      {
        name: 'orchestrators',
        async start() {
          unsubscribe = events.subscribe(heard);
          const page = await sessions.list({ tenant: null, phase: ['disconnected'], limit: atStart });
          for (const { session_id: id, agent } of page.sessions)
            if (agent === null || agent.kind === 'http') away.add(id);
        },
        stop: () => unsubscribe(),
      },
    ],
  };
};
