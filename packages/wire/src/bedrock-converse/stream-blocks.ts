import type { Signature, ToolIdentity, TurnEvent } from '../canonical/index.ts';
import { asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext } from '../protocol.ts';
import { restoreInput } from '../tools/restore-call.ts';

interface OpenBlock {
  type: 'text' | 'reasoning' | 'call';
  index: number;
  /** Calls: the JSON text of the input so far. */
  pieces: string[];
  identity?: ToolIdentity;
  /** Reasoning: its signature or its redacted bytes so far. */
  signature: string;
  redacted: boolean;
}

/** The content blocks of one streamed message. */
export interface StreamBlocks {
  start(place: unknown, start: JsonRecord | undefined): void;
  delta(place: unknown, delta: JsonRecord | undefined): void;
  stop(place: unknown): void;
  /** Ends blocks whose stop event never came. */
  closeAll(): void;
  readonly calls: number;
}

/** Follows the blocks of a ConverseStream. Only calls are announced; text and reasoning begin with their first piece. */
export function createStreamBlocks(context: DecodeContext, emit: (event: TurnEvent) => void): StreamBlocks {
  const open = new Map<unknown, OpenBlock>();
  let next = 0;
  let calls = 0;

  function opened(place: unknown, type: OpenBlock['type']): OpenBlock {
    const known = open.get(place);
    if (known?.type === type) return known;
    if (known) stop(place);
    const block: OpenBlock = { type, index: next++, pieces: [], signature: '', redacted: false };
    open.set(place, block);
    if (type === 'text') emit({ type: 'text-start', index: block.index });
    if (type === 'reasoning') emit({ type: 'reasoning-start', index: block.index });
    return block;
  }

  function start(place: unknown, what: JsonRecord | undefined): void {
    const call = asRecord(what?.toolUse);
    if (!call) return;
    if (open.has(place)) stop(place);
    const block = opened(place, 'call');
    calls++;
    block.identity = context.names.restore(asText(call.name) ?? '');
    const id = asText(call.toolUseId) ?? context.newId('tooluse');
    emit({ type: 'tool-call-start', index: block.index, ...block.identity, id });
  }

  function delta(place: unknown, change: JsonRecord | undefined): void {
    if (!change) return;
    const text = asText(change.text);
    if (text !== undefined) {
      const { index } = opened(place, 'text');
      emit({ type: 'text-delta', index, text });
      return;
    }
    const reasoning = asRecord(change.reasoningContent);
    if (reasoning) addReasoning(opened(place, 'reasoning'), reasoning);
    const block = open.get(place);
    const input = asText(asRecord(change.toolUse)?.input);
    if (block?.type !== 'call' || input === undefined) return;
    block.pieces.push(input);
    if (block.identity?.kind !== 'custom') emit({ type: 'tool-call-delta', index: block.index, text: input });
  }

  function addReasoning(block: OpenBlock, reasoning: JsonRecord): void {
    const text = asText(reasoning.text);
    if (text !== undefined) {
      emit({ type: 'reasoning-delta', index: block.index, channel: 'text', part: 0, text });
    }
    const redacted = asText(reasoning.redactedContent);
    if (redacted !== undefined) block.redacted = true;
    block.signature += redacted ?? asText(reasoning.signature) ?? '';
  }

  function stop(place: unknown): void {
    const block = open.get(place);
    if (!block) return;
    open.delete(place);
    if (block.type === 'text') emit({ type: 'text-end', index: block.index });
    else if (block.type === 'reasoning') endReasoning(block);
    else endCall(block);
  }

  function endReasoning({ index, signature: data, redacted }: OpenBlock): void {
    const kind: Signature['kind'] = redacted ? 'redacted' : 'signature';
    const signature = { issuer: context.issuer, kind, data };
    emit({ type: 'reasoning-end', index, ...(data !== '' && { signature }) });
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
