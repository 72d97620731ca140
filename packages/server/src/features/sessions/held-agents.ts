import type { AgentTrouble, CommandType, Decision, RollbackPreview, SessionCommand } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { insist } from '../../kernel/insist.ts';
import type { Log } from '../../kernel/log.ts';
import { createWaker, type Waker } from '../../kernel/waker.ts';
import type { CommandDelivery, Settlement } from './commands/delivery.ts';
import type { Receiver, Receivers } from './commands/receivers.ts';
import { NotBegun, type Deed, type Deeds } from './deeds.ts';
import type { Leases } from './leases/leases.ts';

/** What came of a command. */
export type HeldOutcome =
  | { state: 'applied'; evidence: Record<string, unknown> }
  | { state: 'failed'; code: string; message: string; evidence: Record<string, unknown> };

/** Control goes before anybody knows what came of a command: whoever comes next delivers it again, or says so. */
export class ControlLeaves extends Error {}

/** What control itself holds: an adapter's handle, as far as commands and answers go. */
export interface HeldAgent {
  deliver(command: {
    commandId: string;
    type: 'HALT' | 'RESUME' | 'ROLLBACK' | 'REDIRECT' | 'INJECT';
    args: Readonly<Record<string, unknown>>;
  }): Promise<HeldOutcome>;
  /**
   * @param choice null: refused, because nobody said yes
   * @returns false when it does not wait for it any more
   */
  answer(decisionId: string, choice: string | null): boolean;
  /** Whether its process runs. */
  alive?(): boolean;
  /** How many processes it started and left running. */
  children?(): number;
  /** What is wrong with it; null: nothing, or a person wanted it so. */
  trouble?(): AgentTrouble | null;
  /** UTC ms of the last thing that it or its model said; null: nothing yet. */
  spokeAt?(): number | null;
  /** What a ROLLBACK with these arguments would change. */
  preview?(args: Readonly<Record<string, unknown>>): Promise<RollbackPreview>;
  /** Devices that its model traffic came from, the present one and those before it. */
  devices?(): readonly string[];
  /** Ends its process with everything it started. */
  stop?(): Promise<void>;
}

const failed = (code: string, message: string): HeldOutcome => ({
  state: 'failed',
  code,
  message,
  evidence: {},
});

interface Held {
  agent: HeldAgent;
  /** Of the lease; another one after it was lost and taken again. */
  epoch: number;
  deviceId: string;
  idempotent: CommandType[];
  /** Commands that were given to the agent and are not settled. */
  inHand: Set<string>;
  /** Commands that are on their way to it with the transaction that accepts them. */
  arriving: Set<Promise<void>>;
  /** Gives out commands. */
  waker: Waker;
  /** Keeps the lease. */
  keeper: Waker;
  /** It is held no more. */
  over: AbortController;
}

