import type { Identity, Session, SessionAgent, Turn } from '@vigiles/contract';
import type { Log } from '../../../../kernel/log.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import { toFault } from '../../../../kernel/fault.ts';
import type { EventLog } from '../../../../platform/event-log/index.ts';
import type { Connection } from '../../../../platform/process/index.ts';
import { createRedactor } from '../../../../platform/secrets/redactor.ts';
import { tenantOf } from '../../access.ts';
import type { Sessions } from '../../index.ts';
import { askedBy } from './ask.ts';
import { goOn } from './answers.ts';
import type { HookAnswer, HookCall } from './hook-call.ts';
import { createHookedSession, type HookedSession } from './hooked-session.ts';
import { createProcessWatch, type ProcessWatchDeps } from './process-watch.ts';

export interface ClaudeHooksDeps {
  sessions: Sessions;
  events: Pick<EventLog, 'subscribe'>;
  clock: Clock;
  log: Log;
  /** How often is looked, and after what silence: in tests shorter than in life. */
  watch?: Pick<ProcessWatchDeps, 'everyMs' | 'quietMs'>;
}

/** Sessions kept in mind at once; the one that was quiet longest is let go, and taken up again with its next hook. */
const MAX_KNOWN = 500;

const running: SessionAgent = {
  kind: 'claude',
  name: 'Claude Code',
  model: null,
  pid: null,
  capabilities: {
    halt: 'gate',
    resume: true,
    steer: true,
    rollback: false,
    decide: true,
    inject: true,
    reasons: { rollback: 'Vigiles did not start it: neither its files nor its conversation are kept here.' },
  },
};
const closedByPeople = 'Claude Code was closed.';
const closed = (why: string): SessionAgent => ({
  ...running,
  capabilities: {
    halt: null,
    resume: false,
    steer: false,
    rollback: false,
    decide: false,
    inject: false,
    reasons: { halt: why, resume: why, steer: why, rollback: why, decide: why, inject: why },
  },
});

