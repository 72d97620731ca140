import { allows, NewSession, type Identity } from '@vigiles/contract';
import { raise, toFault } from '../../../kernel/fault.ts';
import { sessionNotFound } from '../faults.ts';
import { tenantOf, visible } from '../access.ts';
import { stageSample } from '../core/stage-sample.ts';
import type { Sessions } from '../index.ts';
import type { SessionsPort } from './port.ts';

/** Decisions that are told to a client when it joins: more than anybody answers at once. */
const maxPending = 200;

/** Makes the session of a producer's first event: the seed's orchestrators do not ask for one before. */
async function make(sessions: Sessions, identity: Identity, sessionId: string): Promise<void> {
  if (!allows(identity, 'sessions:produce') || !NewSession.shape.session_id.safeParse(sessionId).success)
    raise(sessionNotFound(sessionId));
  await sessions
    .create(
      { session_id: sessionId },
      { actor: `device:${identity.deviceId}`, deviceId: identity.deviceId, tenant: tenantOf(identity) },
    )
    .catch((thrown: unknown) => {
      // Somebody else made it just now: whether it may be written to is asked next.
      if (toFault(thrown).code !== 'session_exists') throw thrown;
    });
}

/** The sessions feature as its sockets see it. */
export function portOf(sessions: Sessions): SessionsPort {
  return {
    get: (identity, sessionId) => sessions.open(identity, sessionId, 'read'),
    pending: (_identity, sessionId) =>
      sessions.decisions({ tenant: null, sessionId, state: 'pending', limit: maxPending }),
    read: sessions.read,
    subscribe: sessions.subscribe,
    subscribeVolatile: sessions.subscribeVolatile,
    watch: sessions.watch,
    async admit(identity, sessionId) {
      const opened = () => sessions.open(identity, sessionId, 'produce');
      await opened().catch(async (thrown: unknown) => {
        // One that is there and may not be seen looks the same: it is not made again.
        if (toFault(thrown).kind !== 'not-found' || (await sessions.get(sessionId))) throw thrown;
        await make(sessions, identity, sessionId);
        await opened();
      });
    },
    append: (identity, sessionId, events) =>
      sessions.appendEach(sessionId, events, {
        actor: `device:${identity.deviceId}`,
        producer: identity.deviceId,
        reaches: (session) => visible(identity, session),
      }),
    async sample(identity, sessionId, given) {
      await sessions.open(identity, sessionId, 'produce');
      const staged = stageSample(given);
      if (!staged.ok) return raise(staged.fault);
      return sessions.sample(identity, sessionId, [staged.value]);
    },
    async extend(identity, sessionId, decisionId, seconds) {
      await sessions.open(identity, sessionId, 'command');
      return sessions.extendDecision(sessionId, decisionId, seconds, `device:${identity.deviceId}`);
    },
    command: (identity, input) => sessions.command(identity, input as { type: unknown }),
  };
}
