import type {
  AssistantPart,
  FinishReason,
  ToolDefinition,
  ToolNames,
  TurnEvent,
  TurnRequest,
  Usage,
  WireError,
} from '../canonical/index.ts';
import type { AnswerContext, DecodeContext, Protocol } from '../protocol.ts';
import { createSseParser } from '../sse/index.ts';
import { plainToolNames } from '../tools/index.ts';

/** What a stream added up to. */
export interface FoldedTurn {
  parts: AssistantPart[];
  finish?: FinishReason;
  stopSequence?: string;
  usage?: Usage;
  error?: WireError;
}

/** A decoder's context with ids that count up. */
export function decodeContext(names: ToolNames = plainToolNames, issuer = 'maker'): DecodeContext {
  let count = 0;
  return { names, issuer, newId: (prefix) => `${prefix}_${++count}`, nowSeconds: () => 1_700_000_000 };
}

/** A client's context for the tools it offered. */
export function answerContext(
  tools: ToolDefinition[] = [],
  request: Partial<TurnRequest> = {},
  issuer = 'maker',
): AnswerContext {
  let count = 0;
  return {
    model: 'asked-model',
    issuer,
    newId: (prefix) => `${prefix}_${++count}`,
    nowSeconds: () => 1_700_000_000,
    request: { model: 'asked-model', messages: [], tools, stream: true, includeUsage: true, ...request },
  };
}

/** Reads a stream's bytes, cut into chunks of the given sizes (the last size repeats; none: one chunk). */
export function decodeBytes(
  protocol: Protocol,
  bytes: Uint8Array,
  context: DecodeContext,
  sizes: readonly number[] = [],
): TurnEvent[] {
  const parser = createSseParser();
  const decoder = protocol.createStreamDecoder(context);
  const events: TurnEvent[] = [];
  let at = 0;
  for (let round = 0; at < bytes.length; round++) {
    const size = sizes[Math.min(round, sizes.length - 1)] ?? bytes.length;
    for (const event of parser.push(bytes.subarray(at, at + size))) events.push(...decoder.push(event));
    at += size;
  }
  for (const event of parser.end()) events.push(...decoder.push(event));
  events.push(...decoder.end());
  return events;
}

/** Writes events as a client's stream. */
export function encodeEvents(
  protocol: Protocol,
  events: readonly TurnEvent[],
  context: AnswerContext,
): string {
  const encoder = protocol.createStreamEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

/**
 * Adds a stream up and holds it to the contract: indices without gaps, every block closed before the finish, deltas
 * that sum to the input, exactly one terminal event and nothing behind it.
 */
export function foldTurn(events: readonly TurnEvent[]): FoldedTurn {
  const turn: FoldedTurn = { parts: [] };
  const open = new Map<number, AssistantPart>();
  let terminal = false;
  function begin(index: number, part: AssistantPart): void {
    if (index !== turn.parts.length)
      throw new Error(`block ${index} opens after ${turn.parts.length} blocks`);
    turn.parts.push(part);
    open.set(index, part);
  }
  function opened<T extends AssistantPart['type']>(
    index: number,
    type: T,
  ): Extract<AssistantPart, { type: T }> {
    const part = open.get(index);
    if (part?.type !== type) throw new Error(`block ${index} is no open ${type}`);
    return part as Extract<AssistantPart, { type: T }>;
  }
  for (const event of events) {
    if (terminal && event.type !== 'heartbeat') throw new Error(`${event.type} after the end`);
    switch (event.type) {
      case 'text-start':
        begin(event.index, { type: 'text', text: '' });
        break;
      case 'refusal-start':
        begin(event.index, { type: 'refusal', text: '' });
        break;
      case 'reasoning-start':
        begin(event.index, { type: 'reasoning', text: '', summary: [] });
        break;
      case 'tool-call-start': {
        const { kind, id, name, namespace } = event;
        begin(event.index, { type: 'tool-call', kind, id, name, ...(namespace && { namespace }), input: '' });
        break;
      }
      case 'text-delta':
        opened(event.index, 'text').text += event.text;
        break;
      case 'refusal-delta':
        opened(event.index, 'refusal').text += event.text;
        break;
      case 'reasoning-delta': {
        const part = opened(event.index, 'reasoning');
        if (event.channel === 'text') part.text += event.text;
        else part.summary[event.part] = (part.summary[event.part] ?? '') + event.text;
        break;
      }
      case 'tool-call-delta':
        opened(event.index, 'tool-call').input += event.text;
        break;
      case 'tool-call-end': {
        const part = opened(event.index, 'tool-call');
        if (part.input !== event.input)
          throw new Error(`deltas "${part.input}" are not input "${event.input}"`);
        if (event.signature) part.signature = event.signature;
        open.delete(event.index);
        break;
      }
      case 'reasoning-end':
        if (event.signature) opened(event.index, 'reasoning').signature = event.signature;
        open.delete(event.index);
        break;
      case 'text-end':
      case 'refusal-end':
        if (!open.delete(event.index)) throw new Error(`block ${event.index} is not open`);
        break;
      case 'opaque':
        begin(event.index, event.part);
        open.delete(event.index);
        break;
      case 'usage':
        turn.usage = event.usage;
        break;
      case 'finish':
        terminal = true;
        if (open.size) throw new Error(`blocks ${[...open.keys()].join()} are open at the finish`);
        turn.finish = event.reason;
        if (event.stopSequence !== undefined) turn.stopSequence = event.stopSequence;
        if (event.usage) turn.usage = event.usage;
        break;
      case 'error':
        terminal = true;
        turn.error = event.error;
    }
  }
  if (!terminal) throw new Error('the stream has no end');
  return turn;
}
