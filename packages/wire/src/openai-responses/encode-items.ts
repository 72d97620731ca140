import type {
  AssistantPart,
  Message,
  ReasoningPart,
  ToolCallPart,
  ToolDefinition,
  ToolNames,
  ToolResultPart,
} from '../canonical/index.ts';
import { asList, asRecord, parseRecord } from '../json/read.ts';
import { fitCallId } from '../tools/index.ts';
import { callItem, callPrefix } from './call-item.ts';
import {
  encodeInputPart,
  encodeOpaque,
  encodeToolOutput,
  encodeUserParts,
  type ContentEncoding,
} from './encode-content.ts';
import { encodeTools, upstreamName } from './encode-tools.ts';
import { isContentType } from './item-context.ts';

type JsonObject = Record<string, unknown>;
type AssistantMessage = Extract<Message, { role: 'assistant' }>;

export interface ItemEncoding extends ContentEncoding {
  issuer: string;
  names: ToolNames;
  tools: readonly ToolDefinition[];
  /** Tools that a `tool_search_output` item carries: filled here, they are not offered a second time. */
  loaded: Set<ToolDefinition>;
}

/**
 * Messages → input items. Reasoning goes back only to the provider that signed it.
 * @param offset place of the first message in the whole request, for the losses
 */
export function encodeItems(
  messages: readonly Message[],
  offset: number,
  encoding: ItemEncoding,
): JsonObject[] {
  const items: JsonObject[] = [];
  for (const [at, message] of messages.entries()) {
    const path = `messages[${offset + at}]`;
    if (message.role === 'assistant') encodeAssistant(message, path, items, encoding);
    else if (message.role === 'tool') {
      for (const [index, part] of message.parts.entries()) {
        items.push(encodeResult(part, `${path}.parts[${index}]`, encoding));
      }
    } else if (message.role === 'user') {
      if (message.name)
        encoding.losses.push({ path: `${path}.name`, what: 'name', why: 'Responses has no names' });
      encodeUser(message.parts, path, items, encoding);
    } else {
      const content = message.parts.map((part) => encodeInputPart(part, path, encoding));
      items.push({ type: 'message', role: message.role, content });
    }
  }
  return items;
}

/** Opaque items of the client's own (`compaction_trigger` …) stand between messages, not inside one. */
function encodeUser(
  parts: Extract<Message, { role: 'user' }>['parts'],
  path: string,
  items: JsonObject[],
  encoding: ItemEncoding,
): void {
  const isItem = (part: (typeof parts)[number]) => part.type === 'opaque' && !isContentType(part.label);
  for (const [at, part] of parts.entries()) {
    if (!isItem(part) || part.type !== 'opaque') continue;
    const item = encodeOpaque(part, `${path}.parts[${at}]`, encoding);
    if (item) items.push(item);
  }
  const content = encodeUserParts(
    parts.filter((part) => !isItem(part)),
    path,
    encoding,
  );
  if (content.length) items.push({ type: 'message', role: 'user', content });
}

function encodeAssistant(
  message: AssistantMessage,
  path: string,
  items: JsonObject[],
  encoding: ItemEncoding,
): void {
  let content: JsonObject[] | undefined;
  let id = message.id?.startsWith('msg') ? message.id : undefined;
  if (message.name)
    encoding.losses.push({ path: `${path}.name`, what: 'name', why: 'Responses has no names' });
  const say = (piece: JsonObject) => {
    if (content) return void content.push(piece);
    content = [piece];
    items.push({
      type: 'message',
      role: 'assistant',
      ...(id && { id }),
      ...(message.phase && { phase: message.phase }),
      content,
    });
    id = undefined;
  };
  for (const [at, part] of message.parts.entries()) {
    const where = `${path}.parts[${at}]`;
    if (part.type === 'text') say({ type: 'output_text', text: part.text });
    else if (part.type === 'refusal') say({ type: 'refusal', refusal: part.text });
    else if (part.type === 'opaque' && isContentType(part.label)) {
      const piece = encodeOpaque(part, where, encoding);
      if (piece) say(piece);
    } else {
      const item = encodeItemPart(part, where, message.parts.length === at + 1, encoding);
      if (!item) continue;
      items.push(item);
      content = undefined;
    }
  }
}

function encodeItemPart(
  part: Exclude<AssistantPart, { type: 'text' | 'refusal' }>,
  path: string,
  isLast: boolean,
  encoding: ItemEncoding,
): JsonObject | undefined {
  if (part.type === 'opaque') return encodeOpaque(part, path, encoding);
  return part.type === 'tool-call'
    ? encodeCall(part, path, encoding)
    : encodeReasoning(part, path, isLast, encoding);
}

function encodeCall(call: ToolCallPart, path: string, { names, losses }: ItemEncoding): JsonObject {
  const item = callItem({ ...call, name: upstreamName(call, names) }, fitCallId(call.id, 'openai'));
  if (call.itemId?.startsWith(`${callPrefix(call.kind)}_`)) item.id = call.itemId;
  if (call.signature) {
    losses.push({
      path: `${path}.signature`,
      what: 'call signature',
      why: 'Responses calls carry no signature',
    });
  }
  return item;
}

function encodeReasoning(
  part: ReasoningPart,
  path: string,
  isLast: boolean,
  { issuer, losses }: ItemEncoding,
): JsonObject | undefined {
  const { signature } = part;
  if (!signature || signature.issuer !== issuer || signature.kind !== 'encrypted') {
    const by = signature ? `signed by ${signature.issuer}` : 'unsigned';
    losses.push({
      path,
      what: `reasoning (${by})`,
      why: 'only the provider that signed reasoning takes it back',
    });
    return undefined;
  }
  if (isLast) {
    losses.push({
      path,
      what: 'reasoning without its answer',
      why: 'the API refuses a reasoning item that nothing follows',
    });
    return undefined;
  }
  return {
    type: 'reasoning',
    ...(part.id && { id: part.id }),
    summary: part.summary.map((text) => ({ type: 'summary_text', text })),
    ...(part.text !== '' && { content: [{ type: 'reasoning_text', text: part.text }] }),
    encrypted_content: signature.data,
  };
}

function encodeResult(part: ToolResultPart, path: string, encoding: ItemEncoding): JsonObject {
  const callId = fitCallId(part.callId, 'openai');
  if (part.isError) {
    encoding.losses.push({
      path: `${path}.isError`,
      what: 'error mark',
      why: 'a Responses tool result has none',
    });
  }
  if (part.kind === 'tool-search') {
    const tools = loadedTools(part, encoding);
    return { type: 'tool_search_output', call_id: callId, status: 'completed', execution: 'client', tools };
  }
  const output = encodeToolOutput(part.content, path, encoding);
  if (part.kind === 'local-shell')
    return { type: 'local_shell_call_output', id: callId, call_id: callId, output };
  return {
    type: part.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output',
    call_id: callId,
    output,
  };
}

/** The definitions behind the names a `tool_search` found (the result's text lists the names). */
function loadedTools(part: ToolResultPart, { tools, names, losses, loaded }: ItemEncoding): JsonObject[] {
  const text = part.content.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
  const found = asList(parseRecord(text)?.tools).flatMap((value) => {
    const wanted = asRecord(value);
    return tools.filter(
      (tool) =>
        tool.name === wanted?.name && ('namespace' in tool ? tool.namespace : undefined) === wanted.namespace,
    );
  });
  for (const tool of found) loaded.add(tool);
  return encodeTools(found, names, losses);
}
