import type { ToolIdentity, TurnEvent } from '../canonical/index.ts';
import { asRecord, asText, parseRecord, type JsonRecord } from '../json/read.ts';
import type { DecodeContext } from '../protocol.ts';
import { openSignature } from '../reasoning/index.ts';
import { restoreInput } from '../tools/restore-call.ts';

interface OpenBlock {
  type: 'text' | 'reasoning' | 'call' | 'opaque';
  index: number;
  /** Calls and opaque blocks: the JSON text of the input so far. */
  pieces: string[];
  /** Calls: the client's tool. */
  identity?: ToolIdentity;
  /** Thinking: the signature so far, or the data of a redacted block. */
  signature: string;
  redacted: boolean;
  visible: boolean;
  raw: JsonRecord;
}

/** The content blocks of one streamed message. */
export interface StreamBlocks {
  start(place: unknown, block: JsonRecord | undefined): void;
  delta(place: unknown, delta: JsonRecord | undefined): void;
  stop(place: unknown): void;
  /** Ends blocks whose stop event never came. */
  closeAll(): void;
  readonly calls: number;
}

/** Follows the blocks of a Messages stream. A server tool's blocks are passed on whole: nobody else can read them. */
export function createStreamBlocks(context: DecodeContext, emit: (event: TurnEvent) => void): StreamBlocks {
  const open = new Map<unknown, OpenBlock>();
  let next = 0;
  let calls = 0;

  function start(place: unknown, raw: JsonRecord | undefined): void {
    if (!raw) return;
    if (open.has(place)) stop(place);
    const block: OpenBlock = {
      type: 'opaque',
      index: -1,
      pieces: [],
      signature: '',
      redacted: false,
      visible: false,
      raw,
    };
    open.set(place, block);
    switch (raw.type) {
      case 'text':
        block.type = 'text';
        block.index = next++;
        emit({ type: 'text-start', index: block.index });
        addText(block, asText(raw.text));
        break;
      case 'thinking':
      case 'redacted_thinking':
        block.type = 'reasoning';
        block.index = next++;
        block.redacted = raw.type === 'redacted_thinking';
        block.signature = asText(block.redacted ? raw.data : raw.signature) ?? '';
        emit({ type: 'reasoning-start', index: block.index });
        addThinking(block, asText(raw.thinking));
        break;
      case 'tool_use':
        startCall(block);
    }
  }

  function startCall(block: OpenBlock): void {
    calls++;
    block.type = 'call';
    block.index = next++;
    block.identity = context.names.restore(asText(block.raw.name) ?? '');
    const id = asText(block.raw.id) ?? context.newId('toolu');
    emit({ type: 'tool-call-start', index: block.index, ...block.identity, id });
    // Look-alikes put the whole input into the start event and send no deltas.
    const input = asRecord(block.raw.input);
    if (input && Object.keys(input).length) addInput(block, JSON.stringify(input));
  }

  function addText(block: OpenBlock, text: string | undefined): void {
    if (text !== undefined) emit({ type: 'text-delta', index: block.index, text });
  }

  function addThinking(block: OpenBlock, text: string | undefined): void {
    if (text === undefined) return;
    block.visible = true;
    emit({ type: 'reasoning-delta', index: block.index, channel: 'text', part: 0, text });
  }

  function addInput(block: OpenBlock, text: string | undefined): void {
    if (text === undefined) return;
    block.pieces.push(text);
    if (block.type === 'call' && block.identity?.kind !== 'custom') {
      emit({ type: 'tool-call-delta', index: block.index, text });
    }
  }

  function delta(place: unknown, change: JsonRecord | undefined): void {
    const block = open.get(place);
    if (!block || !change) return;
    switch (change.type) {
      case 'text_delta':
        if (block.type === 'text') addText(block, asText(change.text));
        break;
      case 'thinking_delta':
        if (block.type === 'reasoning') addThinking(block, asText(change.thinking));
        break;
      case 'signature_delta':
        block.signature += asText(change.signature) ?? '';
        break;
      case 'input_json_delta':
        addInput(block, asText(change.partial_json));
    }
  }

  function stop(place: unknown): void {
    const block = open.get(place);
    if (!block) return;
    open.delete(place);
    if (block.type === 'text') emit({ type: 'text-end', index: block.index });
    else if (block.type === 'reasoning') endThinking(block);
    else if (block.type === 'call') endCall(block);
    else endOpaque(block);
  }

  function endThinking(block: OpenBlock): void {
    if (block.signature === '') return emit({ type: 'reasoning-end', index: block.index });
    const kind = block.redacted ? 'redacted' : 'signature';
    const { text, ...signature } = openSignature(block.signature, context.issuer, kind);
    if (!block.visible) addThinking(block, text);
    emit({ type: 'reasoning-end', index: block.index, signature });
  }

  function endCall(block: OpenBlock): void {
    const text = block.pieces.join('');
    const custom = block.identity?.kind === 'custom';
    const input =
      text !== '' && !custom ? text : restoreInput(block.identity ?? { kind: 'function', name: '' }, text);
    // What was streamed must add up to the input.
    if ((custom || text === '') && input !== '')
      emit({ type: 'tool-call-delta', index: block.index, text: input });
    emit({ type: 'tool-call-end', index: block.index, input });
  }

  function endOpaque(block: OpenBlock): void {
    const input = block.pieces.length ? parseRecord(block.pieces.join('')) : undefined;
    const raw = input ? { ...block.raw, input } : block.raw;
    const part = { type: 'opaque', protocol: 'anthropic-messages', label: String(raw.type), raw } as const;
    emit({ type: 'opaque', index: next++, part });
  }

  return {
    start,
    delta,
    stop,
    closeAll() {
      for (const place of open.keys()) stop(place);
    },
    get calls() {
      return calls;
    },
  };
}
