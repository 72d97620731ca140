import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCapabilities } from '@vigiles/contract';
import { fault, FaultError } from '../../../../kernel/fault.ts';
import type { AgentHandle, AgentSink, AgentStart } from '../agent-adapter.ts';
import type { AgentChild } from '../child/agent-child.ts';
import { createOffspring } from '../child/offspring.ts';
import { createRpcPeer, RpcFailure, rpcCodes, type RpcId, type RpcPeer } from '../channel/rpc-peer.ts';
import { fieldsOf, textOf, type Fields } from '../read.ts';
import { createKeptQuestions } from '../turns/kept-questions.ts';
import { createTurnKeeper, type TurnKeeper } from '../turns/turn-keeper.ts';
import { createCodexDriver } from './codex-driver.ts';
import { createNotifications } from './notifications.ts';
import { createRequestBook } from './requests.ts';

export interface CodexHandleOptions {
  start: AgentStart;
  sink: AgentSink;
  newId(prefix: string): string;
  /** Opens the child; what it says goes to `onLine`. */
  open(listener: { onLine(line: string): void; onLost(): void }): Promise<AgentChild>;
  /** The child is one of an earlier run: it has been greeted, and its conversation is loaded. */
  rejoin: boolean;
}

const REQUEST_MS = 30_000;

/** Something Codex asks, with the item it is about. */
interface CodexRequest {
  id: RpcId;
  method: string;
  params: unknown;
  item: Fields;
}

/** Everything Codex offers is there from its first turn on. */
const capabilities: AgentCapabilities = {
  halt: 'turn',
  resume: true,
  steer: true,
  rollback: true,
  decide: true,
  inject: true,
  reasons: {},
};

/** A Codex app-server with one conversation. @see https://developers.openai.com/codex/app-server */
export async function openCodex(options: CodexHandleOptions): Promise<AgentHandle> {
  const { start, sink, newId } = options;
  let conversation = options.rejoin ? start.conversation : null;
  let keeper: TurnKeeper | null = null;
  let stopped = false;
  const holder: { peer?: RpcPeer } = {};
  const peer = (): RpcPeer => holder.peer as RpcPeer;

  const kept = createKeptQuestions(() => newId('dec'), options.rejoin ? start.memo['questions'] : null);
  const requests = createRequestBook({
    sink: kept.over(sink),
    peer,
    newDecisionId: kept.newDecisionId,
    item: (id) => notifications.item(id),
    changed: (open) => keeper?.asked(open),
  });
  const notifications = createNotifications({
    sink,
    requests,
    keeper: () => keeper,
    conversation: () => conversation,
    settled: () => offspring.settle(),
  });
  const asked = (message: CodexRequest): void =>
    kept.take(message, () => requests.asked(message.id, message.method, message.params));
  const child = await options.open({
    onLine: (line) => peer().receive(line),
    onLost: () =>
      sink.event('execution:progress', { warning: 'a message of the agent was too long and is lost' }),
  });
  const offspring = createOffspring(child.identity, start.sessionId);
  holder.peer = createRpcPeer({
    write: (line) => child.write(line),
    onRequest(id, method, params) {
      const item = notifications.item(textOf(fieldsOf(params)['itemId']) ?? '');
      asked({ id, method, params, item });
    },
    onNotification: (method, params) => notifications.receive(method, params),
    onGarbage: () => undefined,
    idPrefix: `${newId('rpc')}-`,
    timeoutMs: REQUEST_MS,
    delay: (ms) => delay(ms),
  });
  const exited = child.exited.then(async (exit) => {
    // Its launcher may be gone and the rest of it still work, out of everybody's sight.
    await child.kill();
    const why = `Codex has ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`}).`;
    peer().close(why);
    keeper?.close(why);
    requests.clear(why);
    handle.identity = null;
    return { ...exit, unexpected: !stopped };
  });

  const { driver, open, load } = createCodexDriver({
    start,
    peer: peer(),
    newId,
    conversation: () => conversation ?? '',
    turn: () => keeper?.turn() ?? null,
    moved(id, last) {
      conversation = id;
      notifications.goesOnAfter(last);
    },
  });
  keeper = createTurnKeeper({
    driver,
    sink,
    offspring,
    agent: child.identity,
    kill: async () => {
      stopped = true;
      return { ...(await child.kill()) };
    },
  });
  const handle: AgentHandle = {
    kind: 'codex',
    name: 'Codex',
    model: start.model,
    identity: child.identity,
    conversation: () => conversation,
    memo: () => ({ turn: keeper?.turn() ?? null, questions: kept.memo() }),
    position: () => notifications.lastTurn(),
    capabilities: () => capabilities,
    resumable: () => conversation !== null,
    children: () => offspring.now().length,
    deliver: (command) => keeper.deliver(command),
    answer: (decisionId, choice) =>
      kept.answering(decisionId, choice, () => requests.answer(decisionId, choice)),
    async stop() {
      stopped = true;
      await child.kill();
    },
    letGo: () => child.letGo(),
    exited,
  };
  try {
    if (options.rejoin) {
      const before = textOf(start.memo['turn']);
      if (before !== null) keeper.found(before);
      kept.again((message) => {
        const request = message as CodexRequest;
        notifications.remember(request.item);
        asked(request);
      }, handle.answer);
      const { running, last, endOf } = await load();
      notifications.goesOnAfter(last);
      // What was told on the way to its end may have been lost with the control that read it.
      if (before !== null && running !== before) keeper.ended(before, endOf(before), {});
      if (running !== null) keeper.began(running);
    } else {
      const opened = await Promise.race([open(), exited.then(endedEarly)]);
      conversation = opened.conversation;
      handle.model = opened.model ?? start.model;
      offspring.settle();
      if (start.conversation !== null) notifications.goesOnAfter((await load()).last);
      if (start.prompt !== null) await keeper.first(start.prompt);
    }
    return handle;
  } catch (thrown) {
    await handle.stop();
    if (!(thrown instanceof RpcFailure)) throw thrown;
    const text =
      thrown.code === rpcCodes.closed ? (await exited).lastWords || thrown.message : thrown.message;
    throw new FaultError(
      fault('unavailable', 'agent_not_started', `Codex did not start: ${text}`, { cause: thrown }),
    );
  }
}

const endedEarly = ({ lastWords }: { lastWords: string }): never => {
  throw new RpcFailure(rpcCodes.closed, lastWords || 'it ended at once');
};
