import type { TurnEvent, Usage, WireError } from '../canonical/index.ts';
import { asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, StreamDecoder } from '../protocol.ts';
import type { SseEvent } from '../sse/index.ts';
import { decodeException } from './error.ts';
import { EXCEPTION } from './event-stream.ts';
import { decodeStopReason, stopError } from './stop-reason.ts';
import { createStreamBlocks } from './stream-blocks.ts';
import { decodeUsage } from './usage.ts';

/** Reads a ConverseStream. `messageStop` says why it ended, `metadata` behind it what it cost. */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  let out: TurnEvent[] = [];
  let started = false;
  let ended = false;
  let stopped = false;
  let stopWord: string | undefined;
  let usage: Usage | undefined;
  let tier: string | undefined;
  const emit = (event: TurnEvent): void => void out.push(event);
  const blocks = createStreamBlocks(context, emit);

  function start(): void {
    if (started) return;
    started = true;
    emit({ type: 'start', id: context.newId('msg'), model: '', createdAt: context.nowSeconds() });
  }

  function fail(error: WireError): void {
    ended = true;
    emit({ type: 'error', error });
  }

  function finish(): void {
    const error = stopError(stopWord);
    if (error) return fail(error);
    ended = true;
    blocks.closeAll();
    emit({
      type: 'finish',
      reason: decodeStopReason(stopWord, blocks.calls > 0),
      ...(usage && { usage }),
      ...(tier !== undefined && { serviceTier: tier }),
    });
  }

  function takeMetadata(data: JsonRecord): void {
    usage = decodeUsage(data.usage) ?? usage;
    tier = asText(asRecord(data.serviceTier)?.type) ?? tier;
    if (stopped) finish();
    else if (usage) emit({ type: 'usage', usage });
  }

  function take(type: string | undefined, data: JsonRecord): void {
    switch (type) {
      case 'messageStart':
        return start();
      case 'contentBlockStart':
        start();
        return blocks.start(data.contentBlockIndex, asRecord(data.start));
      case 'contentBlockDelta':
        start();
        return blocks.delta(data.contentBlockIndex, asRecord(data.delta));
      case 'contentBlockStop':
        return blocks.stop(data.contentBlockIndex);
      case 'messageStop':
        start();
        stopped = true;
        stopWord = asText(data.stopReason);
        return undefined;
      case 'metadata':
        start();
        return takeMetadata(data);
    }
  }

  function read(event: SseEvent): void {
    const name = event.event;
    if (name?.startsWith(EXCEPTION)) {
      return fail(decodeException(name.slice(EXCEPTION.length), parseRecord(event.data) ?? event.data));
    }
    const data = parseRecord(event.data);
    if (data) take(name, data);
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
        const message = 'the provider closed the stream before the answer was complete';
        fail({ kind: 'server', source: 'upstream', code: 'stream_truncated', message });
      }
      return flush();
    },
  };
}
