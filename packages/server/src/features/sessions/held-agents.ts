import type { Decision, SessionCommand } from '@vigiles/contract';
import type { Log } from '../../kernel/log.ts';
import type { CommandDelivery } from './commands/delivery.ts';
import type { Leases } from './leases/leases.ts';

/** What control itself holds: an adapter's handle, as far as commands and answers go. */
export interface HeldAgent {
  deliver(command: {
    commandId: string;
    type: 'HALT' | 'RESUME' | 'ROLLBACK' | 'REDIRECT' | 'INJECT';
    args: Readonly<Record<string, unknown>>;
  }): Promise<
    | { state: 'applied'; evidence: Record<string, unknown> }
    | { state: 'failed'; code: string; message: string; evidence: Record<string, unknown> }
  >;
  /** @returns false when it does not wait for it any more */
  answer(decisionId: string, choice: string): boolean;
}

interface Held {
  agent: HeldAgent;
  epoch: number;
  timer: NodeJS.Timeout;
  running: Promise<void> | null;
  again: boolean;
}

/** Sessions whose agent runs under this control: their commands go straight to the adapter. */
export function createHeldAgents(deps: {
  delivery: CommandDelivery;
  leases: Leases;
  /** Of this process. */
  holder: string;
  leaseMs(): number;
  log: Log;
}) {
  const { delivery, leases, holder, leaseMs, log } = deps;
  const held = new Map<string, Held>();
  const deliveries = new Set<Promise<void>>();

  async function carryOut(sessionId: string, { agent, epoch }: Held, command: SessionCommand): Promise<void> {
    const { command_id: commandId, type, args } = command;
    if (type === 'DECISION') return;
    const outcome = await agent.deliver({ commandId, type, args }).catch((thrown: unknown) => ({
      state: 'failed' as const,
      code: 'adapter_failed',
      message: thrown instanceof Error ? thrown.message : String(thrown),
      evidence: {},
    }));
    await delivery
      .settle({
        sessionId,
        commandId,
        epoch,
        state: outcome.state,
        note: outcome.state === 'failed' ? outcome.message : '',
        evidence: outcome.state === 'failed' ? { code: outcome.code, ...outcome.evidence } : outcome.evidence,
      })
      .catch((thrown: unknown) =>
        // The agent's own event may have settled it first.
        log.debug({ err: thrown, session: sessionId, command: commandId }, 'A command was settled before'),
      );
    pump(sessionId);
  }

  async function drain(sessionId: string, entry: Held): Promise<void> {
    do {
      entry.again = false;
      for (const command of await delivery.claim(sessionId, entry.epoch)) {
        const done = carryOut(sessionId, entry, command).catch((thrown: unknown) =>
          log.error({ err: thrown, session: sessionId }, 'A command could not be carried out'),
        );
        deliveries.add(done);
        void done.finally(() => deliveries.delete(done));
      }
    } while (entry.again && held.get(sessionId) === entry);
  }

  function pump(sessionId: string): void {
    const entry = held.get(sessionId);
    if (!entry) return;
    entry.again = true;
    entry.running ??= drain(sessionId, entry)
      .catch((thrown: unknown) =>
        log.warn({ err: thrown, session: sessionId }, 'Commands could not be given out'),
      )
      .finally(() => {
        entry.running = null;
      });
  }

  return {
    /** Control itself carries out this session's commands from now on. */
    async hold(sessionId: string, agent: HeldAgent): Promise<{ epoch: number }> {
      const lease = await leases.take(sessionId, { holder, deviceId: '', idempotent: [], steal: true });
      const timer = setInterval(() => {
        leases
          .renew(sessionId, lease.epoch)
          .catch((thrown: unknown) =>
            log.warn({ err: thrown, session: sessionId }, 'A lease was not renewed'),
          );
      }, leaseMs() / 3).unref();
      clearInterval(held.get(sessionId)?.timer);
      held.set(sessionId, { agent, epoch: lease.epoch, timer, running: null, again: false });
      pump(sessionId);
      return { epoch: lease.epoch };
    },
    async letGo(sessionId: string, why: string): Promise<void> {
      const entry = held.get(sessionId);
      if (!entry) return;
      clearInterval(entry.timer);
      held.delete(sessionId);
      await leases.release(sessionId, entry.epoch, why).catch(() => undefined);
    },
    /** Something was queued: look. */
    pump,
    holds: (sessionId: string) => held.has(sessionId),
    /** An answer for its agent. A decision without any choice stops it: it must not go on as if allowed. */
    resolved(decision: Decision): void {
      const entry = held.get(decision.session_id);
      const { resolution } = decision;
      if (!entry || !resolution || resolution.source === 'cancelled') return;
      if (resolution.choice !== null) entry.agent.answer(decision.decision_id, resolution.choice);
      else void carryOutHalt(decision.session_id, entry);
    },
    async stop(): Promise<void> {
      for (const { timer } of held.values()) clearInterval(timer);
      held.clear();
      await Promise.all(deliveries);
    },
  };

  async function carryOutHalt(sessionId: string, { agent }: Held): Promise<void> {
    await agent
      .deliver({
        commandId: 'decision-without-answer',
        type: 'HALT',
        args: { reason: 'Nobody answered in time' },
      })
      .catch((thrown: unknown) =>
        log.warn({ err: thrown, session: sessionId }, 'An agent could not be halted'),
      );
  }
}

export type HeldAgents = ReturnType<typeof createHeldAgents>;
