import type {
  Decision,
  Identity,
  NewDecision,
  Session,
  SessionCommand,
  SessionEvent,
  VolatileSessionEvent,
} from '@vigiles/contract';
import { allows } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { insist } from '../../kernel/insist.ts';
import { visible } from './access.ts';
import { createCheckpoints } from './checkpoints.ts';
import { cleanData } from './core/clean-data.ts';
import { createCommandDesk } from './command-desk.ts';
import { createAcceptance } from './commands/accept-command.ts';
import { createCommandDelivery } from './commands/delivery.ts';
import { createFromOthers } from './commands/from-others.ts';
import { createReceivers, receiveOnce } from './commands/receivers.ts';
import { saysHowItStands } from './core/fence.ts';
import type { Sample } from './core/stage-sample.ts';
import { createDeeds, NotBegun } from './deeds.ts';
import { createDecisions } from './decisions/decisions.ts';
import { heldByOther, sessionNotFound } from './faults.ts';
import { createHappenings } from './happenings.ts';
import { createHeldAgents } from './held-agents.ts';
import { createTransact, type SessionsDeps, type SessionsKit } from './kit.ts';
import { createLeases } from './leases/leases.ts';
import { createAppendQueue } from './log/append-queue.ts';
import { createFanOut } from './log/fan-out.ts';
import { readEvents } from './log/read-events.ts';
import { createSessionLog } from './log/session-log.ts';
import { createBatchWriter } from './log/write-batches.ts';
import { createPurge } from './purge.ts';
import { controlHolder, reconcileSessions } from './reconciler.ts';
import { createRemoval } from './removal.ts';
import { createRetention } from './retention.ts';
import { createSessionBook } from './session-book.ts';
import { createSessionHands } from './session-hands.ts';
import { createSweeper } from './sweeper.ts';
import type { SessionTables } from './tables.ts';
import { createVolatile } from './volatile.ts';
import { createWakers } from './wakers.ts';
import { createWatchers } from './watchers.ts';

export { createClaudeHooks } from './agents/claude-hooks/claude-hooks.ts';
export { claudeHookRoutes } from './agents/claude-hooks/routes.ts';
export { createAgents } from './agents/supervisor/agents.ts';
export { agentRoutes } from './agents/supervisor/routes.ts';
export type { CarryDeed, Deed } from './deeds.ts';
export type { HeldAgent } from './held-agents.ts';
export type { EventPage, ReadRange } from './log/read-events.ts';
export type { Producer } from './log/session-log.ts';
export type { CommandStepRecord, SessionsDeps } from './kit.ts';
export { createLiveSessions } from './socket/live.ts';
export { seesAllTenants, tenantOf } from './access.ts';
export { allSessionRoutes } from './routes/index.ts';
export { agentSkillRoots } from './skills/scan-folders.ts';
export { createSkills } from './skills/skills.ts';
export type { Maker, SessionFilter } from './session-book.ts';

export type Sessions = ReturnType<typeof createSessions>;

const upkeepEveryMs = 3_600_000;

/** What somebody wants to do with a session. */
export type SessionVerb = 'read' | 'command' | 'produce';

