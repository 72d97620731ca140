import type { AgentSink } from '../agent-adapter.ts';
import type { RpcId } from '../channel/rpc-peer.ts';
import { fieldsOf, numberOf, short, textOf, type Fields } from '../read.ts';
import type { TurnKeeper } from '../turns/turn-keeper.ts';
import { turnEnds } from './codex-driver.ts';
import { itemCompleted, itemStarted, planUpdated, type MappedEvent } from './map-item.ts';
import type { RequestBook } from './requests.ts';

export interface NotificationsOptions {
  sink: AgentSink;
  requests: RequestBook;
  keeper(): TurnKeeper | null;
  conversation(): string | null;
  /** Its tool servers are up, and no tool has run yet. */
  settled(): void;
}

/** File changes are shown in the question about them: the last few are kept. */
const MAX_ITEMS = 200;

/** What is said while it is being said, and not kept. */
const deltas: Record<string, string> = {
  'item/agentMessage/delta': 'message:delta',
  'item/commandExecution/outputDelta': 'skill:output',
  'item/reasoning/summaryTextDelta': 'message:reasoning_delta',
};

/** What Codex tells, as events of the session. */
export function createNotifications({ sink, requests, keeper, conversation, settled }: NotificationsOptions) {
  const items = new Map<string, Fields>();
  let lastTurn: string | null = null;
  let toolsRan = false;
  const tell = (events: readonly MappedEvent[]): void => {
    for (const { type, data } of events) sink.event(type, data);
  };
  const remember = (item: Fields): void => {
    if (item['type'] !== 'fileChange' || typeof item['id'] !== 'string') return;
    items.set(item['id'], item);
    if (items.size > MAX_ITEMS) items.delete(items.keys().next().value as string);
  };
  const usage = (value: unknown): void => {
    const { total, modelContextWindow } = fieldsOf(value);
    const count = (name: string) => numberOf(fieldsOf(total)[name]) ?? 0;
    sink.usage({
      inputTokens: count('inputTokens'),
      cachedInputTokens: count('cachedInputTokens'),
      outputTokens: count('outputTokens'),
      reasoningTokens: count('reasoningOutputTokens'),
      contextWindow: numberOf(modelContextWindow),
      costMicrousd: null,
    });
  };
  function turnEnded(value: unknown): void {
    const { id, status, error, durationMs } = fieldsOf(value);
    const turnId = textOf(id) ?? '';
    const end = turnEnds[String(status)];
    if (end === undefined) return;
    requests.clear('The turn has ended.');
    if (end !== 'failed') lastTurn = turnId;
    const { message, additionalDetails } = fieldsOf(error);
    const detail =
      end === 'failed' ? { error: short(message, 2000), details: short(additionalDetails, 2000) } : {};
    keeper()?.ended(turnId, end, { duration: numberOf(durationMs), ...detail });
  }
  return {
    item: (id: string): Fields => items.get(id) ?? {},
    /** An item that is asked about. */
    remember,
    /** The last turn that can be gone back to. */
    lastTurn: () => lastTurn,
    /** The conversation goes on after this one. */
    goesOnAfter(turnId: string | null): void {
      lastTurn = turnId;
    },
    receive(method: string, value: unknown): void {
      const params = fieldsOf(value);
      const thread = textOf(params['threadId']);
      // Agents that Codex starts itself are threads of their own; their turns are not this session's.
      if (thread !== null && conversation() !== null && thread !== conversation()) return;
      const turnId = textOf(params['turnId']) ?? '';
      const item = fieldsOf(params['item']);
      switch (method) {
        case 'turn/started':
          return keeper()?.began(textOf(fieldsOf(params['turn'])['id']) ?? '');
        case 'turn/completed':
          return turnEnded(params['turn']);
        case 'item/started':
          if (item['type'] !== 'userMessage') keeper()?.heard(turnId);
          if (item['type'] === 'commandExecution') toolsRan = true;
          remember(item);
          return tell(itemStarted(item));
        case 'item/completed':
          remember(item);
          return tell(itemCompleted(item));
        case 'turn/plan/updated':
          return tell([planUpdated(params)]);
        case 'thread/tokenUsage/updated':
          return usage(params['tokenUsage']);
        case 'serverRequest/resolved':
          return requests.resolved(params['requestId'] as RpcId);
        case 'mcpServer/startupStatus/updated':
          if (!toolsRan) settled();
          return;
        case 'error': {
          const { message } = fieldsOf(params['error']);
          if (params['willRetry'] === true)
            sink.event('execution:progress', { warning: short(message, 1000), retrying: true });
          return;
        }
        default: {
          const type = deltas[method];
          if (type !== undefined)
            sink.volatile(type, { item_id: params['itemId'], delta: short(params['delta'], 8000) });
        }
      }
    },
  };
}