/** Sessions whose agent runs under this control: their commands go straight to the adapter. */
export function createHeldAgents(deps: {
  delivery: CommandDelivery;
  receivers: Receivers;
  leases: Leases;
  deeds: Deeds;
  /** Of this process. */
  holder: string;
  leaseMs(): number;
  log: Log;
}) {
  const { delivery, receivers, leases, deeds, holder, leaseMs, log } = deps;
  const held = new Map<string, Held>();
  const deliveries = new Set<Promise<void>>();
  let unanswered = 0;
  /** Commands that a run of an action gave: that run is their journal. */
  const ofRuns = new Set<string>();

  /** What ends processes or writes files goes through the action runner; the rest only tells the agent something. */
  async function hand(
    agent: HeldAgent,
    sessionId: string,
    {
      command_id: commandId,
      type,
      args,
      actor,
    }: Pick<SessionCommand, 'command_id' | 'type' | 'args' | 'actor'>,
  ): Promise<HeldOutcome> {
    if (type === 'DECISION') return failed('not_offered', 'answers have a way of their own');
    const work = () => agent.deliver({ commandId, type, args });
    if ((type !== 'HALT' && type !== 'ROLLBACK') || ofRuns.has(`${sessionId} ${commandId}`)) return work();
    const halts = type === 'HALT';
    const { steps, checkpoint_id, restore, force, reason } = args;
    const deed: Deed = {
      action: halts ? 'halt_session' : 'rollback_session',
      sessionId,
      params: {
        command_id: commandId,
        ...(halts
          ? { force: force === true }
          : {
              ...(typeof checkpoint_id === 'string' ? { checkpoint_id } : {}),
              ...(typeof steps === 'number' ? { steps } : {}),
              restore: restore === 'files' ? 'files' : 'all',
            }),
      },
      actor,
      reason: typeof reason === 'string' ? reason : type,
    };
    return deeds.through(deed, work, halts);
  }

  /** What came of it is written down as soon as the store takes it: until then no other command is given out. */
  async function settle(settlement: Settlement, signal: AbortSignal): Promise<void> {
    const { sessionId: session, commandId: command } = settlement;
    try {
      await insist(() => delivery.settle(settlement), {
        signal,
        onFailure: (thrown) =>
          log.warn(
            { err: thrown, session, command },
            'What came of a command could not be stored; later again',
          ),
      });
    } catch (thrown) {
      const { code, message } = toFault(thrown);
      // The agent's own event may have settled it first, or somebody else holds the session.
      const expected = code === 'already_settled' || code === 'stale_epoch';
      log[expected ? 'debug' : 'error']({ err: thrown, session, command }, 'A command was not settled');
      // What is not taken as done must not stay open: nothing else would be given out.
      if (!expected && settlement.state === 'applied' && !signal.aborted)
        await settle({ ...settlement, state: 'failed', note: message }, signal);
    }
  }

  async function carryOut(sessionId: string, entry: Held, command: SessionCommand): Promise<void> {
    const { agent, epoch, over } = entry;
    const { command_id: commandId, type } = command;
    if (type === 'DECISION') return;
    const outcome = await hand(agent, sessionId, command).catch((thrown: unknown) =>
      thrown instanceof ControlLeaves
        ? null
        : failed(
            thrown instanceof NotBegun ? 'not_begun' : 'adapter_failed',
            thrown instanceof Error ? thrown.message : String(thrown),
          ),
    );
    if (outcome === null) return;
    const settlement: Settlement = {
      sessionId,
      commandId,
      epoch,
      state: outcome.state,
      note: outcome.state === 'failed' ? outcome.message : '',
      evidence: outcome.state === 'failed' ? { code: outcome.code, ...outcome.evidence } : outcome.evidence,
    };
    await settle(settlement, over.signal);
    entry.inHand.delete(commandId);
    pump(sessionId);
  }

  function begin(sessionId: string, entry: Held, commands: readonly SessionCommand[]): void {
    for (const command of commands) {
      entry.inHand.add(command.command_id);
      const done = carryOut(sessionId, entry, command).catch((thrown: unknown) =>
        log.error({ err: thrown, session: sessionId }, 'A command could not be carried out'),
      );
      deliveries.add(done);
      void done.finally(() => deliveries.delete(done));
    }
  }

  async function giveOut(sessionId: string, entry: Held): Promise<void> {
    // What was given out and is not in hand: the answer to the claim was lost.
    begin(sessionId, entry, await delivery.claim(sessionId, entry.epoch, entry.inHand));
  }

  /** Takes what is accepted while it is held. In hand as soon as promised: a claim in between must not give it a second time. */
  const receiverOf = (sessionId: string, entry: Held): Receiver => ({
    get epoch() {
      return entry.epoch;
    },
    promise(commandIds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      entry.arriving.add(promise);
      for (const id of commandIds) entry.inHand.add(id);
      const arrived = (): void => {
        entry.arriving.delete(promise);
        resolve();
      };
      return {
        take(commands) {
          begin(sessionId, entry, commands);
          arrived();
        },
        missed() {
          for (const id of commandIds) entry.inHand.delete(id);
          entry.waker.wake();
          arrived();
        },
      };
    },
  });

  const pump = (sessionId: string): void => held.get(sessionId)?.waker.wake();

  const take = (
    sessionId: string,
    { deviceId, idempotent }: Pick<Held, 'deviceId' | 'idempotent'>,
    steal: boolean,
  ) => leases.take(sessionId, { holder, deviceId, idempotent, steal });

  /** @returns null where somebody else has it */
  async function regain(sessionId: string, entry: Held): Promise<number | null> {
    try {
      return (await take(sessionId, entry, false)).epoch;
    } catch (thrown) {
      if (toFault(thrown).code !== 'lease_held') throw thrown;
      return null;
    }
  }
  /**
   * Renews the lease. One that ran out while this process could not renew it, because the machine slept or the database was
   * away, is taken again, unless somebody else has it now.
   */
  async function keep(sessionId: string, entry: Held): Promise<void> {
    try {
      await leases.renew(sessionId, entry.epoch);
    } catch (thrown) {
      if (toFault(thrown).code !== 'stale_epoch' || entry.over.signal.aborted) throw thrown;
      const epoch = await regain(sessionId, entry);
      if (epoch === null) return;
      if (entry.over.signal.aborted) {
        await leases.release(sessionId, epoch);
        return;
      }
      log.warn({ session: sessionId, epoch }, 'A lease had run out and was taken again');
      entry.epoch = epoch;
      entry.waker.wake();
    }
  }

  /** Its commands are given out from now on, one look after the other; a look that fails is taken again. */
  function attend(sessionId: string, more: Pick<Held, 'agent' | 'epoch' | 'deviceId' | 'idempotent'>): void {
    const waker = createWaker({
      async work() {
        try {
          await giveOut(sessionId, entry);
        } catch (thrown) {
          // Somebody else holds it now: theirs to give out. Or it ran out: then it is taken again with the next sign of life.
          if (toFault(thrown).code !== 'stale_epoch') throw thrown;
          log.debug({ err: thrown, session: sessionId }, 'A session is held by somebody else');
        }
        return null;
      },
      onFailure: (thrown) =>
        log.warn({ err: thrown, session: sessionId }, 'Commands could not be given out; later again'),
    });
    let kept = false;
    const keeper = createWaker({
      async work() {
        // It was taken just now.
        if (kept) await keep(sessionId, entry);
        kept = true;
        return leaseMs() / 3;
      },
      onFailure: (thrown) => log.warn({ err: thrown, session: sessionId }, 'A lease was not renewed'),
    });
    const over = new AbortController();
    const entry: Held = { ...more, waker, keeper, inHand: new Set(), arriving: new Set(), over };
    held.set(sessionId, entry);
    over.signal.addEventListener('abort', receivers.join(sessionId, receiverOf(sessionId, entry)));
    keeper.wake();
    waker.wake();
  }

  /** Resolves when nothing more is begun for it. */
  async function release(entry: Held): Promise<void> {
    entry.over.abort();
    await Promise.all([entry.keeper.stop(), entry.waker.stop(), ...entry.arriving]);
  }

  return {
    /** Control itself carries out this session's commands from now on. */
    async hold(
      sessionId: string,
      agent: HeldAgent,
      /** `deviceId`: whose questions they are, who therefore cannot answer them. */
      { deviceId = '', idempotent = [] }: { deviceId?: string; idempotent?: CommandType[] } = {},
    ): Promise<{ epoch: number }> {
      const { epoch } = await take(sessionId, { deviceId, idempotent }, true);
      const before = held.get(sessionId);
      if (before) void release(before);
      attend(sessionId, { agent, epoch, deviceId, idempotent });
      return { epoch };
    },
    async letGo(sessionId: string, why: string): Promise<void> {
      const entry = held.get(sessionId);
      if (!entry) return;
      held.delete(sessionId);
      await release(entry);
      await leases.release(sessionId, entry.epoch, why).catch(() => undefined);
    },
    /** Something was queued: look. */
    pump,
    holds: (sessionId: string) => held.has(sessionId),
    held: (): string[] => [...held.keys()],
    agent: (sessionId: string): HeldAgent | null => held.get(sessionId)?.agent ?? null,
    /** A run of an action is about to give this command: it is journaled there. */
    ofRun(sessionId: string, commandId: string): { done(): void } {
      const key = `${sessionId} ${commandId}`;
      ofRuns.add(key);
      return { done: () => void ofRuns.delete(key) };
    },
    /**
     * An answer for its agent. One without any choice stops it: it must not go on as if allowed. What was taken back is refused,
     * where the agent still waits for it.
     */
    resolved(decision: Decision): void {
      const entry = held.get(decision.session_id);
      const { resolution } = decision;
      if (!entry || !resolution) return;
      const { source, choice } = resolution;
      if (choice !== null || source === 'cancelled') entry.agent.answer(decision.decision_id, choice);
      else void carryOutHalt(decision.session_id, entry);
    },
    async stop(): Promise<void> {
      const all = [...held.values()];
      held.clear();
      await Promise.all(all.map(release));
      await Promise.all(deliveries);
    },
  };

  async function carryOutHalt(sessionId: string, { agent }: Held): Promise<void> {
    const args = { reason: 'Nobody answered in time' };
    const command = {
      command_id: `no-answer-${(unanswered += 1)}`,
      type: 'HALT' as const,
      args,
      actor: 'system',
    };
    await hand(agent, sessionId, command).catch((thrown: unknown) =>
      log.warn({ err: thrown, session: sessionId }, 'An agent could not be halted'),
    );
  }
}

export type HeldAgents = ReturnType<typeof createHeldAgents>;
