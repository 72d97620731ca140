import type { FinishReason, TurnEvent, Usage, WireError } from '../canonical/index.ts';
import type { AnswerContext, StreamEncoder } from '../protocol.ts';
import { itemId, type AnswerItem } from './answer-items.ts';
import { failedError } from './error-codes.ts';
import { encodeFinish } from './finish-reason.ts';
import { responseState, streamSettings, type SnapshotState } from './snapshot.ts';
import { createStreamOut } from './stream-out.ts';
import { openCall, type CallWriter } from './write-call.ts';
import { createReasoningWriter, type ReasoningWriter } from './write-reasoning.ts';
import { createTextWriter, type TextWriter } from './write-text.ts';

type BlockWriter =
  | { kind: 'text'; writer: TextWriter }
  | { kind: 'reasoning'; writer: ReasoningWriter }
  | { kind: 'call'; writer: CallWriter; complete(input: string): boolean };

/**
 * Writes canonical events as the Responses stream Codex and the OpenAI SDKs expect: created → in_progress → items →
 * one terminal event whose snapshot is the sum of the done items. An item that never finished is never `done`:
 * Codex would run a half-written call.
 */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  const out = createStreamOut(context);
  const blocks = new Map<number, BlockWriter>();
  let id = '';
  let createdAt = 0;
  let usage: Usage | undefined;
  let ended = false;
  /** The end of a call that may have been cut: written once it is clear that the model went on. */
  let pendingEnd: (() => string) | undefined;

  function flushEnd(): string {
    const write = pendingEnd;
    pendingEnd = undefined;
    return write?.() ?? '';
  }

  /** Tens of kilobytes where there are many tools, and the same in each snapshot. */
  let settings: string | undefined;

  function snapshots(
    types: readonly string[],
    state: Pick<SnapshotState, 'status'> & Partial<SnapshotState>,
  ): string {
    settings ??= JSON.stringify(streamSettings(context.request)).slice(1, -1);
    const response = responseState({ id, createdAt, output: [], usage, ...state }, context);
    return out.snapshots(types, response, settings);
  }

  function start(wantedId?: string, wantedTime?: number): string {
    if (id !== '') return '';
    id = itemId(wantedId, 'resp', context.newId);
    createdAt = wantedTime ?? context.nowSeconds();
    return snapshots(['response.created', 'response.in_progress'], { status: 'in_progress' });
  }

  function finish(reason: FinishReason, serviceTier: string | undefined): string {
    if (reason === 'error') {
      return fail({
        kind: 'server',
        message: 'the provider ended the answer with an error',
        source: 'upstream',
      });
    }
    const { status, incompleteReason } = encodeFinish(reason);
    ended = true;
    const state = { status, incompleteReason, serviceTier, output: out.output() };
    return snapshots([`response.${status}`], state);
  }

  function fail(error: WireError): string {
    ended = true;
    const state = { status: 'failed' as const, error: failedError(error), output: out.output() };
    return snapshots(['response.failed'], state);
  }

  /** Items take their place with their first character; a later block makes an earlier one take it first. */
  let waiting: TextWriter | ReasoningWriter | undefined;

  function openWaiting(): string {
    const writer = waiting;
    waiting = undefined;
    return writer?.open() ?? '';
  }

  function open(event: TurnEvent): string | undefined {
    switch (event.type) {
      case 'text-start':
      case 'refusal-start': {
        const kind = event.type === 'text-start' ? 'text' : 'refusal';
        const wanted = event.type === 'text-start' ? event.itemId : undefined;
        const earlier = openWaiting();
        const writer = createTextWriter(kind, wanted, out);
        blocks.set(event.index, { kind: 'text', writer });
        waiting = writer;
        return earlier;
      }
      case 'reasoning-start': {
        const earlier = openWaiting();
        const writer = createReasoningWriter(event.itemId, out);
        blocks.set(event.index, { kind: 'reasoning', writer });
        waiting = writer;
        return earlier;
      }
      case 'tool-call-start': {
        const earlier = openWaiting();
        const { opening, writer } = openCall(event, out);
        const isWhole = event.kind === 'custom' ? () => false : isJson;
        blocks.set(event.index, { kind: 'call', writer, complete: isWhole });
        return earlier + opening;
      }
      case 'opaque': {
        if (event.part.protocol !== 'openai-responses') return '';
        const item = event.part.raw as AnswerItem;
        const earlier = openWaiting();
        const place = out.place();
        return earlier + out.added(place, item) + out.done(place, item);
      }
      default:
        return undefined;
    }
  }

  function write(event: TurnEvent): string {
    const block = 'index' in event ? blocks.get(event.index) : undefined;
    if (event.type.endsWith('-end') && block?.writer === waiting) waiting = undefined;
    switch (event.type) {
      case 'text-delta':
      case 'refusal-delta':
        return block?.kind === 'text' ? block.writer.delta(event.text) : '';
      case 'text-end':
        return block?.kind === 'text' ? block.writer.end(event.phase) : '';
      case 'refusal-end':
        return block?.kind === 'text' ? block.writer.end() : '';
      case 'reasoning-delta':
        return block?.kind === 'reasoning' ? block.writer.delta(event.channel, event.part, event.text) : '';
      case 'reasoning-end':
        return block?.kind === 'reasoning' ? block.writer.end(event.signature) : '';
      case 'tool-call-delta':
        return block?.kind === 'call' ? block.writer.delta(event.text) : '';
      case 'tool-call-end':
        if (block?.kind !== 'call') return '';
        if (block.complete(event.input)) return block.writer.end(event.input, event.signature);
        pendingEnd = () => block.writer.end(event.input, event.signature);
        return '';
      case 'finish':
        usage = event.usage ?? usage;
        // What stood last when the answer was cut is itself cut: never `done`, or Codex would run it.
        if (encodeFinish(event.reason).status !== 'completed') pendingEnd = undefined;
        return flushEnd() + finish(event.reason, event.serviceTier);
      case 'error':
        return fail(event.error);
      default:
        return '';
    }
  }

  /** Codex re-arms its timer at any data event; the OpenAI SDK throws at types it does not know, but knows this one. */
  function heartbeat(): string {
    return ended ? '' : start() + out.event('keepalive', {});
  }

  return {
    push(event) {
      if (ended) return '';
      if (event.type === 'start') return start(event.id, event.createdAt);
      if (event.type === 'heartbeat') return heartbeat();
      if (event.type === 'usage') {
        usage = event.usage;
        return '';
      }
      const started = start();
      const before = event.type === 'finish' || event.type === 'error' ? '' : flushEnd();
      return started + before + (open(event) ?? write(event));
    },
    heartbeat,
  };
}

function isJson(input: string): boolean {
  try {
    JSON.parse(input || '{}');
    return true;
  } catch {
    return false;
  }
}
