import type { AssistantPart, FinishReason, ToolCallPart, TurnResponse } from '../canonical/index.ts';
import { isJson } from '../json/read.ts';
import { RecoveryState, type RecoveryOptions } from './recovery-state.ts';
import type { FaultSignal, RecoveredCall, Repair } from './types.ts';

/** A whole answer after recovery; `response` is the very same object when nothing was changed. */
export interface RecoveredResponse {
  response: TurnResponse;
  repairs: Repair[];
  faults: FaultSignal[];
}

/** The same as the stream transform, for an answer that came whole. */
export function recoverResponse(response: TurnResponse, options: RecoveryOptions): RecoveredResponse {
  const state = new RecoveryState(options);
  if (!state.callable) return { response, repairs: [], faults: [] };
  const parts = response.parts.flatMap((part) => recoverPart(part, state, options.newId, response.finish));
  for (const call of state.lastThoughts(response.finish)) parts.push(asPart(call, options.newId));
  const finish = state.finish(response.finish);
  const { repairs, faults } = state;
  if (repairs.length === 0 && finish === response.finish) return { response, repairs, faults };
  const { stopSequence, ...rest } = response;
  const kept = finish === response.finish && stopSequence !== undefined ? { stopSequence } : {};
  return { response: { ...rest, ...kept, parts, finish }, repairs, faults };
}

function recoverPart(
  part: AssistantPart,
  state: RecoveryState,
  newId: (prefix: string) => string,
  finish: FinishReason,
): AssistantPart[] {
  if (part.type === 'tool-call') return recoverCall(part, state, finish);
  if (part.type !== 'text' && part.type !== 'reasoning') return [part];
  const scanner = state.scanner();
  const pieces = [...scanner.push(part.text), ...scanner.end()];
  if (part.type === 'reasoning') {
    if (part.text) state.thought(pieces);
    return [part];
  }
  state.textEnded(scanner);
  const out: AssistantPart[] = [];
  let text = '';
  for (const piece of pieces) {
    if (piece.type === 'text') {
      text += piece.text;
      continue;
    }
    const calls = state.take(piece.calls);
    if (text && calls.length > 0) {
      out.push({ type: 'text', text });
      text = '';
    }
    out.push(...calls.map((call) => asPart(call, newId)));
  }
  if (text) out.push(text === part.text ? part : { type: 'text', text });
  state.visibleText ||= out.some((each) => each.type === 'text' && each.text.trim() !== '');
  return out;
}

function recoverCall(part: ToolCallPart, state: RecoveryState, finish: FinishReason): AssistantPart[] {
  const { table } = state;
  const exact = table.exact(part);
  const tool = exact ?? (part.kind === 'function' ? table.find(part.name)?.tool : undefined);
  const named: ToolCallPart = exact || !tool ? part : { ...part, kind: tool.kind, name: tool.name };
  if (tool && !exact) {
    if ('namespace' in tool && tool.namespace) named.namespace = tool.namespace;
    state.note([{ kind: 'tool-name', tool: tool.name, detail: `${part.name.slice(0, 80)} → ${tool.name}` }]);
  }
  const { name, namespace } = named;
  // A call that was cut is not made whole.
  const fit = finish === 'length' && !isJson(part.input) ? undefined : tool;
  const input = state.native({ tool: fit, name, input: part.input, ...(namespace ? { namespace } : {}) });
  if (input === undefined) return [];
  return [input === named.input ? named : { ...named, input }];
}

function asPart(call: RecoveredCall, newId: (prefix: string) => string): ToolCallPart {
  const { kind, name, namespace, input } = call;
  return { type: 'tool-call', kind, id: newId('call'), name, input, ...(namespace ? { namespace } : {}) };
}
