import { randomUUID } from 'node:crypto';
import type { AgentCapabilities } from '@vigiles/contract';
import { fault, FaultError } from '../../../../kernel/fault.ts';
import type { AgentHandle, AgentSink, AgentStart } from '../agent-adapter.ts';
import type { AgentChild } from '../child/agent-child.ts';
import { createOffspring } from '../child/offspring.ts';
import { fieldsOf, short, textOf, type Fields } from '../read.ts';
import { createKeptQuestions } from '../turns/kept-questions.ts';
import { createTurnKeeper, type TurnKeeper } from '../turns/turn-keeper.ts';
import type { TurnEnd } from '../turns/turn-driver.ts';
import { createControlPeer, type ControlPeer } from './control-peer.ts';
import { createMessages } from './messages.ts';
import { askedPermission, type AskedPermission } from './permission.ts';

export interface ClaudeHandleOptions {
  start: AgentStart;
  sink: AgentSink;
  newId(prefix: string): string;
  monotonic(): number;
  open(listener: { onLine(line: string): void; onLost(): void }): Promise<AgentChild>;
  rejoin: boolean;
}

const capabilities: AgentCapabilities = {
  halt: 'turn',
  resume: true,
  steer: true,
  rollback: true,
  decide: true,
  inject: true,
  reasons: {},
};

const REQUEST_MS = 30_000;

/** The id of a message that is an entry of the conversation itself, not of an agent's that it started. */
const entryOf = ({ type, uuid, parent_tool_use_id: parent }: Fields): string | null =>
  (type === 'assistant' || type === 'user') && (parent ?? null) === null ? textOf(uuid) : null;

/** A message that begins no turn within this time is taken for taken: older versions do not tell. */
const TAKEN_MS = 10_000;