/** Agent sessions: their logs, commands, decisions and leases. */
export function createSessions(deps: SessionsDeps) {
  const { store, clock, newId, log, config } = deps;
  const db = store.db<SessionTables>();
  const fanOut = createFanOut({
    head: async (sessionId) => {
      const row = await db
        .selectFrom('session')
        .select('head_seq')
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      return row?.head_seq ?? null;
    },
    read: async (sessionId, afterSeq, limit) =>
      (await readEvents(db, sessionId, { afterSeq, limit }, deps.clean)).events,
    log,
  });
  const kit: SessionsKit = { ...deps, db, fanOut, transact: createTransact(deps, fanOut) };
  const watchers = createWatchers();
  const purge = createPurge(store, db, log);
  const book = createSessionBook(kit, watchers, purge);
  const decisions = createDecisions(kit);
  const delivery = createCommandDelivery(kit);
  const leases = createLeases(kit, delivery);
  const queue = createAppendQueue({ write: createBatchWriter(kit) });
  const sessionLog = createSessionLog(kit, queue, {
    decision: async (tx, session, data, actor) => {
      const decision = await decisions.openIn(tx, session, data, actor, true);
      if (decision.expires_at !== null) sweeper.at(decision.expires_at);
      return decision;
    },
    happened: createHappenings(delivery, decisions),
  });
  const receivers = createReceivers();
  const acceptance = createAcceptance(
    kit,
    async (sessionId) => (await leases.current(sessionId))?.holder ?? null,
    receivers,
    delivery.claimIn,
    (sessionId) => held.agent(sessionId)?.children?.() ?? 0,
  );
  const wakers = createWakers();
  const deeds = createDeeds(log);
  const held = createHeldAgents({
    delivery,
    receivers,
    leases,
    deeds,
    holder: controlHolder(store.instance),
    leaseMs: () => config().sessions.lease_ttl_s * 1000,
    log,
  });
  const queued = (sessionId: string): void => {
    held.pump(sessionId);
    wakers.wake(`commands ${sessionId}`);
  };
  const desk = createCommandDesk({
    kit,
    acceptance,
    decisions,
    accepted(sessionId, command) {
      if (command?.state === 'queued' || command?.state === 'delivered') sweeper.at(command.deadline);
      if (command?.state === 'queued') queued(sessionId);
    },
  });
  const sweeper = createSweeper({
    db,
    clock,
    log,
    expireCommand: (row) => delivery.expire(row),
    expireDecision: ({ session_id, decision_id }) => desk.expire(session_id, decision_id),
    async expireLease({ session_id }) {
      await leases.expire(session_id);
      queued(session_id);
    },
  });
  const volatile = createVolatile(clock, (event) =>
    fanOut.publishVolatile({ ...event, data: cleanData(deps.clean, event.data) }),
  );
  const ends: (() => void)[] = [];
  const forgetOld = createRetention(kit, (sessionId) =>
    remove(sessionId, 'system', 'older than sessions.keep_days'),
  );
  const hands = createSessionHands({
    get: book.get,
    remove: book.remove,
    subscribe: (sessionId, listener) => fanOut.subscribe(sessionId, listener),
    desk,
    held,
    deeds,
  });
  const remove = createRemoval(book, deeds);
  const fromOthers = createFromOthers(db, held, log);
  const stopping = new AbortController();
  let upkeep: NodeJS.Timeout | null = null;

  // What was chosen is told without secrets; whoever asked gets it as it was given.
  const handOver = (sessionId: string, decisionId: string): Promise<void> =>
    insist(() => decisions.get(sessionId, decisionId), {
      signal: stopping.signal,
      onFailure: (thrown) =>
        log.warn({ err: thrown, session: sessionId }, 'A decision did not reach its agent; later again'),
    }).then(
      (decision) => void (decision?.state === 'resolved' && held.resolved(decision)),
      (thrown: unknown) =>
        log.error({ err: thrown, session: sessionId }, 'A decision did not reach its agent'),
    );

  /** Whoever waits for a decision hears of it, and an agent that control holds gets its answer. */
  const onNotice = (event: { type: string; data: unknown }): void => {
    if (event.type !== 'decision.resolved') return;
    const { session_id: sessionId, decision_id: decisionId } = (event.data as { decision: Decision })
      .decision;
    void handOver(sessionId, decisionId);
    wakers.wake(`decision ${sessionId} ${decisionId}`);
  };

  /** The session, where this identity may do this with it. Raises 404 for what it may not see, 403 for what it may not do. */
  async function open(identity: Identity, sessionId: string, verb: SessionVerb): Promise<Session> {
    const session = await book.get(sessionId);
    if (!session || !visible(identity, session)) return raise(sessionNotFound(sessionId));
    const scope = `sessions:${verb}` as const;
    if (!allows(identity, scope))
      raise(fault('forbidden', 'scope_missing', `This needs the scope "${scope}".`));
    return session;
  }

  return {
    open,
    create: book.create,
    get: book.get,
    list: book.list,
    remove,
    setAgent: book.setAgent,
    active: book.active,
    append: sessionLog.append,
    appendEach: sessionLog.appendEach,
    read: sessionLog.read,
    /** Every event of a session (`'*'`: of all that this process writes) after its commit, in order, each once. */
    subscribe: (sessionId: string, listener: (event: SessionEvent) => void) =>
      fanOut.subscribe(sessionId, listener),
    subscribeVolatile: (sessionId: string, listener: (event: VolatileSessionEvent) => void) =>
      fanOut.subscribeVolatile(sessionId, listener),
    /** Sent live within 50 ms and never stored; samples of the same key in between are put together. */
    volatile: volatile.publish,
    /** The same from a device. Raises `held_by_other`, and sends none then. */
    async sample({ deviceId }: Pick<Identity, 'deviceId'>, sessionId: string, samples: readonly Sample[]) {
      if (samples.some(({ type }) => saysHowItStands(type))) {
        const lease = await leases.current(sessionId);
        if (lease && lease.device_id !== deviceId) raise(heldByOther(lease.holder));
      }
      for (const { type, data, key } of samples) volatile.publish(sessionId, type, data, key);
    },
    /** Counts somebody as following until the returned function is called. */
    watch: watchers.join,
    watcherNames: watchers.names,

    command: desk.command,
    commandByVigiles: desk.byVigiles,
    commands: desk.list,
    commandById: desk.get,
    /** What came of a command, told by its holder; the next one that waits is handed out at once. */
    async settleCommand(settlement: Parameters<typeof delivery.settle>[0]): Promise<SessionCommand> {
      const settled = await delivery.settle(settlement);
      wakers.wake(`commands ${settlement.sessionId}`);
      return settled;
    },
    /**
     * The next commands for a lease's holder, waiting for one up to `waitMs`; renews the lease. Raises `stale_epoch`.
     * `having`: those it has got already; others that were given to it are given again, for their answer was lost.
     */
    async nextCommands(
      sessionId: string,
      epoch: number,
      waitMs: number,
      signal?: AbortSignal,
      having?: ReadonlySet<string>,
    ): Promise<SessionCommand[]> {
      const deadline = clock.monotonic() + waitMs;
      for (;;) {
        await leases.renew(sessionId, epoch);
        const woken = wakers.wait(
          `commands ${sessionId}`,
          Math.min(deadline - clock.monotonic(), 10_000),
          signal,
        );
        const commands = await delivery.claim(sessionId, epoch, having);
        if (commands.length > 0) {
          wakers.wake(`commands ${sessionId}`);
          return commands;
        }
        const given = await receiveOnce(receivers, sessionId, epoch, woken);
        if (given) return given;
        if (signal?.aborted || clock.monotonic() >= deadline) return [];
      }
    },

    async openDecision(sessionId: string, input: NewDecision, actor: string): Promise<Decision> {
      const decision = await queue.alone(() => decisions.open(sessionId, input, actor));
      if (decision.expires_at !== null) sweeper.at(decision.expires_at);
      return decision;
    },
    answerDecision: decisions.answer,
    extendDecision: async (...wish: Parameters<typeof decisions.extend>): Promise<Decision> => {
      const decision = await decisions.extend(...wish);
      if (decision.expires_at !== null) sweeper.at(decision.expires_at);
      return decision;
    },
    cancelDecision: (sessionId: string, decisionId: string, why: string): Promise<void> =>
      kit.transact(async (tx) => decisions.cancelIn(tx, await tx.session(sessionId), decisionId, why)),
    decision: decisions.get,
    /** As this one may read it: only whoever asked gets what was chosen with the secrets in it. */
    async decisionFor({ deviceId }: Pick<Identity, 'deviceId'>, decision: Decision): Promise<Decision> {
      if (decision.asked_by === `device:${deviceId}`) return decision;
      const lease = await leases.current(decision.session_id);
      return lease?.device_id === deviceId ? decision : cleanData(deps.clean, decision);
    },
    /** Gives the agent that control holds now the answer that was there before it was held. */
    handOver,
    decisions: decisions.list,
    /** The decision once it is resolved, or as it stands after `waitMs`. */
    async awaitDecision(
      sessionId: string,
      decisionId: string,
      waitMs: number,
      signal?: AbortSignal,
    ): Promise<Decision | null> {
      const woken = wakers.wait(`decision ${sessionId} ${decisionId}`, waitMs, signal);
      const now = await decisions.get(sessionId, decisionId);
      if (now?.state !== 'pending') return now;
      await woken;
      return decisions.get(sessionId, decisionId);
    },

    lease: async (...wish: Parameters<typeof leases.take>) => {
      const lease = await leases.take(...wish);
      sweeper.at(lease.expires_at);
      queued(lease.session_id);
      return lease;
    },
    renewLease: leases.renew,
    releaseLease: (sessionId: string, epoch: number, why?: string) => leases.release(sessionId, epoch, why),
    currentLease: leases.current,
    /** Control itself carries out this session's commands: an adapter's handle. */
    hold: held.hold,
    letGo: held.letGo,
    /** Ends the agent that control holds, through the action runner. Raises `agent_not_here`, `not_stopped`. */
    async stopAgent(sessionId: string, actor: string): Promise<void> {
      const agent = held.agent(sessionId);
      if (!agent?.stop)
        return raise(
          fault('not-found', 'agent_not_here', `No agent of session ${sessionId} was started here.`),
        );
      const stop = agent.stop.bind(agent);
      const deed = { action: 'stop_agent', sessionId, params: {}, actor, reason: 'asked for' } as const;
      await deeds.through(deed, stop).catch((thrown: unknown) => {
        if (!(thrown instanceof NotBegun)) throw thrown;
        raise(fault('unavailable', 'not_stopped', `The agent was not ended: ${thrown.message}`));
      });
    },
    /** Sessions whose agent runs under this control. */
    heldHere: held.held,
    /**
     * Devices whose model traffic is this session's: its owner's, its orchestrator's, and those that its agent was given. Null:
     * there is no such session, or another control holds its agent and knows them.
     */
    async payers(sessionId: string): Promise<string[] | null> {
      const session = await book.get(sessionId);
      if (!session) return null;
      const agent = held.agent(sessionId);
      const lease = await leases.current(sessionId);
      if (!agent && lease?.holder.startsWith('control:')) return null;
      const ids = [session.owner_device_id, lease?.device_id ?? '', ...(agent?.devices?.() ?? [])];
      return [...new Set(ids.filter((id) => id !== ''))];
    },
    /** What actions lay hands on sessions with. */
    hands,
    /** From now on whatever kills, writes files or deletes here goes through this. */
    carryThrough: deeds.bind,

    checkpoints: createCheckpoints(kit),

    async start(): Promise<void> {
      ends.push(deps.events.subscribe(onNotice));
      ends.push(
        store.onCommit((origin) => {
          // On SQLite nobody else writes sessions: one control per home.
          if (origin !== 'remote' || store.dialect !== 'postgres') return;
          fanOut.poke();
          wakers.wakeAll();
          fromOthers.wake();
        }),
      );
      await reconcileSessions({
        kit,
        leases,
        fail: async (sessionId, reason) => {
          const by = { actor: 'system', producer: 'system', trusted: true };
          await sessionLog.append(sessionId, [{ type: 'execution:failed', data: { reason } }], by);
        },
      });
      sweeper.start();
      purge.start();
      upkeep = setInterval(() => {
        forgetOld(stopping.signal).catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'Old sessions could not be deleted; later again'),
        );
      }, upkeepEveryMs).unref();
    },
    async stop(): Promise<void> {
      stopping.abort();
      if (upkeep) clearInterval(upkeep);
      for (const end of ends.splice(0)) end();
      volatile.stop();
      wakers.wakeAll();
      await sweeper.stop();
      await fromOthers.stop();
      await held.stop();
      await queue.close();
      await purge.stop();
      await fanOut.stop();
    },
    /** Ends now what is over: commands, decisions and leases. It happens by itself, too. */
    sweep: () => sweeper.sweep(),
    /** Forgets what the configuration does not want kept; once an hour by itself. */
    forgetOld,
    /** Makes ids for those who must name something before it is stored. */
    newId,
  };
}
