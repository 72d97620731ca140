import type { ReasoningPart, ToolCallPart, ToolKind } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import { openSignature } from '../reasoning/index.ts';
import { unwrapCustomInput } from '../tools/index.ts';
import type { ItemContext } from './item-context.ts';
import type { ResponsesItem } from './schema.ts';

/** A call item as a canonical call, or nothing when the item is no call that a client answers. */
export function decodeCall(item: ResponsesItem, context: ItemContext): ToolCallPart | undefined {
  const id = item.call_id ?? (item.type === 'local_shell_call' ? item.id : undefined);
  if (!id) return undefined;
  const call = readCall(item, id, context);
  if (call && item.id) call.itemId = item.id;
  return call;
}

function readCall(item: ResponsesItem, id: string, context: ItemContext): ToolCallPart | undefined {
  switch (item.type) {
    case 'function_call':
      return named(item, id, 'function', argumentsText(item.arguments), context);
    case 'custom_tool_call':
      return named(item, id, 'custom', item.input ?? '', context);
    case 'tool_search_call': {
      const input = argumentsText(item.arguments);
      return { type: 'tool-call', kind: 'tool-search', id, name: 'tool_search', input };
    }
    case 'local_shell_call': {
      const input = JSON.stringify(asRecord(item.action) ?? {});
      return { type: 'tool-call', kind: 'local-shell', id, name: 'local_shell', input };
    }
    default:
      return undefined;
  }
}

function named(
  item: ResponsesItem,
  id: string,
  kind: ToolKind,
  input: string,
  { names }: ItemContext,
): ToolCallPart | undefined {
  if (!item.name) return undefined;
  if (item.namespace) {
    return { type: 'tool-call', kind, id, name: item.name, namespace: item.namespace, input };
  }
  const identity = names.restore(item.name);
  // A custom tool answered by a function call: the model was shown (or made up) the function form of it.
  const unwrapped = kind === 'function' && identity.kind === 'custom';
  const part: ToolCallPart = {
    type: 'tool-call',
    kind: kind === 'custom' ? 'custom' : identity.kind,
    id,
    name: identity.name,
    input: unwrapped ? unwrapCustomInput(input, identity.name) : input,
  };
  if (identity.namespace) part.namespace = identity.namespace;
  return part;
}

/** Arguments are a JSON string; some backends send the object itself, or nothing for a call without arguments. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '{}' : value;
  return JSON.stringify(value ?? {}) ?? '{}';
}

/** A reasoning item. Text sealed into `encrypted_content` wins: clients drop `content` when they replay the item. */
export function decodeReasoning(item: ResponsesItem, context: ItemContext): ReasoningPart {
  const content = Array.isArray(item.content) ? item.content : [];
  const part: ReasoningPart = {
    type: 'reasoning',
    text: content.map((piece) => piece.text ?? '').join(''),
    summary: (item.summary ?? []).map((piece) => piece.text ?? ''),
  };
  if (item.id) part.id = item.id;
  if (item.encrypted_content) {
    const { text, ...signature } = openSignature(item.encrypted_content, context.issuer);
    if (text !== undefined) part.text = text;
    // An envelope without data only carries unsigned thinking.
    if (signature.data !== '') part.signature = signature;
  }
  return part;
}
