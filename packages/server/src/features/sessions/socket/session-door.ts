import { toFault } from '../../../kernel/fault.ts';
import { envelopeOf } from '../../../platform/http/index.ts';
import type { Door, Guest, Visit } from '../../events/index.ts';
import type { Opening } from '../core/opening.ts';
import { createCommander } from './commander.ts';
import { createExtender } from './extend.ts';
import { textOf, timestamp, type SocketDeps } from './deps.ts';
import { followSession, type Following } from './following.ts';
import { createProducer } from './produce.ts';
import { SubscribeSession, wishOf, type Wish } from './subscribe-message.ts';

/** The seed's six commands, by which its clients know what they may send, and what there is beyond them. */
const capabilities = [
  'HALT',
  'RESUME',
  'ROLLBACK',
  'REDIRECT',
  'DECISION',
  'INJECT',
  'sessions',
  'session_resume',
  'session_filters',
  'command_states',
  'cli_event_ack',
  'event_batches',
  'volatile_events',
  'extend_decision',
];

/** What `subscribed` says of a session: the seed's two fields and where the client stands. */
const subscribedAnswer = (wish: Wish, opening: Opening) => ({
  session_id: wish.sessionId,
  head_seq: opening.headSeq,
  oldest_seq: opening.oldestSeq,
  reset: opening.reset,
  tail_from: opening.tailFrom,
  session: opening.session,
  pending_decisions: opening.pending,
  event_types: wish.types ?? [],
});

/** The seed's Socket.IO contract about sessions, on the connections of the event stream. */
export function createSessionDoor(deps: SocketDeps): Door {
  const { sessions, hall, clock, log } = deps;

  const enter = (guest: Guest): Visit => {
    let following: Following | null = null;
    /** What commands and events without a session are about. */
    let bound = guest.sessionId;
    const now = (): string => timestamp(deps);
    const refuse = (error: string, code: string, ack: unknown): void =>
      guest.reply('error', { success: false, error, code, timestamp: now() }, ack);

    const follow = async (wish: Wish, opened: (opening: Opening) => void): Promise<boolean> => {
      following?.leave();
      bound = wish.sessionId;
      let mine: Following | null = null;
      let told = false;
      try {
        await followSession(
          { sessions, hall, guest, log, now: () => clock.now() },
          wish,
          (opening) => {
            told = true;
            opened(opening);
          },
          (entered) => {
            mine = entered;
            following = entered;
          },
        );
      } catch (thrown) {
        (mine as Following | null)?.leave();
        throw thrown;
      }
      return told;
    };
    const subscribe = async (payload: unknown, ack: unknown): Promise<void> => {
      const parsed = SubscribeSession.safeParse(payload);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const where = `subscribe.${issue?.path.join('.') ?? ''}`;
        return refuse(`${where}: ${issue?.message ?? 'not valid'}`, 'invalid_request', ack);
      }
      const wish = wishOf(parsed.data);
      try {
        const told = await follow(wish, (opening) => {
          guest.reply('subscribed', { ...subscribedAnswer(wish, opening), timestamp: now() }, ack);
          if (opening.tailFrom !== null) state(opening);
        });
        if (!told) refuse('Another subscription took its place.', 'superseded', ack);
      } catch (thrown) {
        guest.reply('error', envelopeOf(toFault(thrown), clock.now()), ack);
      }
      return undefined;
    };
    /** The session as it stands, for clients that know it from `connect` and for those too far behind. */
    const state = ({ session, headSeq, tailFrom }: Opening): void => {
      if (session)
        guest.reply('session:state', { session, head_seq: headSeq, tail_from: tailFrom, timestamp: now() });
    };

    const produce = createProducer(deps, guest, () => bound);
    const extend = createExtender(deps, guest, () => bound);
    const commander = createCommander(
      deps,
      guest,
      () => bound,
      (sessionId, type) => following?.sessionId === sessionId && following.hears(type),
    );
    return {
      heard: {
        command: (payload, ack) => void commander.command(payload, ack),
        cli_event: produce,
        extend_decision: (payload, ack) => void extend(payload, ack),
      },
      subscribe(payload, ack) {
        if (payload['session_id'] === undefined || payload['session_id'] === null) return false;
        void subscribe(payload, ack);
        return true;
      },
      greeted() {
        const sessionId = textOf(guest.sessionId);
        if (sessionId === null || guest.transport !== 'socket.io') return;
        const wish = wishOf({ session_id: sessionId });
        // As with the seed: no `subscribed`, and the state where there is a session.
        follow(wish, state).catch((thrown: unknown) =>
          guest.reply('error', envelopeOf(toFault(thrown), clock.now())),
        );
      },
      left() {
        following?.leave();
        commander.leave();
      },
    };
  };
  return { capabilities, enter };
}