/** Claude Code that was not started here, seen and steered through its own HTTP hooks. */
export function createClaudeHooks({ sessions, events, clock, log, watch: paces = {} }: ClaudeHooksDeps) {
  const redactor = createRedactor();
  const redact = (data: unknown): unknown =>
    typeof data === 'string' ? redactor.text(data) : redactor.data(data);
  /** The one that was quiet longest is the first. */
  const known = new Map<string, Promise<HookedSession>>();
  let unsubscribe = (): void => {};

  const shutOf = ({ status, phase, phase_reason: reason }: Session): string | null => {
    if (status !== 'halted' && phase !== 'halting') return null;
    return phase === 'disconnected' || reason === '' ? 'it was halted before' : reason;
  };

  async function make(identity: Identity, call: HookCall): Promise<void> {
    const maker = {
      actor: `device:${identity.deviceId}`,
      deviceId: identity.deviceId,
      tenant: tenantOf(identity),
    };
    const metadata = { agent: 'claude', started_by: 'somebody else', folder: call.cwd ?? null };
    await sessions
      .create({ session_id: call.session_id, metadata, agent: running }, maker)
      .catch((thrown: unknown) => {
        // Two of its hooks came at once.
        if (toFault(thrown).code !== 'session_exists') throw thrown;
      });
  }
  async function takeUp(identity: Identity, sessionId: string): Promise<HookedSession> {
    const session = await sessions.open(identity, sessionId, 'produce');
    const hooked = createHookedSession({
      sessions,
      sessionId,
      shut: shutOf(session),
      cost: session.cost_microusd,
      redact,
      now: () => clock.now(),
    });
    if (session.agent?.capabilities.halt !== 'gate') await sessions.setAgent(sessionId, running, null);
    await sessions.hold(
      sessionId,
      { deliver: (command) => hooked.gate.deliver(command), answer: () => true },
      { deviceId: identity.deviceId, idempotent: ['HALT', 'RESUME'] },
    );
    return hooked;
  }
  /** No more hooks are expected. */
  async function close(sessionId: string, why: string): Promise<void> {
    known.delete(sessionId);
    watch.forget(sessionId);
    await sessions.setAgent(sessionId, closed(why), null);
    await sessions.letGo(sessionId, why);
  }
  const watch = createProcessWatch({
    now: () => clock.monotonic(),
    async gone(sessionId, pid) {
      const hooked = await known.get(sessionId);
      if (!hooked) return;
      const why = `Claude Code is gone: its process ${pid} ended without a word.`;
      await hooked.gone(why);
      await close(sessionId, why);
    },
    async quiet(sessionId, forMs) {
      // One that waits for people is silent for their sake.
      if ((await sessions.get(sessionId))?.pending_decisions !== 0) return;
      const minutes = Math.round(forMs / 60_000);
      await (
        await known.get(sessionId)
      )?.quiet(`Nothing was heard of it for ${minutes} minutes: it may work on, or be gone`);
    },
    failed: (thrown) => log.warn({ err: thrown }, 'A session whose program is gone could not be closed'),
    ...paces,
  });
  /** What still waits for its next hook is told that nobody hands it over. */
  function forget(sessionId: string): void {
    known.get(sessionId)?.then(
      ({ gate }) => gate.leave(),
      () => undefined,
    );
    known.delete(sessionId);
    watch.forget(sessionId);
  }
  function evict(): void {
    if (known.size <= MAX_KNOWN) return;
    const [oldest] = known.keys();
    if (oldest === undefined) return;
    forget(oldest);
    sessions
      .letGo(oldest, 'It was quiet for long')
      .catch((thrown: unknown) =>
        log.warn({ err: thrown, session: oldest }, 'A quiet session could not be let go'),
      );
  }
  async function hookedOf(identity: Identity, call: HookCall): Promise<HookedSession> {
    const { session_id: sessionId } = call;
    if (!(await sessions.get(sessionId))) {
      known.delete(sessionId);
      await make(identity, call);
    }
    // Whose it is is asked each time: nobody speaks for another's session.
    await sessions.open(identity, sessionId, 'produce');
    const found = known.get(sessionId) ?? takeUp(identity, sessionId);
    known.delete(sessionId);
    known.set(sessionId, found);
    found.catch(() => known.delete(sessionId));
    evict();
    return found;
  }

  /** Its model traffic goes through our gateway, under the token of its hooks: then its cost is known. */
  function count({ session_id: sessionId, device_id: deviceId, cost_micros: cost }: Turn): void {
    const hooked = sessionId === null ? undefined : known.get(sessionId);
    if (!hooked || sessionId === null || cost === null || cost === 0) return;
    const counted = async (): Promise<void> => {
      // Whoever else names its session in a header pays for it alone.
      if ((await sessions.get(sessionId))?.owner_device_id === deviceId) await (await hooked).counted(cost);
    };
    counted().catch((thrown: unknown) =>
      log.warn({ err: thrown, session: sessionId }, 'What a session cost could not be noted'),
    );
  }

  return {
    /**
     * @param startedHere the session that the agent's own environment names
     * @param gone aborted when Claude Code does not wait for the answer any more
     */
    async receive(
      identity: Identity,
      call: HookCall,
      startedHere: string | null,
      gone: AbortSignal,
      peer: Connection | null = null,
    ): Promise<HookAnswer> {
      // One that runs under our own adapter is asked there; twice would be once too often.
      const own = startedHere ? await sessions.get(startedHere) : null;
      if (own?.agent?.kind === 'claude' && own.agent.pid !== null) return goOn;
      const hooked = await hookedOf(identity, call);
      const heard = watch.heard(call.session_id, peer);
      const answer = await hooked.receive(call, gone);
      await heard;
      if (call.hook_event_name === 'SessionEnd') await close(call.session_id, closedByPeople);
      return answer;
    },
    async start(): Promise<void> {
      watch.start();
      unsubscribe = events.subscribe((event) => {
        if (event.type === 'session.deleted') {
          const { session_id: sessionId } = event.data as { session_id: string };
          forget(sessionId);
        } else if (event.type === 'turn.settled') count((event.data as { turn: Turn }).turn);
      });
      // Whoever asked gave up when our predecessor went, and took it for a no.
      for (const decision of await sessions.decisions({ tenant: null, state: 'pending', limit: 500 })) {
        if (decision.detail['asked_by'] !== askedBy) continue;
        if (await sessions.currentLease(decision.session_id)) continue;
        await sessions.cancelDecision(
          decision.session_id,
          decision.decision_id,
          'Vigiles was restarted while it waited, and Claude Code took that for a no',
        );
      }
    },
    async stop(): Promise<void> {
      unsubscribe();
      watch.stop();
      for (const each of known.values()) await each.then(({ gate }) => gate.leave()).catch(() => undefined);
      known.clear();
    },
  };
}

export type ClaudeHooks = ReturnType<typeof createClaudeHooks>;