/** Claude Code, held over its stream-json control protocol. @see https://code.claude.com/docs/en/agent-sdk/overview */
export async function openClaude(options: ClaudeHandleOptions): Promise<AgentHandle> {
  const { start, sink, newId } = options;
  let conversation = start.conversation;
  let keeper: TurnKeeper | null = null;
  let stopped = false;
  /** The last entry of its conversation, and the one its last turn ended with: that can be gone back to. */
  let lastEntry: string | null = textOf(start.memo['position']) ?? textOf(start.memo['resume_at']);
  let position = lastEntry;
  /** What the last result said of a turn whose end is told after it. */
  let result: Fields = {};
  /** Messages that it has not said it took. */
  const taken = new Map<string, { done(): void; fail(thrown: Error): void }>();
  const questions = new Map<string, { rpcId: string; asked: AskedPermission }>();

  const kept = createKeptQuestions(() => newId('dec'), options.rejoin ? start.memo['questions'] : null);
  const told = kept.over(sink);
  const changed = (): void => keeper?.asked(questions.size);
  const withdraw = (which: (rpcId: string) => boolean, why: string): void => {
    const before = questions.size;
    for (const [decisionId, { rpcId }] of questions) {
      if (!which(rpcId)) continue;
      questions.delete(decisionId);
      told.withdraw(decisionId, why);
    }
    if (questions.size < before) changed();
  };
  const messages = createMessages({
    sink,
    monotonic: options.monotonic,
    worked: () => {
      if (keeper?.turn() === null) keeper.heard('');
    },
  });

  function turnEnded(turnId: string, cancelled: boolean): void {
    const reason = textOf(result['terminal_reason']) ?? '';
    const end: TurnEnd =
      cancelled || reason.startsWith('aborted')
        ? 'interrupted'
        : result['is_error'] === true
          ? 'failed'
          : 'completed';
    withdraw(() => true, 'The turn has ended.');
    position = lastEntry;
    const error = short(result['result'], 2000) ?? textOf(result['subtype']);
    keeper?.ended(turnId, end, end === 'failed' ? { error } : { stop_reason: reason });
    result = {};
  }
  function lifecycle({ command_uuid: uuid, state }: Fields): void {
    const turnId = textOf(uuid) ?? '';
    taken.get(turnId)?.done();
    if (state === 'started') keeper?.began(turnId);
    if (state === 'completed' || state === 'cancelled') turnEnded(turnId, state === 'cancelled');
  }
  const asked = (message: { id: string; request: Fields }): void =>
    kept.take(message, () => {
      for (const one of askedPermission(message.request)) {
        const decisionId = kept.newDecisionId();
        questions.set(decisionId, { rpcId: message.id, asked: one });
        const { kind, question, options: offered, context } = one;
        sink.decision({ decisionId, kind, question, options: offered, context });
      }
      changed();
    });
  const peer: ControlPeer = createControlPeer({
    write: (line) => child.write(line),
    idPrefix: `${newId('rpc')}-`,
    timeoutMs: REQUEST_MS,
    onCancel: (id) => withdraw((rpcId) => rpcId === id, 'The agent does not wait for this answer any more.'),
    onRequest(id, request) {
      if (request['subtype'] === 'can_use_tool') return asked({ id, request });
      return void peer.refuse(id, 'not offered by this client');
    },
    onMessage(message) {
      const known = textOf(message['session_id']);
      if (known !== null && known !== '') conversation = known;
      if (message['type'] === 'command_lifecycle') return lifecycle(message);
      if (message['type'] === 'result') {
        result = message;
        messages.used(message);
        return;
      }
      if (message['type'] === 'system' && message['subtype'] === 'init')
        handle.model = textOf(message['model']) ?? handle.model;
      lastEntry = entryOf(message) ?? lastEntry;
      messages.receive(message);
    },
  });
  const child = await options.open({
    onLine: (line) => peer.receive(line),
    onLost: () =>
      sink.event('execution:progress', { warning: 'a message of the agent was too long and is lost' }),
  });
  const offspring = createOffspring(child.identity, start.sessionId);
  const exited = child.exited.then(async (exit) => {
    await child.kill();
    const why = `Claude Code has ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`}).`;
    peer.close(why);
    for (const { fail } of taken.values()) fail(new Error(why));
    withdraw(() => true, why);
    keeper?.close(why);
    handle.identity = null;
    return { ...exit, unexpected: !stopped };
  });

  function say(text: string): Promise<string> {
    const uuid = randomUUID();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        taken.delete(uuid);
      };
      const done = (): void => {
        end();
        resolve(uuid);
      };
      const fail = (thrown: Error): void => {
        end();
        reject(thrown);
      };
      const timer = setTimeout(done, TAKEN_MS).unref();
      taken.set(uuid, { done, fail });
      if (!peer.say(text, uuid)) fail(new Error('it does not read any more'));
    });
  }
  const handle: AgentHandle = {
    kind: 'claude',
    name: 'Claude Code',
    model: start.model,
    identity: child.identity,
    conversation: () => conversation,
    memo: () => ({ turn: keeper?.turn() ?? null, position, questions: kept.memo() }),
    position: () => position,
    capabilities: () => capabilities,
    resumable: () => conversation !== null,
    children: () => offspring.now().length,
    deliver: (command) => (keeper as TurnKeeper).deliver(command),
    answer: (decisionId, choice) =>
      kept.answering(decisionId, choice, () => {
        const one = questions.get(decisionId);
        const reply = one?.asked.answer(choice);
        if (!one || reply === undefined) return false;
        questions.delete(decisionId);
        const sent = Object.keys(reply).length === 0 || peer.respond(one.rpcId, reply);
        // Questions that were asked together are refused together.
        if (reply['behavior'] === 'deny')
          withdraw((rpcId) => rpcId === one.rpcId, 'It was refused with the others.');
        changed();
        return sent;
      }),
    async stop() {
      stopped = true;
      await child.kill();
    },
    letGo: () => child.letGo(),
    exited,
  };
  try {
    if (!options.rejoin) {
      const gone = exited.then(({ lastWords }) => {
        throw new Error(lastWords === '' ? 'it ended at once' : lastWords);
      });
      await Promise.race([peer.request({ subtype: 'initialize', hooks: {} }), gone]);
    }
    offspring.settle();
    keeper = createTurnKeeper({
      driver: {
        start: async (text) => ({ turn_id: await say(text) }),
        // It takes the words in at the next step of its turn.
        steer: async (text) => ({ message_id: await say(text) }),
        async interrupt() {
          await peer.request({ subtype: 'interrupt', cancel_queued: true });
        },
        clear: async () => ({}),
        rewind: null,
      },
      sink,
      offspring,
      agent: child.identity,
      kill: async () => {
        stopped = true;
        return { ...(await child.kill()) };
      },
      leaveMs: 500,
    });
    const running = textOf(start.memo['turn']);
    if (options.rejoin && running !== null) keeper.found(running);
    kept.again((message) => asked(message as Parameters<typeof asked>[0]), handle.answer);
    if (start.prompt !== null) await keeper.first(start.prompt);
    return handle;
  } catch (thrown) {
    await handle.stop();
    const why = thrown instanceof Error ? thrown.message : String(fieldsOf(thrown)['message']);
    throw new FaultError(
      fault('unavailable', 'agent_not_started', `Claude Code did not start: ${why}`, { cause: thrown }),
    );
  }
}
