import {
  client,
  methods,
  PROTOCOL_VERSION,
  type InitializeRequest,
  type InitializeResponse,
  type NewSessionResponse,
} from '@agentclientprotocol/sdk';
import type { AgentCapabilities } from '@vigiles/contract';
import { fault, FaultError } from '../../../../kernel/fault.ts';
import type { AgentHandle, AgentSink, AgentStart } from '../agent-adapter.ts';
import type { AgentChild } from '../child/agent-child.ts';
import { createOffspring } from '../child/offspring.ts';
import { fieldsOf, short, textOf } from '../read.ts';
import { createKeptQuestions } from '../turns/kept-questions.ts';
import { createTurnKeeper, type TurnKeeper } from '../turns/turn-keeper.ts';
import { createAcpDriver } from './acp-driver.ts';
import { createAcpStream } from './acp-stream.ts';
import { createPermissions } from './permissions.ts';
import { createUpdates } from './updates.ts';

export interface AcpHandleOptions {
  start: AgentStart;
  sink: AgentSink;
  name: string;
  newId(prefix: string): string;
  monotonic(): number;
  open(listener: { onLine(line: string): void; onLost(): void }): Promise<AgentChild>;
  /** The child is one of an earlier run: it has been greeted, and its session is open. */
  rejoin: boolean;
}

const filesOnly =
  'Its files are restored; its conversation only to its beginning: version 1 of the protocol knows no place inside.';

const capabilitiesWith = (steering: boolean): AgentCapabilities => ({
  halt: 'turn',
  resume: true,
  steer: true,
  rollback: true,
  decide: true,
  inject: true,
  reasons: {
    rollback: filesOnly,
    ...(steering ? {} : { steer: 'It cannot be steered: its turn is ended, and a new one is begun.' }),
  },
});

/** How long an agent may take to greet, and to open its conversation. */
const OPEN_MS = 60_000;

