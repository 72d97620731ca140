import type { AgentCommand, AgentOutcome, AgentSink } from '../agent-adapter.ts';
import { tellOfProcesses } from '../child/told-processes.ts';
import type { Offspring } from '../child/offspring.ts';
import { instructionOf } from './instruction.ts';
import type { Evidence, TurnDriver, TurnEnd } from './turn-driver.ts';

export interface TurnKeeperOptions {
  driver: TurnDriver;
  sink: AgentSink;
  offspring: Offspring;
  /** The agent's process, for the evidence. */
  agent: { pid: number; startTime: string };
  /** Ends the agent itself, when a HALT with `force` asks for it. */
  kill(): Promise<Evidence>;
  /** How long a turn may take to end after it was asked to; 10 s unless said otherwise. */
  endMs?: number;
  /** How long processes may take to leave by themselves once their turn has ended; 1.5 s unless said otherwise. */
  leaveMs?: number;
}

/** Knows which turn runs, and turns commands into what the agent's protocol offers. */
export interface TurnKeeper {
  /** A turn began, ours or one the agent began by itself. */
  began(turnId: string): void;
  /** A turn that was told of by the run of control before this one: its end is told as if nothing had been between. */
  found(turnId: string): void;
  /** A turn ended. @param detail why, where it failed */
  ended(turnId: string, end: TurnEnd, detail: Record<string, unknown>): void;
  /** The agent does something new in this turn. After a HALT that is a sign that it goes on. */
  heard(turnId: string): void;
  /** How many questions of the agent are open now. */
  asked(open: number): void;
  turn(): string | null;
  /** The first turn, with the person's own words. */
  first(prompt: string): Promise<AgentOutcome>;
  deliver(command: AgentCommand): Promise<AgentOutcome>;
  /** Nothing more will come of it. */
  close(why: string): void;
}

/** More than anybody puts in a queue by hand. */
const MAX_QUEUE = 100;

