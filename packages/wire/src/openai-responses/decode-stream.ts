import type { TurnEvent } from '../canonical/index.ts';
import { asCount, asList, asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, StreamDecoder } from '../protocol.ts';
import { readItem } from './decode-response.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeFinish } from './finish-reason.ts';
import { createItemTable } from './item-table.ts';
import { decodeUsage } from './usage.ts';

const ITEM_EVENT =
  /^(?:output_text|refusal|content_part|reasoning|function_call_arguments|custom_tool_call_input)/;

/**
 * Reads a Responses stream. Tolerates what providers leave out: `added` events, deltas, done events, indices, usage
 * details; the terminal snapshot makes up for items that were never streamed.
 */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  let events: TurnEvent[] = [];
  let started = false;
  let ended = false;
  let calls = false;
  let refused = false;

  function emit(event: TurnEvent): void {
    if (event.type === 'tool-call-start') calls = true;
    if (event.type === 'refusal-start') refused = true;
    events.push(event);
  }

  const items = createItemTable(context, (event) => {
    start(undefined);
    emit(event);
  });

  function start(response: JsonRecord | undefined): void {
    if (started) return;
    started = true;
    emit({
      type: 'start',
      id: asText(response?.id) ?? context.newId('resp'),
      model: asText(response?.model) ?? '',
      createdAt: asCount(response?.created_at) ?? context.nowSeconds(),
    });
  }

  function fail(error: unknown): void {
    ended = true;
    emit({ type: 'error', error: readErrorBody(error) });
  }

  function finish(type: string, response: JsonRecord | undefined): void {
    start(response);
    const usage = decodeUsage(response?.usage);
    if (type === 'failed' || response?.status === 'failed') {
      if (usage) emit({ type: 'usage', usage });
      return fail(response?.error);
    }
    items.complete(asList(response?.output));
    ended = true;
    const status = type === 'incomplete' ? 'incomplete' : response?.status;
    const serviceTier = asText(response?.service_tier);
    emit({
      type: 'finish',
      reason: decodeFinish(status, asRecord(response?.incomplete_details)?.reason, { calls, refused }),
      ...(usage && { usage }),
      ...(serviceTier && { serviceTier }),
    });
  }

  /** True when the event meant something for the turn. */
  function read(type: string, data: JsonRecord): boolean {
    switch (type) {
      case 'created':
      case 'in_progress':
      case 'queued':
        start(asRecord(data.response));
        return true;
      case 'completed':
      case 'incomplete':
      case 'failed':
      case 'done':
        finish(type, asRecord(data.response));
        return true;
      case 'output_item.added':
      case 'output_item.done': {
        const item = readItem(data.item);
        if (!item) return false;
        if (type === 'output_item.added') items.added(item, data);
        else items.done(item, data);
        return true;
      }
      default:
        if (!ITEM_EVENT.test(type)) return false;
        items.event(type, data);
        return true;
    }
  }

  return {
    push(event) {
      if (ended || event.data === '[DONE]') return [];
      events = [];
      const data = event.comment ? undefined : parseRecord(event.data);
      const type = asText(data?.type) ?? event.event ?? '';
      if (data && (type === 'error' || (asRecord(data.error) && !data.response))) fail(data);
      else if (!data || !read(type.startsWith('response.') ? type.slice(9) : type, data)) {
        // Unknown events and one bad line do not end a turn, but they show that someone is there.
        emit({ type: 'heartbeat' });
      }
      return events;
    },
    end() {
      if (ended) return [];
      ended = true;
      const message = 'the provider closed the stream before the answer was complete';
      return [
        { type: 'error', error: { kind: 'server', message, source: 'upstream', code: 'stream_truncated' } },
      ];
    },
  };
}
