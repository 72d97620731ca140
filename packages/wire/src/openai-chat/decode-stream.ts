import type { TurnEvent, Usage } from '../canonical/index.ts';
import { asCount, asList, asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, StreamDecoder } from '../protocol.ts';
import type { SseEvent } from '../sse/index.ts';
import { createEchoFilter } from './begun-answer.ts';
import { readContentList, readReasoning } from './decode-content.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeFinishReason } from './finish-reason.ts';
import { createStreamCalls } from './stream-calls.ts';
import { decodeUsage } from './usage.ts';

type Flow = 'text' | 'reasoning' | 'refusal';

/**
 * Reads a Chat Completions stream. The end is `[DONE]`, or the end of the connection behind a finish reason: calls are
 * closed only then, because some backends send their arguments after it, and usage always comes after it.
 */
export function createStreamDecoder(context: DecodeContext): StreamDecoder {
  let out: TurnEvent[] = [];
  let started = false;
  let ended = false;
  let blocks = 0;
  const echo = createEchoFilter(context.echo);
  /** The text-like block that is open; calls may be open beside none. */
  let flow: { type: Flow; index: number } | undefined;
  let streamedContent = false;
  let refused = false;
  let finishWord: string | undefined;
  let stopSequence: string | undefined;
  let usage: Usage | undefined;
  let serviceTier: string | undefined;
  const emit = (event: TurnEvent): void => void out.push(event);
  const calls = createStreamCalls(context, emit, () => {
    closeFlow();
    return blocks++;
  });

  function closeFlow(): void {
    if (flow) emit({ type: `${flow.type}-end`, index: flow.index });
    flow = undefined;
  }

  function addAnswer(text: string): void {
    const added = echo.take(text);
    if (added !== '') addText('text', added);
  }

  function addText(type: Flow, text: string): void {
    if (flow?.type !== type) {
      closeFlow();
      flow = { type, index: blocks++ };
      emit({ type: `${type}-start`, index: flow.index });
    }
    if (type === 'refusal') refused = true;
    if (type === 'reasoning')
      emit({ type: 'reasoning-delta', index: flow.index, channel: 'text', part: 0, text });
    else emit({ type: `${type}-delta`, index: flow.index, text });
  }

  function start(chunk: JsonRecord): void {
    started = true;
    emit({
      type: 'start',
      id: asText(chunk.id) ?? context.newId('chatcmpl'),
      model: asText(chunk.model) ?? '',
      createdAt: asCount(chunk.created) ?? context.nowSeconds(),
    });
  }

  function fail(body: unknown): void {
    ended = true;
    emit({ type: 'error', error: readErrorBody(body) });
  }

  function finish(): void {
    ended = true;
    const rest = echo.end();
    if (rest !== '') addText('text', rest);
    closeFlow();
    calls.close();
    const reason = decodeFinishReason(finishWord, { calls: calls.count > 0, refusal: refused });
    emit({
      type: 'finish',
      reason: reason === 'stop' && stopSequence !== undefined ? 'stop-sequence' : reason,
      ...(reason === 'stop' && stopSequence !== undefined && { stopSequence }),
      ...(usage && { usage }),
      ...(serviceTier !== undefined && { serviceTier }),
    });
  }

  function takeDelta(delta: JsonRecord): void {
    const thinking = readReasoning(delta);
    if (thinking !== undefined) addText('reasoning', thinking);
    if (typeof delta.content === 'string') {
      if (delta.content !== '') addAnswer(delta.content);
    } else if (delta.content) {
      for (const { type, text } of readContentList(delta.content))
        if (type === 'text') addAnswer(text);
        else addText(type, text);
    }
    if (typeof delta.refusal === 'string' && delta.refusal !== '') addText('refusal', delta.refusal);
    if (delta.tool_calls)
      for (const entry of asList(delta.tool_calls)) calls.push(entry, finishWord !== undefined);
    if (delta.function_call)
      calls.push({ index: 0, function: delta.function_call }, finishWord !== undefined);
  }

  function takeChoice(choice: JsonRecord): void {
    const delta = asRecord(choice.delta);
    if (delta) {
      takeDelta(delta);
      streamedContent ||= blocks > 0;
    }
    // A whole message instead of a delta repeats what was streamed, if anything was.
    const message = delta ? undefined : asRecord(choice.message);
    if (message && !streamedContent) takeDelta(message);
    const word = asText(choice.finish_reason);
    if (word === 'error')
      return fail(asRecord(choice.error) ? choice : { message: 'the provider ended the turn with an error' });
    if (word !== undefined) finishWord = word;
    stopSequence = asText(choice.stop_reason) ?? stopSequence;
  }

  function takeUsage(value: unknown): void {
    const found = value ? decodeUsage(value) : undefined;
    if (!found) return;
    usage = found;
    emit({ type: 'usage', usage: found });
  }

  function take(event: SseEvent): void {
    if (event.data === '[DONE]') return finishWord === undefined && blocks === 0 ? truncated() : finish();
    const chunk = parseRecord(event.data);
    if (!chunk) {
      if (event.event === 'error') fail(event.data);
      return;
    }
    // vLLM sends its error object without an envelope.
    if (chunk.error || chunk.object === 'error' || event.event === 'error') return fail(chunk);
    if (!started) start(chunk);
    const choices = chunk.choices;
    if (Array.isArray(choices)) {
      for (const entry of choices) {
        const choice = asRecord(entry);
        // Only the first of several choices is the turn.
        if (choice && (choice.index === undefined || choice.index === 0)) takeChoice(choice);
        if (ended) return;
      }
    }
    if (chunk.service_tier) serviceTier = asText(chunk.service_tier) ?? serviceTier;
    takeUsage(chunk.usage ?? asRecord(chunk.x_groq)?.usage);
  }

  function truncated(): void {
    ended = true;
    emit({
      type: 'error',
      error: {
        kind: 'server',
        source: 'upstream',
        code: 'stream_truncated',
        message: 'the provider closed the stream before the answer was complete',
      },
    });
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
      if (finishWord === undefined) truncated();
      else finish();
      return flush();
    },
  };
}
