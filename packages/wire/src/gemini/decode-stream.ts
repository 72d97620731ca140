import type { TurnEvent, Usage } from '../canonical/index.ts';
import { asList, asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, StreamDecoder } from '../protocol.ts';
import type { SseEvent } from '../sse/index.ts';
import { createAnswerIds, readAnswerPart, type AnswerPart } from './answer-part.ts';
import { isBlocked } from './decode-response.ts';
import { decodeErrorBody } from './error.ts';
import { decodeFinishReason, finishError } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

type Call = Extract<AnswerPart, { type: 'call' }>;

/**
 * Reads a `streamGenerateContent` stream (`alt=sse`). Every event is an answer of its own with the next parts; calls come
 * whole, and each is a new one whatever index or id it bears. The end is the end of the connection behind a finish
 * reason: usage may come after it.
 */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  let out: TurnEvent[] = [];
  let started = false;
  let ended = false;
  let blocks = 0;
  let flow: { type: 'text' | 'reasoning'; index: number } | undefined;
  let calls = 0;
  let finishWord: string | undefined;
  let blocked = false;
  let usage: Usage | undefined;
  const emit = (event: TurnEvent): void => void out.push(event);
  const idOf = createAnswerIds(context);

  function closeFlow(): void {
    if (flow) emit({ type: `${flow.type}-end`, index: flow.index });
    flow = undefined;
  }

  function openFlow(type: 'text' | 'reasoning'): number {
    if (flow?.type === type) return flow.index;
    closeFlow();
    flow = { type, index: blocks++ };
    emit({ type: `${type}-start`, index: flow.index });
    return flow.index;
  }

  function addText({ type, text, signature }: Extract<AnswerPart, { type: 'text' | 'reasoning' }>): void {
    if (text !== '') {
      const index = openFlow(type);
      if (type === 'text') emit({ type: 'text-delta', index, text });
      else emit({ type: 'reasoning-delta', index, channel: 'text', part: 0, text });
    }
    if (!signature) return;
    // A thought ends with its signature; that of a text has a place of its own behind it.
    if (type === 'text') closeFlow();
    const index = openFlow('reasoning');
    emit({ type: 'reasoning-end', index, signature });
    flow = undefined;
  }

  function addCall({ id, identity, input, signature }: Call): void {
    closeFlow();
    calls++;
    const index = blocks++;
    const signed = signature && { signature };
    emit({ type: 'tool-call-start', index, ...identity, id: idOf(id), ...signed });
    if (input !== '') emit({ type: 'tool-call-delta', index, text: input });
    emit({ type: 'tool-call-end', index, input, ...signed });
  }

  function add(part: AnswerPart): void {
    if (part.type === 'call') addCall(part);
    else if (part.type === 'opaque') {
      closeFlow();
      const { label, raw } = part;
      emit({ type: 'opaque', index: blocks++, part: { type: 'opaque', protocol: 'gemini', label, raw } });
    } else addText(part);
  }

  function takeUsage(value: unknown): void {
    const found = value ? decodeUsage(value) : undefined;
    if (!found) return;
    usage = found;
    emit({ type: 'usage', usage: found });
  }

  function takeCandidate(candidate: JsonRecord): void {
    for (const entry of asList(asRecord(candidate.content)?.parts)) {
      const part = readAnswerPart(entry, context);
      if (part) add(part);
    }
    const failed = finishError(candidate);
    if (failed) {
      ended = true;
      emit({ type: 'error', error: failed });
    }
    finishWord = asText(candidate.finishReason) ?? finishWord;
  }

  function take(event: SseEvent): void {
    // Gemini has none, but proxies that speak for it do.
    if (event.data === '[DONE]') return;
    const chunk = parseRecord(event.data);
    if (!chunk || chunk.error) {
      if (!chunk && event.event !== 'error') return;
      ended = true;
      emit({ type: 'error', error: decodeErrorBody(chunk ?? event.data) });
      return;
    }
    if (!started) {
      started = true;
      const id = asText(chunk.responseId) ?? context.newId('resp');
      emit({ type: 'start', id, model: asText(chunk.modelVersion) ?? '', createdAt: context.nowSeconds() });
    }
    takeUsage(chunk.usageMetadata);
    blocked ||= isBlocked(chunk);
    // Only the first of several candidates is the turn.
    const candidate = asList(chunk.candidates)
      .map(asRecord)
      .find((one) => one && (one.index === undefined || one.index === 0));
    if (candidate) takeCandidate(candidate);
  }

  function finish(): void {
    ended = true;
    closeFlow();
    const reason = blocked ? 'content-filter' : decodeFinishReason(finishWord, calls > 0);
    emit({ type: 'finish', reason, ...(usage && { usage }) });
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
      take(event);
      return flush();
    },
    end() {
      if (ended) return [];
      if (finishWord !== undefined || blocked) finish();
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