const failure = (code: string, message: string, evidence: Evidence = {}): AgentOutcome => ({
  state: 'failed',
  code,
  message,
  evidence,
});
const overtaken = failure('halted', 'A HALT came before the agent had taken it.');
const applied = (evidence: Evidence): AgentOutcome => ({ state: 'applied', evidence });
const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export function createTurnKeeper(options: TurnKeeperOptions): TurnKeeper {
  const { driver, sink, offspring, agent, endMs = 10_000, leaveMs = 1500 } = options;
  let turn: string | null = null;
  let lastEnded: string | null = null;
  let starting: Promise<unknown> = Promise.resolve();
  let halted = false;
  let halting: Promise<AgentOutcome> | null = null;
  let haltOutcome: AgentOutcome | null = null;
  /** How many were asked for. What was given before one of them begins no turn after it. */
  let halts = 0;
  let task = '';
  let closed: string | null = null;
  const queue: { text: string; settle(outcome: AgentOutcome): void }[] = [];
  const waiters = new Set<(end: TurnEnd) => void>();

  async function start(text: string): Promise<AgentOutcome> {
    if (closed !== null) return failure('agent_gone', closed);
    task = text.slice(0, 2000);
    halted = false;
    haltOutcome = null;
    try {
      const taken = sink.beforeTurn().then(() => driver.start(text));
      starting = taken.catch(() => undefined);
      const evidence = await taken;
      if (typeof evidence['turn_id'] === 'string') began(evidence['turn_id']);
      return applied({ mode: 'turn_started', ...evidence });
    } catch (thrown) {
      return failure('not_taken', `The agent did not take it: ${messageOf(thrown)}`);
    }
  }
  /** Into the turn that runs, or as a new one. */
  async function say(text: string, seen: number): Promise<AgentOutcome> {
    const startUnlessHalted = () => (halts === seen ? start(text) : overtaken);
    if (turn === null) return start(text);
    if (driver.steer) {
      try {
        const taken = await driver.steer(text);
        return taken ? applied({ mode: 'steered', ...taken }) : await startUnlessHalted();
      } catch (thrown) {
        return failure('not_taken', `The running turn did not take it: ${messageOf(thrown)}`);
      }
    }
    const stopped = await endTurn();
    return stopped === null ? startUnlessHalted() : failure('turn_did_not_end', stopped);
  }
  /** @returns null when no turn runs any more, else what went wrong */
  async function endTurn(): Promise<string | null> {
    if (turn === null) return null;
    const { promise, resolve } = Promise.withResolvers<TurnEnd | 'late'>();
    waiters.add(resolve);
    const timer = setTimeout(resolve, endMs, 'late').unref();
    try {
      // It may have ended by itself meanwhile: then the refusal says nothing.
      const asked = await driver.interrupt().then(
        () => null,
        (thrown: unknown) => messageOf(thrown),
      );
      if (turn === null) return null;
      if (asked !== null) return `The agent refused to end its turn: ${asked}`;
      return (await promise) === 'late' ? `The turn did not end within ${endMs / 1000} s.` : null;
    } finally {
      clearTimeout(timer);
      waiters.delete(resolve);
    }
  }
  async function halt(force: boolean): Promise<AgentOutcome> {
    const startedAt = performance.now();
    sink.phase('halting', 'HALT');
    // A turn that is just being handed over must not begin behind our back.
    await starting;
    const ran = turn;
    const before = offspring.now();
    const told = tellOfProcesses(before, Date.now());
    const evidence: Evidence = {
      turn_id: ran,
      agent_pid: agent.pid,
      agent_start: agent.startTime,
      processes: before.map(({ pid }) => pid),
      process_details: told,
    };
    const stuck = await endTurn();
    if (stuck !== null && !force) {
      sink.phase('running', stuck);
      return failure(
        'turn_did_not_end',
        `${stuck} HALT with "force": true ends the agent's process.`,
        evidence,
      );
    }
    if (stuck !== null) {
      Object.assign(evidence, await options.kill(), { agent_ended: true });
    } else {
      const cleared = await driver.clear().catch((thrown: unknown) => ({ clear_error: messageOf(thrown) }));
      Object.assign(evidence, cleared);
    }
    const { gone, seen, terminated, killed, left } = await offspring.reap(leaveMs);
    Object.assign(evidence, {
      child_tree_gone: gone,
      processes_seen: seen,
      processes_terminated: terminated,
      processes_killed: killed,
      processes_left: left,
      took_ms: Math.round(performance.now() - startedAt),
    });
    if (!gone) {
      const message = `${left.length} processes of the turn still run.`;
      sink.phase('running', message);
      if (turn === null) next();
      return failure('processes_left', message, evidence);
    }
    halted = true;
    drop(overtaken);
    sink.phase('halted', ran === null ? 'no turn was running' : 'the turn has ended');
    haltOutcome = applied(evidence);
    return haltOutcome;
  }
  function heard(turnId: string): void {
    if (!halted) return;
    halted = false;
    haltOutcome = null;
    const reason = 'The agent goes on in a turn that it had reported as ended.';
    sink.event('execution:still_running', { turn_id: turnId, reason });
    sink.phase('running', reason);
  }
  function began(turnId: string): void {
    if (turn === turnId || turnId === lastEnded || closed !== null) return;
    turn = turnId;
    heard(turnId);
    sink.event('execution:started', { plan_id: turnId, task, steps_total: null });
    sink.phase('running', 'a turn began');
  }
  const underWay = (): Promise<AgentOutcome> | null => halting;
  const next = (): void => {
    const waiting = queue.shift();
    if (waiting) void start(waiting.text).then(waiting.settle);
  };
  const drop = (outcome: AgentOutcome): void => {
    for (const { settle } of queue.splice(0)) settle(outcome);
  };
  return {
    turn: () => turn,
    began,
    found(turnId) {
      if (turn !== null || turnId === lastEnded) return;
      turn = turnId;
      sink.phase('running', 'its agent was found at work');
    },
    ended(turnId, end, detail) {
      lastEnded = turnId;
      if (turn !== turnId) return;
      turn = null;
      for (const waiter of waiters) waiter(end);
      // What waits for the end of this turn goes on with it; during a HALT that decides.
      const last = queue.length === 0 || halting !== null;
      if (end === 'completed') {
        sink.event(last ? 'execution:completed' : 'execution:progress', { plan_id: turnId, ...detail });
        if (last) sink.phase('idle', 'the turn is complete');
      } else if (end === 'failed') {
        sink.event('execution:failed', { plan_id: turnId, ...detail });
        sink.phase('idle', 'the turn failed');
      } else if (halting === null) {
        sink.phase('halted', 'the turn was interrupted by the agent itself');
        drop(failure('turn_interrupted', 'The turn whose end it waited for was interrupted.'));
      }
      if (!last) next();
    },
    heard,
    asked(open) {
      if (halting !== null || turn === null) return;
      if (open > 0) sink.phase('waiting', 'the agent asks');
      else sink.phase('running', 'the agent was answered');
    },
    first: start,
    async deliver(command) {
      if (closed !== null) return failure('agent_gone', closed);
      const { type, args } = command;
      if (type === 'HALT') {
        halts += 1;
        if (haltOutcome !== null) return haltOutcome;
        halting ??= halt(args['force'] === true).finally(() => {
          halting = null;
        });
        return halting;
      }
      const seen = halts;
      for (let under = underWay(); under; under = underWay()) await under;
      // Going back begins no turn: it goes on.
      if (halts !== seen && type !== 'ROLLBACK') return overtaken;
      if (type === 'RESUME') {
        sink.phase('resuming', 'RESUME');
        return turn === null
          ? start(instructionOf(command))
          : applied({ mode: 'runs_already', turn_id: turn });
      }
      if (type === 'REDIRECT') return say(instructionOf(command), seen);
      if (type === 'ROLLBACK') {
        const { position, conversation } = args;
        if (!driver.rewind) return failure('not_offered', 'This agent cannot go back in its conversation.');
        const stopped = await endTurn();
        if (stopped !== null) return failure('turn_did_not_end', stopped);
        sink.phase('rolling_back', 'ROLLBACK');
        try {
          const named = (value: unknown) => (typeof value === 'string' ? value : null);
          return applied(await driver.rewind(named(position), named(conversation)));
        } catch (thrown) {
          return failure('not_rewound', `The conversation was not put back: ${messageOf(thrown)}`);
        } finally {
          sink.phase(halted ? 'halted' : 'idle', 'the conversation was put back');
        }
      }
      if (args['position'] !== 'end' || turn === null) return say(instructionOf(command), seen);
      if (queue.length >= MAX_QUEUE)
        return failure('queue_full', `${MAX_QUEUE} instructions are waiting already.`);
      return new Promise((settle) => queue.push({ text: instructionOf(command), settle }));
    },
    close(why) {
      closed = why;
      turn = null;
      for (const waiter of waiters) waiter('interrupted');
      drop(failure('agent_gone', why));
    },
  };
}
