import type { Signature, TurnEvent } from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import { sseEvent } from '../sse/index.ts';
import { fitCallId } from '../tools/index.ts';
import { clientToolName } from '../tools/client-tool-name.ts';
import { keepForClient } from './signature.ts';
import { sealCallSignature } from '../reasoning/call-carrier.ts';

/** The events that make up blocks. */
type BlockEvent = Exclude<TurnEvent, { type: 'start' | 'usage' | 'finish' | 'error' | 'heartbeat' }>;

export interface BlockWriter {
  push(event: BlockEvent): string;
  /** Writes and ends every block that is still open or held back. */
  closeAll(): string;
  readonly calls: number;
}

const DELTA = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":';

/** Writes content blocks strictly one after the other. */
export function createBlockWriter(context: AnswerContext): BlockWriter {
  /** The block that may write now, by its index in the turn. */
  let current: number | undefined;
  /** Blocks that opened meanwhile, in order, with everything they brought. */
  const held = new Map<number, BlockEvent[]>();
  let place = 0;
  /** Beginning of every delta of the current block, up to its text; empty until its start is written. */
  let head = '';
  let custom = false;
  let shown: { channel: string; part: number } | undefined;
  let calls = 0;

  function open(block: Record<string, unknown>, delta: string, field: string): string {
    head = `${DELTA}${place},"delta":{"type":"${delta}","${field}":`;
    return sseEvent('content_block_start', {
      type: 'content_block_start',
      index: place,
      content_block: block,
    });
  }

  function add(json: string): string {
    return `${head}${json}}}\n\n`;
  }

  function close(): string {
    const text = head ? sseEvent('content_block_stop', { type: 'content_block_stop', index: place++ }) : '';
    head = '';
    current = undefined;
    shown = undefined;
    return text;
  }

  function openThinking(): string {
    return open({ type: 'thinking', thinking: '', signature: '' }, 'thinking_delta', 'thinking');
  }

  function addThinking(event: Extract<BlockEvent, { type: 'reasoning-delta' }>): string {
    if (event.text === '' || (shown && shown.channel !== event.channel)) return '';
    const gap = shown && shown.part !== event.part ? '\n\n' : '';
    shown = { channel: event.channel, part: event.part };
    // What sort of block it is shows with its first words: redacted thinking has none.
    return (head ? '' : openThinking()) + add(JSON.stringify(gap + event.text));
  }

  function endThinking(signature: Signature | undefined): string {
    if (!signature) return close();
    if (!head && signature.kind === 'redacted') {
      return open({ type: 'redacted_thinking', data: keepForClient(signature) }, '', '') + close();
    }
    const begin = head ? '' : openThinking();
    const delta = { type: 'signature_delta', signature: keepForClient(signature) };
    return (
      begin + sseEvent('content_block_delta', { type: 'content_block_delta', index: place, delta }) + close()
    );
  }

  function startCall(event: Extract<BlockEvent, { type: 'tool-call-start' }>): string {
    custom = event.kind === 'custom';
    const id = fitCallId(event.id, 'anthropic');
    const carrier = event.signature ? writeCarrier(sealCallSignature(id, event.signature)) : '';
    const block = { type: 'tool_use', id, name: clientToolName(event, context.request), input: {} };
    // A freeform call becomes one JSON string that is written piece by piece.
    const opening = open(block, 'input_json_delta', 'partial_json');
    return carrier + opening + (custom ? add('"{\\"input\\":\\""') : '');
  }

  /** An empty thinking block before a signed call: clients replay it, and with it the call's signature. */
  function writeCarrier(signature: string): string {
    const delta = { type: 'signature_delta', signature };
    const text =
      openThinking() +
      sseEvent('content_block_delta', { type: 'content_block_delta', index: place, delta }) +
      sseEvent('content_block_stop', { type: 'content_block_stop', index: place });
    place++;
    return text;
  }

  function addInput(text: string): string {
    if (text === '') return '';
    return add(JSON.stringify(custom ? JSON.stringify(text).slice(1, -1) : text));
  }

  function write(event: BlockEvent): string {
    switch (event.type) {
      case 'text-start':
      case 'refusal-start':
        return open({ type: 'text', text: '' }, 'text_delta', 'text');
      case 'text-delta':
      case 'refusal-delta':
        return event.text === '' ? '' : add(JSON.stringify(event.text));
      case 'reasoning-start':
        return '';
      case 'reasoning-delta':
        return addThinking(event);
      case 'reasoning-end':
        return endThinking(event.signature);
      case 'tool-call-start':
        return startCall(event);
      case 'tool-call-delta':
        return addInput(event.text);
      case 'tool-call-end':
        return (custom ? add('"\\"}"') : '') + close();
      case 'opaque':
        if (event.part.protocol !== 'anthropic-messages') return close();
        return open(event.part.raw as Record<string, unknown>, '', '') + close();
      default:
        return close();
    }
  }

  /** Lets held blocks write, each until it ends; the first that is unfinished stays current. */
  function release(): string {
    let text = '';
    for (const [index, events] of held) {
      held.delete(index);
      current = index;
      for (const event of events) text += write(event);
      if (current !== undefined) break;
    }
    return text;
  }

  return {
    push(event) {
      if (event.type === 'tool-call-start') calls++;
      if (current === undefined) current = event.index;
      if (current !== event.index) {
        const events = held.get(event.index);
        if (events) events.push(event);
        else held.set(event.index, [event]);
        return '';
      }
      const text = write(event);
      return current === undefined && held.size ? text + release() : text;
    },
    closeAll() {
      let text = '';
      while (current !== undefined || held.size) {
        if (current !== undefined) text += close();
        text += release();
      }
      return text;
    },
    get calls() {
      return calls;
    },
  };
}
