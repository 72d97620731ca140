import type { Signature, ToolIdentity, TurnEvent } from '../canonical/index.ts';
import { asRecord, asText, parseRecord } from '../json/read.ts';
import type { DecodeContext } from '../protocol.ts';
import { restoreInput } from '../tools/restore-call.ts';
import { decodeCallSignature } from './call-signature.ts';

interface OpenCall {
  id: string | undefined;
  name: string | undefined;
  /** Known once the name is: the block's index in the answer, and the client's tool. */
  index: number;
  identity: ToolIdentity | undefined;
  /** The provider speaks `custom` itself: its text needs no unwrapping. */
  native: boolean;
  pieces: string[];
  /** How often the input so far has been parsed to see whether it is complete. */
  probes: number;
  signature: Signature | undefined;
}

/** A provider that repeats itself in every fragment may not make each of them cost the whole input. */
const MAX_PROBES = 16;

/** The tool calls of one streamed answer. */
export interface StreamCalls {
  /** Takes one entry of `delta.tool_calls`. `late`: the chunk came after the finish reason. */
  push(entry: unknown, late: boolean): void;
  /** Ends every call. */
  close(): void;
  /** How many calls have opened so far. */
  readonly count: number;
}

/**
 * Puts tool calls together from fragments as backends really send them: gaps in the index or none at all, ids repeated
 * or only in the first piece, names that come late, several calls under index 0 (Gemini), arguments as an object.
 */
export function createStreamCalls(
  context: DecodeContext,
  emit: (event: TurnEvent) => void,
  nextIndex: () => number,
): StreamCalls {
  const calls: OpenCall[] = [];
  const byIndex = new Map<number, OpenCall>();
  const byId = new Map<string, OpenCall>();
  const takenIds = new Set<string>();
  let opened = 0;

  function find(index: number | undefined, id: string | undefined, name: string | undefined, text: string) {
    if (index === undefined) {
      if (id !== undefined) return byId.get(id);
      const last = calls.at(-1);
      return last && name !== undefined && startsAnother(last, id, name, text) ? undefined : last;
    }
    const known = byIndex.get(index);
    if (!known) return undefined;
    if (id !== undefined && byId.get(id) && known.id !== id) return byId.get(id);
    return startsAnother(known, id, name, text) ? undefined : known;
  }

  function push(entry: unknown, late: boolean): void {
    const delta = asRecord(entry);
    if (!delta) return;
    const native = asRecord(delta.custom);
    const called = native ?? asRecord(delta.function) ?? delta;
    const index = typeof delta.index === 'string' ? Number(delta.index) : delta.index;
    const id = asText(delta.id);
    const name = asText(called.name);
    const text = readInput(native ? called.input : called.arguments);
    const place = typeof index === 'number' && Number.isInteger(index) ? index : undefined;
    let call = find(place, id, name, text);
    if (!call) {
      call = {
        id,
        name,
        index: -1,
        identity: undefined,
        native: native !== undefined,
        pieces: [],
        probes: 0,
        signature: undefined,
      };
      calls.push(call);
    }
    call.id ??= id;
    call.name ??= name;
    if (place !== undefined) byIndex.set(place, call);
    if (id !== undefined && !byId.has(id)) byId.set(id, call);
    if (delta.extra_content !== undefined) {
      call.signature = decodeCallSignature(delta.extra_content, context.issuer) ?? call.signature;
    }
    take(call, text, late);
  }

  function take(call: OpenCall, text: string, late: boolean): void {
    // Some backends repeat the whole arguments behind the finish reason.
    if (late && call.pieces.length && parseRecord(text) && isComplete(call)) return;
    if (text !== '') call.pieces.push(text);
    if (!call.identity) open(call);
    else if (text !== '' && streams(call)) emit({ type: 'tool-call-delta', index: call.index, text });
  }

  function open(call: OpenCall): void {
    if (call.name === undefined) return;
    const restored = context.names.restore(call.name);
    call.identity = call.native ? { ...restored, kind: 'custom' } : restored;
    call.index = nextIndex();
    opened++;
    // Some backends give every call of an answer the same id; results could not be told apart.
    if (call.id === undefined || takenIds.has(call.id)) call.id = context.newId('call');
    takenIds.add(call.id);
    emit({ type: 'tool-call-start', index: call.index, ...call.identity, id: call.id });
    if (call.pieces.length && streams(call)) {
      emit({ type: 'tool-call-delta', index: call.index, text: call.pieces.join('') });
    }
  }

  /** A flattened freeform call must be unwrapped as a whole before anything of it can be shown. */
  function streams(call: OpenCall): boolean {
    return call.native || call.identity?.kind !== 'custom';
  }

  function close(): void {
    for (const call of calls) {
      if (!call.identity) {
        if (call.pieces.length === 0) continue;
        call.name = 'unnamed_tool';
        open(call);
      }
      if (!call.identity) continue;
      const text = call.pieces.join('');
      const streamed = text !== '' && streams(call);
      const input = streamed || call.native ? text : restoreInput(call.identity, text);
      if (!streamed && input !== '') emit({ type: 'tool-call-delta', index: call.index, text: input });
      emit({
        type: 'tool-call-end',
        index: call.index,
        input,
        ...(call.signature && { signature: call.signature }),
      });
    }
    calls.length = 0;
  }

  return {
    push,
    close,
    get count() {
      return opened;
    },
  };
}

/** Whether a fragment for a place that is taken opens a new call there. */
function startsAnother(
  known: OpenCall,
  id: string | undefined,
  name: string | undefined,
  text: string,
): boolean {
  if (name === undefined || known.name === undefined) return false;
  if (id !== undefined && known.id !== undefined) return id !== known.id;
  // No id to tell them apart: complete arguments followed by another opening brace are two calls.
  return text.trimStart().startsWith('{') && isComplete(known);
}

function isComplete(call: OpenCall): boolean {
  return call.probes++ < MAX_PROBES && parseRecord(call.pieces.join('')) !== undefined;
}

function readInput(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