/** An agent that speaks the Agent Client Protocol. @see https://agentclientprotocol.com/protocol/v1/overview */
export async function openAcp(options: AcpHandleOptions): Promise<AgentHandle> {
  const { start, sink, newId } = options;
  let sessionId = options.rejoin ? (start.conversation ?? '') : '';
  let steering = options.rejoin && start.memo['steering'] === true;
  let resumable = options.rejoin && start.memo['resumable'] === true;
  let agentName = textOf(start.memo['name']) ?? options.name;
  let keeper: TurnKeeper | null = null;
  let stopped = false;
  let over = false;

  const updates = createUpdates({ sink, monotonic: options.monotonic });
  const kept = createKeptQuestions(() => newId('dec'), options.rejoin ? start.memo['questions'] : null);
  const permissions = createPermissions({
    sink: kept.over(sink),
    newDecisionId: kept.newDecisionId,
    changed: (open) => keeper?.asked(open),
  });
  const child = await options.open({
    onLine: (line) => stream.receive(line),
    onLost: () =>
      sink.event('execution:progress', { warning: 'a message of the agent was too long and is lost' }),
  });
  const stream = createAcpStream({
    write: (line) => child.write(line),
    idPrefix: `${newId('rpc')}-`,
    // The prompt of the one before us is answered: the turn we found running is over.
    onOldAnswer(id, { result, error }) {
      const turn = keeper?.turn() ?? null;
      if (turn === null || id !== prompt()) return;
      const { stopReason } = fieldsOf(result);
      const { message } = fieldsOf(error);
      if (error !== undefined) ended(turn, 'failed', { error: short(message, 2000) }, null);
      else ended(turn, stopReason === 'cancelled' ? 'interrupted' : 'completed', {}, result);
    },
    onGarbage: () => undefined,
  });
  /** What the answer that ends the running turn will name. */
  const prompt = (): string | null => stream.prompt() ?? textOf(start.memo['prompt']);
  const connection = client({ name: 'vigiles' })
    .onRequest(methods.client.session.requestPermission, ({ params }) =>
      kept.take(stream.asked(params.toolCall.toolCallId), () => permissions.ask(params)),
    )
    .onNotification(methods.client.session.update, ({ params }) => {
      if (params.sessionId !== sessionId) return;
      const turn = keeper?.turn();
      const kind = params.update.sessionUpdate;
      // After a HALT, new words or a new tool call mean that the agent works on.
      if (turn === null && (kind === 'tool_call' || kind === 'agent_message_chunk')) keeper?.heard(lastTurn);
      updates.receive(params.update);
    })
    .connect(stream.stream);
  const offspring = createOffspring(child.identity, start.sessionId);
  let lastTurn = options.rejoin ? (textOf(start.memo['position']) ?? '') : '';

  function ended(
    turnId: string,
    end: 'completed' | 'interrupted' | 'failed',
    detail: Record<string, unknown>,
    answer: unknown,
  ): void {
    if (over) return;
    permissions.clear('The turn has ended.');
    updates.flush();
    updates.prompted(answer);
    lastTurn = turnId;
    keeper?.ended(turnId, end, detail);
  }
  const exited = child.exited.then(async (exit) => {
    over = true;
    await child.kill();
    const why = `${agentName} has ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`}).`;
    updates.flush();
    permissions.clear(why);
    keeper?.close(why);
    stream.close();
    connection.close(new Error(why));
    handle.identity = null;
    return { ...exit, unexpected: !stopped };
  });
  connection.closed.catch(() => undefined);

  const handle: AgentHandle = {
    kind: 'acp',
    name: agentName,
    model: start.model,
    identity: child.identity,
    conversation: () => (sessionId === '' ? null : sessionId),
    memo: () => ({
      steering,
      resumable,
      name: agentName,
      position: lastTurn || null,
      turn: keeper?.turn() ?? null,
      prompt: prompt(),
      questions: kept.memo(),
    }),
    // A name only for what it cannot go back to; before its first turn there is nothing to undo.
    position: () => lastTurn || null,
    capabilities: () => capabilitiesWith(steering),
    resumable: () => resumable,
    children: () => offspring.now().length,
    deliver: (command) => (keeper as TurnKeeper).deliver(command),
    answer: (decisionId, choice) =>
      kept.answering(decisionId, choice, () => permissions.answer(decisionId, choice)),
    async stop() {
      stopped = true;
      await child.kill();
    },
    letGo() {
      child.letGo();
    },
    exited,
  };
  const greet = async (): Promise<void> => {
    const { agent } = connection;
    const greeting = await agent.request<InitializeResponse, InitializeRequest>(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: 'vigiles', title: 'Vigiles', version: '1' },
    });
    if (greeting.protocolVersion !== PROTOCOL_VERSION)
      throw new Error(
        `it speaks version ${greeting.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`,
      );
    steering = fieldsOf(fieldsOf(greeting._meta)['steering'])['supported'] === true;
    agentName = textOf(greeting.agentInfo?.title) ?? textOf(greeting.agentInfo?.name) ?? agentName;
    handle.name = agentName;
    const place = { cwd: start.folder, mcpServers: [] };
    const { conversation } = start;
    const { loadSession, sessionCapabilities } = greeting.agentCapabilities ?? {};
    resumable = Boolean(sessionCapabilities?.resume) || loadSession === true;
    if (conversation !== null && sessionCapabilities?.resume) {
      await agent.request(methods.agent.session.resume, { sessionId: conversation, ...place });
      sessionId = conversation;
      lastTurn = textOf(start.memo['position']) ?? '';
    } else if (conversation !== null && loadSession === true) {
      await agent.request(methods.agent.session.load, { sessionId: conversation, ...place });
      sessionId = conversation;
      lastTurn = textOf(start.memo['position']) ?? '';
    } else {
      sessionId = (await agent.request<NewSessionResponse>(methods.agent.session.new, place)).sessionId;
    }
  };
  try {
    if (!options.rejoin) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => reject(new Error(`it did not greet within ${OPEN_MS / 1000} s`)),
        OPEN_MS,
      ).unref();
      const gone = exited.then(({ lastWords }) => {
        throw new Error(lastWords === '' ? 'it ended at once' : lastWords);
      });
      await Promise.race([greet(), late, gone]).finally(() => clearTimeout(timer));
    }
    offspring.settle();
    keeper = createTurnKeeper({
      driver: createAcpDriver({
        agent: connection.agent,
        sessionId: () => sessionId,
        steering,
        newTurnId: () => newId('turn'),
        ended,
        cancelling: () => permissions.clear('The turn is being ended.'),
      }),
      sink,
      offspring,
      agent: child.identity,
      kill: async () => {
        stopped = true;
        return { ...(await child.kill()) };
      },
      // The protocol does not tell of background commands: they are not waited for long.
      leaveMs: 200,
    });
    if (start.prompt !== null) await keeper.first(start.prompt);
    const running = textOf(start.memo['turn']);
    if (options.rejoin && running !== null) keeper.found(running);
    kept.again((message) => stream.again(message), handle.answer);
    return handle;
  } catch (thrown) {
    await handle.stop();
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FaultError(
      fault('unavailable', 'agent_not_started', `${options.name} did not start: ${why}`, { cause: thrown }),
    );
  }
}
