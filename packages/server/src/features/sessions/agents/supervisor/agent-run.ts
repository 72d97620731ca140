import type { AgentCapabilities, SessionAgent } from '@vigiles/contract';
import { createRedactor } from '../../../../platform/secrets/redactor.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { Sessions } from '../../index.ts';
import type {
  AgentAdapter,
  AgentCommand,
  AgentHandle,
  AgentOutcome,
  AgentPhase,
  AgentStart,
} from '../agent-adapter.ts';
import type { Checkpointing, Place } from './checkpointing.ts';
import type { RunBook, RunRecord } from './run-record.ts';
import { createSessionSink } from './session-sink.ts';

export interface AgentRunDeps {
  sessions: Sessions;
  adapter: AgentAdapter;
  book: RunBook;
  checkpointing: Checkpointing;
  keeps(): boolean;
  clock: Clock;
  log: Log;
  /** A token for its model traffic; null: there is no gateway. */
  admit(sessionId: string): Promise<{ origin: string; token: string; deviceId: string } | null>;
  dismiss(deviceId: string): Promise<void>;
  /** Its process is gone in the middle of its work, and nobody asked for it. */
  crashed(sessionId: string, why: string, lastWords: string): void;
  /** It, or its model, said something. */
  spoke(sessionId: string): void;
}

/** One session's agent: the process while it lives, and what is needed to start it again when it does not. */
export interface AgentRun {
  record: RunRecord;
  /** Whether its process runs. */
  alive(): boolean;
  /** UTC ms of its last sign of life; null: it is not in a turn, or waits for a person. */
  busySince(): number | null;
  /** A tool of its turn is under way: it waits for that and not for its model. */
  usesTool(): boolean;
  /** UTC ms of the last thing that it or its model said since it was started; null: nothing. */
  spokeAt(): number | null;
  start(prompt: string | null): Promise<void>;
  /** Takes up a process of an earlier control. @returns false where it is gone */
  rejoin(): Promise<boolean>;
  deliver(command: AgentCommand): Promise<AgentOutcome>;
  answer(decisionId: string, choice: string | null): boolean;
  place(): Place;
  /** A turn of its passed the gateway. */
  turned(): void;
  stop(): Promise<void>;
  /** Control goes; the agent lives on. */
  letGo(): Promise<void>;
}

