import type { ToolCallPart } from '../canonical/index.ts';
import { asText } from '../json/read.ts';
import { unwrapCustomInput } from '../tools/index.ts';
import { argumentsText, decodeCall } from './decode-calls.ts';
import type { ItemReader, ReadContext } from './read-item.ts';
import type { ResponsesItem } from './schema.ts';

/**
 * Reads a call item. Deltas flow as they come once the call's name is known; the input of a custom tool that was
 * flattened into a function is held back and unwrapped whole. Input that only stands in a `done` event is not lost.
 */
export function createCallReader(item: ResponsesItem, context: ReadContext): ItemReader {
  const { emit } = context;
  const isFunction = item.type === 'function_call';
  let index = -1;
  let call: ToolCallPart | undefined;
  /** The upstream text so far, and how much of it was passed on. */
  let text = '';
  let sent = 0;
  let finalText: string | undefined;

  function open(known: ResponsesItem): void {
    if (index !== -1 || !known.name) return;
    const id = known.call_id || known.id || context.newId('call');
    call = decodeCall({ ...known, type: item.type, call_id: id, arguments: '', input: '' }, context);
    if (!call) return;
    index = context.nextIndex();
    const { kind, name, namespace, itemId } = call;
    emit({
      type: 'tool-call-start',
      index,
      kind,
      id,
      ...(itemId && { itemId }),
      name,
      ...(namespace && { namespace }),
    });
    pass();
  }

  function isHeld(): boolean {
    return isFunction && call?.kind === 'custom';
  }

  function pass(): void {
    if (index === -1 || isHeld() || text.length === sent) return;
    emit({ type: 'tool-call-delta', index, text: text.slice(sent) });
    sent = text.length;
  }

  /** A whole input that continues what was sent adds its rest; one that contradicts it comes too late. */
  function adopt(whole: string | undefined): void {
    if (whole !== undefined && whole.length > text.length && (text === '' || whole.startsWith(text)))
      text = whole;
  }

  open(item);

  return {
    event(type, data) {
      if (type.endsWith('.delta')) {
        const piece = asText(data.delta) ?? '';

        text += piece;
        if (piece !== '' && index !== -1 && !isHeld()) {
          sent += piece.length;
          emit({ type: 'tool-call-delta', index, text: piece });
        }
        return;
      }
      if (!type.endsWith('.done')) return;
      const whole = isFunction ? data.arguments : data.input;
      if (whole !== undefined && whole !== '')
        finalText = typeof whole === 'string' ? whole : argumentsText(whole);
    },
    done(final) {
      const raw = isFunction ? final?.arguments : final?.input;
      adopt(finalText);
      adopt(raw === undefined || raw === null || raw === '' ? undefined : argumentsText(raw));
      if (isFunction && text === '') text = '{}';
      open({ ...item, ...final });
      if (index === -1 || !call) return;
      if (isHeld()) {
        text = unwrapCustomInput(text, call.name);
        if (text !== '') emit({ type: 'tool-call-delta', index, text });
      } else pass();
      emit({ type: 'tool-call-end', index, input: text });
    },
  };
}
