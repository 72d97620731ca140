import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCapabilities, SessionAgent } from '@vigiles/contract';
import { createRedactor } from '../../../../platform/secrets/redactor.ts';
import { insist } from '../../../../kernel/insist.ts';
import { ControlLeaves } from '../../held-agents.ts';
import type { AgentCommand, AgentHandle, AgentOutcome, AgentPhase, AgentStart } from '../agent-adapter.ts';
import type { Place } from './checkpointing.ts';
import type { AgentRun, AgentRunDeps } from './agent-run-face.ts';
import { countAnew, totalOf, type RunRecord } from './run-record.ts';
import { endLeftovers } from '../child/leftovers.ts';
import { createSessionSink } from './session-sink.ts';

/** Its process is gone: the next command starts it again. */
const resting: AgentCapabilities = {
  halt: null,
  resume: true,
  steer: true,
  rollback: true,
  decide: false,
  inject: true,
  reasons: {
    halt: 'Its process does not run.',
    decide: 'Its process does not run.',
  },
};
/** How long control waits, when it goes, for a process that is being started: whoever comes next must know it. */
const BEGIN_MS = 10_000;

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
  const leaves = new AbortController();
  const { promise: left, reject: leave } = Promise.withResolvers<never>();
  left.catch(() => undefined);
  /** HALTs so far: what was given before one of them does not reach the agent after it. */
  let halts = 0;
  let warned = false;
  /** Resolves when the process of before is gone and that is written down. */
  let gone: Promise<void> = Promise.resolve();
  /** Its process is being started, or taken up again; never rejects. */
  let beginning: Promise<void> | null = null;
  let ending: Promise<void> | null = null;

  const place = (): Place => ({
    sessionId,
    folder,
    conversation: handle?.conversation() ?? record.conversation,
    position: handle?.position() ?? null,
    rewinds: adapter.goesBackTo({
      conversation: handle?.conversation() ?? record.conversation,
      position: handle?.position() ?? null,
    }),
  });
  const sink = createSessionSink({
    sessionId,
    sessions,
    log,
    redact: (data) => redactor.data(data),
    now: () => clock.now(),
    commanded: () => commands > 0,
    countsCost: true,
    signal: leaves.signal,
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
    usage: (usage) => sink.usage(totalOf(record, usage)),
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
    capabilities: handle?.capabilities() ?? resting,
  });
  /** What is shown of it; as soon as the store takes it. */
  const tell = (): Promise<void> =>
    insist(() => sessions.setAgent(sessionId, about(), handle?.identity ?? null), {
      signal: leaves.signal,
      onFailure: (thrown) => log.warn({ err: thrown }, 'How an agent stands could not be noted; later again'),
    }).catch((thrown: unknown) => log.warn({ err: thrown }, 'How an agent stands could not be noted'));

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
    if (device !== null)
      await insist(() => deps.dismiss(device), {
        signal: leaves.signal,
        onFailure: (thrown) =>
          log.warn({ err: thrown }, 'The token of an agent could not be revoked; later again'),
      }).catch((thrown: unknown) => log.warn({ err: thrown }, 'The token of an agent was not revoked'));
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
    await tell();
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
  function whileBeginning<T>(work: () => Promise<T>): Promise<T> {
    const under = work();
    const over = under.then(
      () => undefined,
      () => undefined,
    );
    beginning = over;
    void over.then(() => {
      if (beginning === over) beginning = null;
    });
    return under;
  }
  const begin = (prompt: string | null): Promise<void> => whileBeginning(() => open(prompt));
  async function open(prompt: string | null): Promise<void> {
    // What is told of the process before comes before what this one says.
    await gone;
    task = prompt ?? task;
    const admitted = await deps.admit(sessionId);
    if (admitted) redactor.register(admitted.token);
    record.device_id = admitted?.deviceId ?? null;
    if (admitted) record.devices = [...record.devices, admitted.deviceId];
    if (adapter.countsAnew.includes('start')) countAnew(record);
    try {
      handle = await adapter.start(startOf(prompt, admitted), heard);
    } catch (thrown) {
      if (admitted) await deps.dismiss(admitted.deviceId).catch(() => undefined);
      record.device_id = null;
      throw thrown;
    }
    gone = ended(handle);
    if (leaving) {
      await handle.stop();
      throw new ControlLeaves('Control goes');
    }
    save();
    await tell();
  }
  /** Ends its process; who comes meanwhile waits until it is gone. */
  function end(): Promise<void> {
    ending ??= (async () => {
      if (beginning) await beginning;
      await handle?.stop();
      await gone;
      await sink.settled();
    })().finally(() => {
      ending = null;
    });
    return ending;
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
    const { evidence, failed } = await checkpointing.restore(place(), checkpoint);
    if (failed !== null) return { state: 'failed', code: 'files_not_restored', message: failed, evidence };
    const wanted = command.args['restore'] !== 'files' && checkpoint.restores.conversation;
    const talk = wanted ? await rewind(command, checkpoint.ref) : { conversation: 'stays as it is' };
    save();
    return { state: 'applied', evidence: { ...evidence, ...talk } };
  }
  /** The conversation as it was at a checkpoint. The files are back already: what goes wrong here is told beside that. */
  async function rewind(
    command: AgentCommand,
    ref: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const named = (value: unknown) => (typeof value === 'string' ? value : null);
    const position = named(ref['position']);
    const conversation = named(ref['conversation']);
    try {
      if (adapter.startAt) {
        await end();
        Object.assign(record, adapter.startAt({ position, conversation }));
        return {
          conversation: record.conversation,
          last_entry: position,
          process: 'starts with the next command',
        };
      }
      if (!handle) await begin(null);
      const rewound = await handle?.deliver({ ...command, args: { position, conversation } });
      if (rewound?.state === 'applied') return rewound.evidence;
      return { conversation: `stays as it is: ${rewound?.message ?? 'its process has ended'}` };
    } catch (thrown) {
      return { conversation: `stays as it is: ${messageOf(thrown)}` };
    }
  }
  /** Its process is gone; what that started may be there still. */
  async function haltWithout(): Promise<AgentOutcome> {
    const report = await endLeftovers(sessionId);
    const evidence = { process: 'does not run', ...report };
    if (report.child_tree_gone) return { state: 'applied', evidence };
    const message = `${report.processes_left.length} processes that it started still run.`;
    return { state: 'failed', code: 'processes_left', message, evidence };
  }
  const underWay = (): Promise<void> | null => ending ?? beginning;
  async function carryOut(command: AgentCommand): Promise<AgentOutcome> {
    commands += 1;
    if (command.type === 'HALT') halts += 1;
    const seen = halts;
    const before = spokeAt;
    try {
      // Also a HALT: a process that is being started would run on behind its back. Where there is nothing to wait for, who
      // comes next finds what this one begins.
      for (let under = underWay(); under; under = underWay()) await under;
      if (command.type === 'ROLLBACK') return await rollBack(command);
      if (!handle) {
        if (command.type === 'HALT') return await haltWithout();
        await begin(null);
      }
      if (command.type !== 'HALT' && halts !== seen)
        return failure('halted', 'A HALT came before the agent had it.');
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
  }
  return {
    record,
    alive: () => handle !== null,
    occupied: () => handle !== null || beginning !== null,
    busySince: () => (handle !== null && busyPhases.has(phase) && phase !== 'waiting' ? heardAt : null),
    usesTool: () => tools > 0,
    spokeAt: () => spokeAt,
    children: () => handle?.children() ?? 0,
    idleSince() {
      if (handle === null || busyPhases.has(phase) || commands > 0) return null;
      return handle.resumable() && handle.children() === 0 ? heardAt : null;
    },
    async rest(why) {
      sink.event('execution:progress', { message: why });
      await end();
    },
    start: begin,
    rejoin: () =>
      whileBeginning(async () => {
        const { pid, start_time: startTime } = record;
        if (pid === null || startTime === null) return false;
        phase = record.busy ? 'running' : 'idle';
        if (adapter.countsAnew.includes('rejoin')) countAnew(record);
        handle = await adapter.rejoin(startOf(null, null), { pid, startTime }, heard);
        if (!handle) {
          // It died while nobody looked: what it started would work on beside the next one.
          await endLeftovers(sessionId);
          return false;
        }
        gone = ended(handle);
        await tell();
        return true;
      }),
    deliver: (command) => Promise.race([carryOut(command), left]),
    answer: (decisionId, choice) => handle?.answer(decisionId, choice) ?? false,
    place,
    turned: speaks,
    stop: end,
    discard() {
      leaving = true;
      leaves.abort();
      return end();
    },
    async letGo() {
      if (beginning)
        await Promise.race([beginning, delay(BEGIN_MS, undefined, { ref: false, signal: leaves.signal })]);
      save();
      await book.write(record).catch(() => undefined);
      leaving = true;
      leaves.abort();
      leave(new ControlLeaves('Control goes'));
      handle?.letGo();
      await sink.settled();
    },
  };
}
