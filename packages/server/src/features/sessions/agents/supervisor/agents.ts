import { rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import {
  AgentRunRequest,
  type AgentsConfig,
  type Checkpoint,
  type EventData,
  type RollbackPreview,
  type Session,
  type StartableAgent,
  type Turn,
  type VigilesEvent,
} from '@vigiles/contract';
import type { Clock } from '../../../../kernel/clock.ts';
import { fault, raise } from '../../../../kernel/fault.ts';
import type { NewId } from '../../../../kernel/ids.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { EventLog } from '../../../../platform/event-log/index.ts';
import { createRedactor } from '../../../../platform/secrets/redactor.ts';
import type { Maker, Sessions } from '../../index.ts';
import { createSnapshots } from '../../snapshots/snapshots.ts';
import { createAcpAdapter } from '../acp/acp-adapter.ts';
import { createClaudeAdapter } from '../claude/claude-adapter.ts';
import { createCodexAdapter } from '../codex/codex-adapter.ts';
import { decisionsIn } from '../turns/kept-questions.ts';
import type { AgentRun, AgentRunDeps } from './agent-run-face.ts';
import { createAgentRun } from './agent-run.ts';
import { lookAt, missing, recipes, type Adapters } from './catalog.ts';
import { createCheckpointing } from './checkpointing.ts';
import { restIdle } from './rest-idle.ts';
import { createRunBook, RunRecord } from './run-record.ts';
import { createTroubles, type TroubleTeller } from './troubles.ts';

export interface AgentsDeps {
  sessions: Sessions;
  events: Pick<EventLog, 'subscribe'>;
  home: string;
  /** What every agent may see of our environment. */
  env: Readonly<Record<string, string>>;
  config(): AgentsConfig;
  clock: Clock;
  newId: NewId;
  log: Log;
  admit: AgentRunDeps['admit'];
  dismiss: AgentRunDeps['dismiss'];
  /** Hears of agents that crash or stall in the middle of their work, and when that is over. */
  troubles: TroubleTeller;
}

/** How often it is looked whether one stalls: as often as it takes to be exact to a quarter of the limit. */
const LOOK_MS = 15_000;
const MIN_LOOK_MS = 250;

/** Agents that run under this control: started, taken up again after a restart, and let go without ending them. */
export function createAgents(deps: AgentsDeps) {
  const { sessions, events, home, env, config, clock, newId, log } = deps;
  const pipes = join(home, 'agents', 'pipes');
  const monotonic = () => clock.monotonic();
  const adapters: Adapters = {
    codex: createCodexAdapter({ folder: pipes, newId }),
    acp: createAcpAdapter({ folder: pipes, newId, monotonic }),
    claude: createClaudeAdapter({ folder: pipes, newId, monotonic }),
  };
  const megabyte = 1 << 20;
  const snapshots = createSnapshots({
    root: join(home, 'agents', 'checkpoints'),
    path: env['PATH'] ?? '',
    limits: () => {
      const { max_file_mb, max_total_mb, max_files } = config().checkpoints;
      return {
        maxFileBytes: max_file_mb * megabyte,
        maxTotalBytes: max_total_mb * megabyte,
        maxFiles: max_files,
      };
    },
  });
  const checkpointing = createCheckpointing({
    sessions,
    snapshots,
    newId,
    log,
    settings: () => config().checkpoints,
  });
  const book = createRunBook(join(home, 'agents', 'runs'));
  const runs = new Map<string, AgentRun>();
  const troubles = createTroubles(deps.troubles);
  /** Found gone when we came; told once everybody listens. */
  const found: { sessionId: string; why: string }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let resting: Promise<void> | null = null;
  let unsubscribe = () => {};
  /** Being made, not in `runs` yet. */
  let starting = 0;
  const forgetting = new Set<Promise<void>>();

  const runOf = (record: RunRecord): AgentRun => {
    const run = createAgentRun(
      {
        sessions,
        adapter: adapters[record.kind === 'http' ? 'acp' : record.kind],
        book,
        checkpointing,
        keeps: () => config().checkpoints.enabled,
        clock,
        log,
        admit: deps.admit,
        dismiss: deps.dismiss,
        crashed: (sessionId, why, lastWords) =>
          troubles.begin(sessionId, 'agent_crashed', record.kind, why, lastWords),
        spoke: (sessionId) => troubles.over(sessionId, 'It works again.'),
      },
      record,
    );
    runs.set(record.session_id, run);
    return run;
  };
  const hold = (run: AgentRun): Promise<unknown> =>
    sessions.hold(run.record.session_id, {
      deliver: run.deliver,
      answer: run.answer,
      alive: run.alive,
      children: run.children,
      spokeAt: run.spokeAt,
      devices: () => run.record.devices,
      trouble: () => troubles.of(run.record.session_id),
      stop: run.stop,
      preview: async ({ checkpoint_id: id, steps }) => {
        const { session_id: sessionId, folder } = run.record;
        const wanted = await checkpointing.find(
          sessionId,
          typeof id === 'string' ? id : null,
          Number(steps ?? 1),
        );
        return checkpointing.preview(sessionId, wanted.checkpoint_id, folder);
      },
    });
  const runWith = (sessionId: string): AgentRun =>
    runs.get(sessionId) ??
    raise(fault('not-found', 'agent_not_here', `No agent of session ${sessionId} was started here.`));

  /** A session is gone: its agent ends, and nothing of it stays on disk. */
  async function forget(sessionId: string): Promise<void> {
    const run = runs.get(sessionId);
    if (!run) return;
    runs.delete(sessionId);
    await run.discard();
    await sessions.letGo(sessionId, 'the session was deleted');
    await book.remove(sessionId);
    await rm(join(pipes, sessionId), { recursive: true, force: true });
    await checkpointing.sweep(run.record.folder);
  }
  async function takeUp(record: RunRecord): Promise<void> {
    const session = await sessions.get(record.session_id);
    if (!session) {
      // Cut off between the end of its session and its own.
      await runOf(record)
        .rejoin()
        .catch(() => false);
      return forget(record.session_id);
    }
    const wasBusy = record.busy;
    const run = runOf(record);
    const asked = decisionsIn(record.memo);
    const back = await run.rejoin();
    await hold(run);
    for (const decisionId of asked) {
      // Answered, or out of time, before it was held again.
      if (back) await sessions.handOver(record.session_id, decisionId);
      else await sessions.cancelDecision(record.session_id, decisionId, 'The agent that asked is gone.');
    }
    if (back || !wasBusy) return;
    const why = 'Its process was gone when Vigiles came back; RESUME starts it again where it stopped.';
    const by = { actor: 'system', producer: 'agent', trusted: true };
    await sessions.append(
      record.session_id,
      [{ type: 'session:phase', data: { phase: 'disconnected', reason: why } }],
      by,
    );
    found.push({ sessionId: record.session_id, why });
  }
  const stallMs = (): number => config().stall_minutes * 60_000;
  function look(): void {
    const latest = clock.now() - stallMs();
    for (const [sessionId, run] of runs) {
      const since = run.busySince();
      if (since === null || since > latest) continue;
      const minutes = `for ${config().stall_minutes} minutes in the middle of a turn`;
      const { kind } = run.record;
      if (run.usesTool())
        troubles.begin(sessionId, 'agent_tool_silent', kind, `A tool of its said nothing ${minutes}.`);
      else
        troubles.begin(sessionId, 'agent_stalled', kind, `Neither it nor its model said a word ${minutes}.`);
    }
    resting ??= restIdle({ runs, sessions, minutes: config().idle_minutes, now: clock.now() })
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'An idle agent could not be ended'))
      .finally(() => {
        resting = null;
      });
    timer = setTimeout(look, Math.min(LOOK_MS, Math.max(MIN_LOOK_MS, stallMs() / 4))).unref();
  }
  function hear(event: VigilesEvent): void {
    if (event.type === 'turn.settled') {
      const { turn } = event.data as { turn: Turn };
      const run = turn.session_id === null ? undefined : runs.get(turn.session_id);
      // Whoever else names our session in a header is not its agent.
      if (run && turn.device_id === run.record.device_id) run.turned();
    } else if (event.type === 'system.started') {
      for (const { sessionId, why } of found.splice(0)) {
        const kind = runs.get(sessionId)?.record.kind;
        if (kind) troubles.begin(sessionId, 'agent_crashed', kind, why);
      }
    } else if (event.type === 'session.halted') {
      const { session_id: sessionId, by } = event.data as EventData<'session.halted'>;
      // What the watchdog halts itself, to begin it again, is not over by that.
      if (by !== 'watchdog') troubles.over(sessionId, `It was halted by ${by}.`);
    } else if (event.type === 'session.ended') {
      const { session_id: sessionId, status } = event.data as EventData<'session.ended'>;
      if (status === 'completed') troubles.over(sessionId, 'Its work is complete.');
    } else if (event.type === 'session.deleted') {
      const { session_id: sessionId } = event.data as EventData<'session.deleted'>;
      troubles.over(sessionId, 'Its session was deleted.');
      const forgotten = forget(sessionId).catch((thrown: unknown) =>
        log.warn({ err: thrown, session: sessionId }, 'An agent of a deleted session could not be ended'),
      );
      forgetting.add(forgotten);
      void forgotten.then(() => forgetting.delete(forgotten));
    }
  }
  async function make(
    asked: ReturnType<typeof AgentRunRequest.parse>,
    recipe: ReturnType<typeof recipes>[number],
    maker: Maker,
  ): Promise<{ session: Session; run: AgentRun; begun: Promise<void> }> {
    const lacks = await missing(recipe, recipe.env['PATH'] ?? env['PATH'] ?? '');
    if (lacks !== null) return raise(fault('unavailable', 'agent_not_started', lacks));
    const session = await sessions.create(
      {
        ...(asked.session_id === undefined ? {} : { session_id: asked.session_id }),
        metadata: {
          title: createRedactor().text(asked.title ?? asked.prompt.slice(0, 120)),
          folder: asked.folder,
          agent: asked.agent,
        },
      },
      maker,
    );
    const run = runOf({
      session_id: session.session_id,
      kind: recipe.kind,
      command: [...recipe.command],
      env: { ...env, ...recipe.env },
      folder: asked.folder,
      model: asked.model,
      approvals: asked.approvals,
      conversation: null,
      memo: {},
      pid: null,
      start_time: null,
      device_id: null,
      devices: [],
      counted: RunRecord.shape.counted.parse(undefined),
      busy: false,
    });
    const begun = run.start(asked.prompt);
    begun.catch(() => undefined);
    return { session, run, begun };
  }
  async function attend({ session, run, begun }: Awaited<ReturnType<typeof make>>): Promise<Session> {
    try {
      // From its first question on an answer finds it.
      await hold(run);
    } catch (thrown) {
      await run.stop();
      throw thrown;
    }
    try {
      await begun;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      const by = { actor: 'system', producer: 'agent', trusted: true };
      await sessions.append(session.session_id, [{ type: 'execution:failed', data: { error } }], by);
      // Once what was missing is there, a REDIRECT starts it.
      await book.write(run.record);
      throw thrown;
    }
    return (await sessions.get(session.session_id)) ?? session;
  }
  return {
    async available(): Promise<StartableAgent[]> {
      return Promise.all(recipes(config()).map((recipe) => lookAt(recipe, adapters, env)));
    },
    /** Starts one with its first words. Raises `unknown_agent`, `folder_not_found`, `too_many_agents`, `agent_not_started`. */
    async run(request: AgentRunRequest, maker: Maker): Promise<Session> {
      const asked = AgentRunRequest.parse(request);
      const recipe = recipes(config()).find(({ name }) => name === asked.agent);
      if (!recipe)
        return raise(
          fault(
            'not-found',
            'unknown_agent',
            `There is no agent "${asked.agent}"; there are ${recipes(config())
              .map(({ name }) => name)
              .join(', ')}. vigiles.yaml can name others under agents.acp.`,
          ),
        );
      const folder = isAbsolute(asked.folder) ? await stat(asked.folder).catch(() => null) : null;
      if (!folder?.isDirectory())
        return raise(
          fault('invalid', 'folder_not_found', `${asked.folder} is not an absolute path of a folder here.`),
        );
      const most = config().max_running;
      if ([...runs.values()].filter((run) => run.occupied()).length + starting >= most)
        return raise(
          fault('conflict', 'too_many_agents', `${most} agents run already (agents.max_running).`),
        );
      // Others may ask for one in the same moment.
      starting += 1;
      const made = await make(asked, recipe, maker).finally(() => {
        starting -= 1;
      });
      return attend(made);
    },
    async checkpoint(sessionId: string, label: string): Promise<Checkpoint> {
      const run = runWith(sessionId);
      return checkpointing.take(run.place(), label, 'manual');
    },
    preview: (sessionId: string, checkpointId: string): Promise<RollbackPreview> =>
      checkpointing.preview(sessionId, checkpointId, runWith(sessionId).record.folder),
    alive: (sessionId: string): boolean => runs.get(sessionId)?.alive() ?? false,
    has: (sessionId: string): boolean => runs.has(sessionId),

    async start(): Promise<void> {
      unsubscribe = events.subscribe(hear);
      for (const record of await book.all())
        await takeUp(record).catch((thrown: unknown) =>
          log.warn({ err: thrown, session: record.session_id }, 'An agent could not be taken up again'),
        );
      look();
    },
    /** Agents live on: whoever comes after us takes them up again. */
    async stop(): Promise<void> {
      unsubscribe();
      if (timer) clearTimeout(timer);
      await resting;
      await Promise.all(forgetting);
      await Promise.all([...runs.values()].map((run) => run.letGo()));
    },
  };
}
export type Agents = ReturnType<typeof createAgents>;
