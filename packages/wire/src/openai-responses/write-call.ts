import type { Signature, TurnEvent } from '../canonical/index.ts';
import { answerCall, itemId } from './answer-items.ts';
import { callPrefix } from './call-item.ts';
import { sealCallSignature } from '../reasoning/call-carrier.ts';
import type { StreamOut } from './stream-out.ts';

/** Writes one call with the type, name and namespace the client knows it by. */
export interface CallWriter {
  delta(text: string): string;
  end(input: string, signature?: Signature): string;
}

const EVENTS: Partial<Record<CallStart['kind'], { event: string; field: string }>> = {
  function: { event: 'response.function_call_arguments', field: 'arguments' },
  custom: { event: 'response.custom_tool_call_input', field: 'input' },
};

type CallStart = Extract<TurnEvent, { type: 'tool-call-start' }>;

/** Opens the item at once; the text that comes back is its `output_item.added`. */
export function openCall(start: CallStart, out: StreamOut): { opening: string; writer: CallWriter } {
  const place = out.place();
  const id = itemId(start.itemId, callPrefix(start.kind), out.context.newId);
  const at = { item_id: id, output_index: place };
  // Search and shell calls are objects: they have no delta events and arrive whole.
  const form = EVENTS[start.kind];
  const write = form && out.deltas(`${form.event}.delta`, at);
  const empty = answerCall(id, 'in_progress', { ...start, input: '' });
  if (form) empty[form.field] = '';
  let streamed = false;

  const writer: CallWriter = {
    delta(text) {
      if (text === '' || !write) return '';
      streamed = true;
      return write(text);
    },
    end(input, signature) {
      const item = answerCall(id, 'completed', { ...start, input });
      const whole = form ? String(item[form.field]) : '';
      const missing = write && !streamed && whole !== '' ? write(whole) : '';
      const ending = form
        ? out.event(`${form.event}.done`, { ...at, name: start.name, [form.field]: whole })
        : '';
      return (
        missing + ending + out.done(place, item) + (signature ? writeSignature(start.id, signature, out) : '')
      );
    },
  };
  return { opening: out.added(place, empty), writer };
}

function writeSignature(callId: string, signature: Signature, out: StreamOut): string {
  const place = out.place();
  const item = { id: out.context.newId('rs'), type: 'reasoning', summary: [] };
  const sealed = { ...item, encrypted_content: sealCallSignature(callId, signature) };
  return out.added(place, item) + out.done(place, sealed);
}
