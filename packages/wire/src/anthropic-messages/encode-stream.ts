import type { TurnEvent, Usage } from '../canonical/index.ts';
import type { AnswerContext, StreamEncoder } from '../protocol.ts';
import { sseEvent } from '../sse/index.ts';
import { createBlockWriter } from './block-writer.ts';
import { messageId } from './encode-response.ts';
import { encodeErrorBody } from './error.ts';
import { encodeStopReason } from './finish-reason.ts';
import { encodeUsage } from './usage.ts';

const PING = sseEvent('ping', { type: 'ping' });

/**
 * Writes a turn as a Messages stream. Only one content block may be open at a time: blocks that overlap in the turn
 * (parallel calls) are held back and written one after the other.
 */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  let started = false;
  let ended = false;
  let usage: Usage | undefined;
  const blocks = createBlockWriter(context);

  function start(id: string): string {
    started = true;
    return sseEvent('message_start', {
      type: 'message_start',
      message: {
        id: messageId(id, context),
        type: 'message',
        role: 'assistant',
        model: context.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage({ inputTokens: usage?.inputTokens ?? 0, outputTokens: 0 }),
      },
    });
  }

  function finish(event: Extract<TurnEvent, { type: 'finish' }>): string {
    ended = true;
    usage = event.usage ?? usage;
    const delta = {
      stop_reason: encodeStopReason(event.reason, blocks.calls > 0),
      stop_sequence: event.stopSequence ?? null,
    };
    const counted = encodeUsage(usage ?? { inputTokens: 0, outputTokens: 0 });
    return (
      blocks.closeAll() +
      sseEvent('message_delta', { type: 'message_delta', delta, usage: counted }) +
      sseEvent('message_stop', { type: 'message_stop' })
    );
  }

  function write(event: TurnEvent): string {
    switch (event.type) {
      case 'start':
        return '';
      case 'usage':
        usage = event.usage;
        return '';
      case 'finish':
        return finish(event);
      case 'heartbeat':
      case 'error':
        return '';
      default:
        return blocks.push(event);
    }
  }

  return {
    push(event) {
      if (ended) return '';
      if (event.type === 'heartbeat') return PING;
      if (event.type === 'error') {
        ended = true;
        return sseEvent('error', encodeErrorBody(event.error));
      }
      const head = started ? '' : start(event.type === 'start' ? event.id : '');
      return head + write(event);
    },
    heartbeat: () => PING,
  };
}
