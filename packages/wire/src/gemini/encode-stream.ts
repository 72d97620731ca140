import type { ToolCallPart, TurnEvent, Usage } from '../canonical/index.ts';
import type { AnswerContext, StreamEncoder } from '../protocol.ts';
import { sseData } from '../sse/index.ts';
import type { JsonObject } from './encode-parts.ts';
import { answerBody, answerTail, callPart, thoughtPart } from './encode-response.ts';
import { encodeErrorBody } from './error.ts';
import { encodeFinishReason } from './finish-reason.ts';

type CallStart = Extract<TurnEvent, { type: 'tool-call-start' }>;

/**
 * Writes a turn as a `streamGenerateContent` stream. Text goes out as it comes; Gemini's clients take calls whole, so
 * each is held until it is complete, and written in the order in which the calls began.
 */
export function createStreamEncoder(context: AnswerContext): StreamEncoder {
  let id: string | undefined;
  let ended = false;
  let usage: Usage | undefined;
  /** Calls under way in their order; complete ones wait for those before them. */
  const calls = new Map<number, { start: CallStart; whole?: ToolCallPart }>();
  /** Which of a reasoning block's two channels is shown: the one that came first. */
  const channels = new Map<number, { channel: string; part: number; text: string }>();
  const tail = (): JsonObject => answerTail((id ??= context.newId('resp')), context.model, usage);

  function write(parts: readonly JsonObject[], finishReason?: string): string {
    return sseData({ ...answerBody(parts, finishReason), ...tail() });
  }

  function addThought(event: Extract<TurnEvent, { type: 'reasoning-delta' }>): string {
    const shown = channels.get(event.index);
    if (event.text === '' || (shown && shown.channel !== event.channel)) return '';
    const gap = shown && shown.part !== event.part ? '\n\n' : '';
    const text = (shown?.text ?? '') + gap + event.text;
    channels.set(event.index, { channel: event.channel, part: event.part, text });
    return write([thoughtPart(gap + event.text, undefined)]);
  }

  function endCall({ index, input, signature }: Extract<TurnEvent, { type: 'tool-call-end' }>): string {
    const call = calls.get(index);
    if (!call) return '';
    const { kind, id: callId, name, namespace } = call.start;
    call.whole = {
      type: 'tool-call',
      kind,
      id: callId,
      name,
      input,
      ...(namespace !== undefined && { namespace }),
      ...(signature && { signature }),
    };
    let text = '';
    for (const [at, { whole }] of calls) {
      if (!whole) break;
      calls.delete(at);
      text += write([callPart(whole, context)]);
    }
    return text;
  }

  function writeEvent(event: TurnEvent): string {
    switch (event.type) {
      case 'start':
        id ??= event.id || undefined;
        return '';
      case 'text-delta':
      case 'refusal-delta':
        return event.text === '' ? '' : write([{ text: event.text }]);
      case 'reasoning-delta':
        return addThought(event);
      case 'reasoning-end':
        if (!event.signature) return '';
        return write([thoughtPart('', event.signature, channels.get(event.index)?.text)]);
      case 'tool-call-start':
        calls.set(event.index, { start: event });
        return '';
      case 'tool-call-end':
        return endCall(event);
      case 'opaque':
        return event.part.protocol === 'gemini' ? write([event.part.raw as JsonObject]) : '';
      case 'usage':
        usage = event.usage;
        return '';
      case 'finish':
        ended = true;
        usage = event.usage ?? usage;
        return write([], encodeFinishReason(event.reason));
      default:
        return '';
    }
  }

  // Comments stop some of Gemini's own clients; an empty text stops none.
  const heartbeat = (): string => write([{ text: '' }]);

  return {
    push(event) {
      if (ended) return '';
      if (event.type === 'heartbeat') return heartbeat();
      if (event.type === 'error') {
        ended = true;
        return sseData(encodeErrorBody(event.error));
      }
      return writeEvent(event);
    },
    heartbeat,
  };
}
