import type {
  AssistantPart,
  Message,
  ToolCallPart,
  ToolDefinition,
  ToolKind,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from '../canonical/index.ts';
import {
  decodeAssistantContent,
  decodeSystemContent,
  decodeToolOutput,
  decodeUserContent,
} from './decode-content.ts';
import { openCompaction, restoredSummary } from './compaction.ts';
import { openCallSignature } from '../reasoning/call-carrier.ts';
import { decodeCall, decodeReasoning } from './decode-calls.ts';
import { decodeTools } from './decode-tools.ts';
import type { ItemContext } from './item-context.ts';
import type { ResponsesItem } from './schema.ts';

type AssistantMessage = Extract<Message, { role: 'assistant' }>;

const RESULT_KINDS: Record<string, ToolKind> = {
  function_call_output: 'function',
  custom_tool_call_output: 'custom',
  tool_search_output: 'tool-search',
  local_shell_call_output: 'local-shell',
};

/** Unknown items that speak for the client; all other unknown items were written by the model. */
const CLIENT_ITEMS = new Set(['compaction_trigger', 'item_reference', 'mcp_approval_response']);

/**
 * Input items → messages. Reasoning, text and calls in a row are one assistant message (a second `message` item
 * starts the next one), results in a row one tool message. Tools that arrive inside the input join `tools`.
 */
export function decodeItems(
  items: readonly ResponsesItem[],
  tools: ToolDefinition[],
  context: ItemContext,
): Message[] {
  const messages: Message[] = [];
  const calls = new Map<string, ToolCallPart>();

  function assistant(startsMessage: boolean): AssistantMessage {
    const last = messages.at(-1);
    if (last?.role === 'assistant' && !(startsMessage && hasText(last))) return last;
    const next: AssistantMessage = { role: 'assistant', parts: [] };
    messages.push(next);
    return next;
  }

  function addResult(part: ToolResultPart): void {
    const last = messages.at(-1);
    if (last?.role === 'tool') last.parts.push(part);
    else messages.push({ role: 'tool', parts: [part] });
  }

  function addMessage(item: ResponsesItem, path: string): void {
    const at = `${path}.content`;
    if (item.role === 'assistant') {
      const message = assistant(true);
      if (item.id) message.id = item.id;
      if (item.phase) message.phase = item.phase;
      message.parts.push(...decodeAssistantContent(item.content, at, context.losses));
    } else if (item.role === 'system' || item.role === 'developer') {
      messages.push({ role: item.role, parts: decodeSystemContent(item.content, at, context.losses) });
    } else messages.push({ role: 'user', parts: decodeUserContent(item.content, at, context.losses) });
  }

  for (const [at, item] of items.entries()) {
    const path = `input[${at}]`;
    const type = item.type ?? 'message';
    const resultKind = Object.hasOwn(RESULT_KINDS, type) ? RESULT_KINDS[type] : undefined;
    const call = decodeCall(item, context);
    if (item.tools && (type === 'additional_tools' || type === 'tool_search_output')) {
      decodeTools(item.tools, `${path}.tools`, tools, context.losses);
    }
    if (type === 'additional_tools') continue;
    const summary = openCompaction(item);
    if (summary !== undefined) {
      messages.push({ role: 'user', parts: [{ type: 'text', text: restoredSummary(summary) }] });
      continue;
    }
    if (type === 'message') addMessage(item, path);
    else if (type === 'reasoning') {
      const signed = openCallSignature(item.encrypted_content);
      const call = signed && calls.get(signed.callId);
      if (call && signed) call.signature = signed.signature;
      else assistant(false).parts.push(decodeReasoning(item, context));
    } else if (call) {
      calls.set(call.id, call);
      assistant(false).parts.push(call);
    } else if (resultKind && (item.call_id || item.id)) {
      const callId = item.call_id ?? item.id ?? '';
      const content: ToolResultContent[] =
        type === 'tool_search_output'
          ? [{ type: 'text', text: foundTools(item) }]
          : decodeToolOutput(item.output, `${path}.output`, context.losses);
      addResult({ type: 'tool-result', kind: calls.get(callId)?.kind ?? resultKind, callId, content });
    } else {
      const part: AssistantPart & UserPart = {
        type: 'opaque',
        protocol: 'openai-responses',
        label: type,
        raw: item,
      };
      if (CLIENT_ITEMS.has(type) || type.endsWith('_output')) messages.push({ role: 'user', parts: [part] });
      else assistant(false).parts.push(part);
    }
  }
  return messages;
}

function hasText({ parts, id }: AssistantMessage): boolean {
  return id !== undefined || parts.some((part) => part.type === 'text' || part.type === 'refusal');
}

/** What a model that cannot load tools by itself is told: the names; the definitions are in the request's tools. */
function foundTools(item: ResponsesItem): string {
  const found: ToolDefinition[] = [];
  decodeTools(item.tools ?? [], 'tools', found, []);
  const tools = found.map((tool) =>
    'namespace' in tool && tool.namespace
      ? { name: tool.name, namespace: tool.namespace }
      : { name: tool.name },
  );
  return JSON.stringify({ tools });
}