const nothing: AgentCapabilities = {
  halt: null,
  resume: true,
  steer: false,
  rollback: true,
  decide: false,
  inject: false,
  reasons: {
    halt: 'Its process does not run.',
    steer: 'Its process does not run; RESUME starts it again.',
    decide: 'Its process does not run.',
    inject: 'Its process does not run; RESUME starts it again.',
  },
};
const busyPhases = new Set<AgentPhase>(['running', 'halting', 'resuming', 'waiting']);
const failure = (code: string, message: string): AgentOutcome => ({
  state: 'failed',
  code,
  message,
  evidence: {},
});
const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export function createAgentRun(deps: AgentRunDeps, record: RunRecord): AgentRun {
  const { sessions, adapter, book, checkpointing, clock, log } = deps;
  const { session_id: sessionId, folder } = record;
  const redactor = createRedactor();
  let handle: AgentHandle | null = null;
  let commands = 0;
  let phase: AgentPhase = 'idle';
  let heardAt = clock.now();
  let spokeAt: number | null = null;
  let tools = 0;
  let task = '';
  let leaving = false;
  let warned = false;

  const place = (): Place => ({
    sessionId,
    folder,
    conversation: handle?.conversation() ?? record.conversation,
    position: handle?.position() ?? null,
    rewinds: record.kind === 'codex' && (handle?.conversation() ?? record.conversation) !== null,
  });
  const sink = createSessionSink({
    sessionId,
    sessions,
    log,
    redact: (data) => redactor.data(data),
    now: () => clock.now(),
    commanded: () => commands > 0,
    countsCost: true,
    phase(next) {
      phase = next;
      heardAt = clock.now();
      save();
    },
    async beforeTurn() {
      if (!deps.keeps()) return;
      try {
        await checkpointing.take(place(), redactor.text(task), 'auto');
      } catch (thrown) {
        if (!warned)
          sink.event('execution:progress', { warning: `No checkpoint of its files: ${messageOf(thrown)}` });
        warned = true;
      }
    },
  });
  const speaks = (): void => {
    heardAt = spokeAt = clock.now();
    // What it says while it is being halted or begun again is no proof yet.
    if (commands === 0) deps.spoke(sessionId);
  };
  const heard: typeof sink = {
    ...sink,
    event(type, data) {
      if (type === 'skill:started') tools += 1;
      if (type === 'skill:completed' || type === 'skill:failed') tools = Math.max(0, tools - 1);
      if (type.startsWith('execution:')) tools = 0;
      sink.event(type, data);
      // That a turn began or was ended is our own word, not the agent's.
      if (type === 'execution:started' || type === 'execution:halted') heardAt = clock.now();
      else speaks();
    },
    volatile(type, data) {
      sink.volatile(type, data);
      speaks();
    },
  };
  function save(): void {
    const busy = busyPhases.has(phase);
    const conversation = handle?.conversation() ?? record.conversation;
    const { pid = null, startTime = null } = handle?.identity ?? {};
    Object.assign(record, {
      busy,
      conversation,
      memo: handle?.memo() ?? record.memo,
      pid,
      start_time: startTime,
    });
    if (!leaving)
      book.write(record).catch((thrown: unknown) => log.warn({ err: thrown }, 'A run could not be noted'));
  }
  const about = (): SessionAgent => ({
    kind: record.kind,
    name: handle?.name ?? record.kind,
    model: handle?.model ?? record.model,
    pid: handle?.identity?.pid ?? null,
    capabilities: handle?.capabilities() ?? nothing,
  });
  const tell = (): Promise<void> => sessions.setAgent(sessionId, about(), handle?.identity ?? null);

  async function ended(of: AgentHandle): Promise<void> {
    const { unexpected, code, signal, lastWords } = await of.exited;
    if (handle !== of) return;
    const wasBusy = busyPhases.has(phase);
    // Ended on purpose: nothing is to be gone on with by itself, now or after a restart.
    if (!unexpected) phase = 'halted';
    save();
    handle = null;
    const device = record.device_id;
    record.device_id = null;
    record.pid = record.start_time = null;
    save();
    if (device !== null) await deps.dismiss(device).catch(() => undefined);
    if (leaving) return;
    const why = `${of.name} has ended (${signal ?? `code ${code ?? 'unknown'}`})`;
    tools = 0;
    if (!unexpected && wasBusy && commands === 0)
      sink.phase('halted', 'Its process was ended; RESUME starts it again where it stopped.');
    if (unexpected) {
      sink.event('agent:completed', {
        agent_id: sessionId,
        success: false,
        duration: null,
        error: redactor.text(lastWords),
      });
      sink.phase('disconnected', `${why}; RESUME starts it again where it stopped.`);
    }
    await sink.settled();
    await tell().catch(() => undefined);
    if (unexpected && wasBusy) deps.crashed(sessionId, why, redactor.text(lastWords).slice(-2000));
  }
  const startOf = (prompt: string | null, gateway: AgentStart['gateway']): AgentStart => ({
    sessionId,
    folder,
    prompt,
    model: record.model,
    approvals: record.approvals,
    conversation: record.conversation,
    memo: record.memo,
    gateway,
    command: record.command,
    env: record.env,
  });
  async function begin(prompt: string | null): Promise<void> {
    task = prompt ?? task;
    const admitted = await deps.admit(sessionId);
    if (admitted) redactor.register(admitted.token);
    record.device_id = admitted?.deviceId ?? null;
    if (admitted) record.devices = [...record.devices, admitted.deviceId];
    try {
      handle = await adapter.start(startOf(prompt, admitted), heard);
    } catch (thrown) {
      if (admitted) await deps.dismiss(admitted.deviceId).catch(() => undefined);
      record.device_id = null;
      throw thrown;
    }
    void ended(handle);
    save();
    await tell();
  }
  async function rollBack(command: AgentCommand): Promise<AgentOutcome> {
    const { checkpoint_id: id, steps } = command.args;
    const checkpoint = await checkpointing.find(
      sessionId,
      typeof id === 'string' ? id : null,
      Number(steps ?? 1),
    );
    if (handle) {
      const halted = await handle.deliver({ ...command, type: 'HALT', args: {} });
      if (halted.state === 'failed') return halted;
    }
    const evidence = await checkpointing.restore(place(), checkpoint);
    const { position, conversation } = checkpoint.ref;
    const wanted = command.args['restore'] !== 'files' && checkpoint.restores.conversation;
    let talk: Record<string, unknown> = { conversation: 'stays as it is' };
    if (wanted && handle && conversation === handle.conversation()) {
      const rewound = await handle.deliver({ ...command, args: { position: position ?? null } });
      talk =
        rewound.state === 'applied'
          ? rewound.evidence
          : { conversation: `stays as it is: ${rewound.message}` };
    }
    save();
    return { state: 'applied', evidence: { ...evidence, ...talk } };
  }
  return {
    record,
    alive: () => handle !== null,
    busySince: () => (handle !== null && busyPhases.has(phase) && phase !== 'waiting' ? heardAt : null),
    usesTool: () => tools > 0,
    spokeAt: () => spokeAt,
    start: begin,
    async rejoin() {
      const { pid, start_time: startTime } = record;
      if (pid === null || startTime === null) return false;
      phase = record.busy ? 'running' : 'idle';
      handle = await adapter.rejoin(startOf(null, null), { pid, startTime }, heard);
      if (!handle) return false;
      void ended(handle);
      await tell();
      return true;
    },
    async deliver(command) {
      commands += 1;
      const before = spokeAt;
      try {
        if (command.type === 'ROLLBACK') return await rollBack(command);
        if (!handle) {
          if (command.type === 'HALT')
            return { state: 'applied', evidence: { process: 'does not run', child_tree_gone: true } };
          await begin(null);
        }
        const { message, prompt } = command.args;
        task = [message, prompt].find((words) => typeof words === 'string') ?? command.type;
        return (await handle?.deliver(command)) ?? failure('agent_gone', 'Its process has ended.');
      } catch (thrown) {
        return failure('not_carried_out', messageOf(thrown));
      } finally {
        await sink.settled();
        commands -= 1;
        save();
        if (command.type !== 'HALT' && spokeAt !== before && handle !== null) deps.spoke(sessionId);
      }
    },
    answer: (decisionId, choice) => handle?.answer(decisionId, choice) ?? false,
    place,
    turned: speaks,
    async stop() {
      const ending = handle;
      await ending?.stop();
      await ending?.exited;
      await sink.settled();
    },
    async letGo() {
      save();
      await book.write(record).catch(() => undefined);
      leaving = true;
      handle?.letGo();
      await sink.settled();
    },
  };
}
