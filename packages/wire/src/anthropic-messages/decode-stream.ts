import type { TurnEvent } from '../canonical/index.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, StreamDecoder } from '../protocol.ts';
import type { SseEvent } from '../sse/index.ts';
import { decodeStopReason } from './finish-reason.ts';
import { createStreamBlocks } from './stream-blocks.ts';
import { decodeUsage, mergeUsage } from './usage.ts';

/** Reads a Messages stream. It ends with `message_stop`, or with the connection once a stop reason was given. */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  let out: TurnEvent[] = [];
  let started = false;
  let ended = false;
  let stopped = false;
  let stopReason: string | undefined;
  let stopSequence: string | undefined;
  let rawUsage: JsonRecord | undefined;
  const emit = (event: TurnEvent): void => void out.push(event);
  const blocks = createStreamBlocks(context, emit);

  function start(message: JsonRecord | undefined): void {
    if (started) return;
    started = true;
    emit({
      type: 'start',
      id: asText(message?.id) ?? context.newId('msg'),
      model: asText(message?.model) ?? '',
      createdAt: context.nowSeconds(),
    });
    takeUsage(message?.usage);
  }

  function takeUsage(value: unknown): void {
    if (!value) return;
    rawUsage = mergeUsage(rawUsage, value);
    const usage = decodeUsage(rawUsage);
    if (usage) emit({ type: 'usage', usage });
  }

  function finish(): void {
    ended = true;
    blocks.closeAll();
    const reason = decodeStopReason(stopReason, blocks.calls > 0);
    const usage = decodeUsage(rawUsage);
    const tier = asText(rawUsage?.service_tier);
    emit({
      type: 'finish',
      reason,
      ...(reason === 'stop-sequence' && stopSequence !== undefined && { stopSequence }),
      ...(usage && { usage }),
      ...(tier !== undefined && { serviceTier: tier }),
    });
  }

  function fail(body: unknown): void {
    ended = true;
    emit({ type: 'error', error: readErrorBody(body) });
  }

  function take(data: JsonRecord, type: unknown): void {
    if (type !== 'message_start' && type !== 'error' && type !== 'ping') start(undefined);
    switch (type) {
      case 'content_block_delta':
        return blocks.delta(data.index, asRecord(data.delta));
      case 'content_block_start':
        return blocks.start(data.index, asRecord(data.content_block));
      case 'content_block_stop':
        return blocks.stop(data.index);
      case 'message_start':
        return start(asRecord(data.message));
      case 'message_delta': {
        const delta = asRecord(data.delta);
        stopReason = asText(delta?.stop_reason) ?? stopReason;
        stopSequence = asText(delta?.stop_sequence) ?? stopSequence;
        stopped ||= stopReason !== undefined;
        return takeUsage(data.usage);
      }
      case 'message_stop':
        return finish();
      case 'ping':
        return emit({ type: 'heartbeat' });
      case 'error':
        return fail(data);
    }
  }

  function read(event: SseEvent): void {
    const data = parseRecord(event.data);
    if (!data) {
      if (event.event === 'error') fail(event.data);
      return;
    }
    // Some proxies leave `type` out of the data, others send an OpenAI error object.
    const type = data.type ?? (data.error ? 'error' : event.event);
    take(data, type);
  }

  function flush(): TurnEvent[] {
    const events = out;
    out = [];
    return events;
  }

  return {
    push(event) {
      if (ended) return [];
      if (event.comment) return [{ type: 'heartbeat' }];
      read(event);
      return flush();
    },
    end() {
      if (ended) return [];
      if (stopped) finish();
      else {
        ended = true;
        const message = 'the provider closed the stream before the answer was complete';
        emit({
          type: 'error',
          error: { kind: 'server', source: 'upstream', code: 'stream_truncated', message },
        });
      }
      return flush();
    },
  };
}
