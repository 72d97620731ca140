import type {
  AssistantPart,
  Loss,
  Message,
  ReasoningPart,
  ToolCallPart,
  ToolKind,
  ToolResultContent,
  ToolResultPart,
} from '../canonical/index.ts';
import { asText } from '../json/read.ts';
import { decodeCallSignature } from './call-signature.ts';
import { decodeAssistantContent, decodeTextParts, decodeUserPart, decodeUserParts } from './decode-parts.ts';
import type { ChatMessage, ChatToolCall } from './schema.ts';

/** Chat's messages as canonical ones. Runs of tool results become one message. */
export function decodeMessages(messages: readonly ChatMessage[], losses: Loss[]): Message[] {
  const decoded: Message[] = [];
  const kinds = new Map<string, ToolKind>();
  /** The retired `function_call` has no ids: a result belongs to the latest call. */
  let legacyId = '';

  function addResult(part: ToolResultPart): void {
    const last = decoded.at(-1);
    if (last?.role === 'tool') last.parts.push(part);
    else decoded.push({ role: 'tool', parts: [part] });
  }

  messages.forEach((message, at) => {
    const name = message.name ? { name: message.name } : {};
    switch (message.role) {
      case 'system':
      case 'developer':
        decoded.push({ role: message.role, parts: decodeTextParts(message.content) });
        break;
      case 'user':
        decoded.push({ role: 'user', parts: decodeUserParts(message.content), ...name });
        break;
      case 'assistant': {
        const parts = decodeAssistant(message);
        if (message.function_call) {
          legacyId = `call_legacy_${at}`;
          parts.push(legacyCall(legacyId, message.function_call));
        }
        for (const part of parts) if (part.type === 'tool-call') kinds.set(part.id, part.kind);
        decoded.push({ role: 'assistant', parts, ...name });
        break;
      }
      case 'function':
        addResult({
          type: 'tool-result',
          kind: 'function',
          callId: legacyId,
          content: decodeTextParts(message.content),
        });
        break;
      case 'tool': {
        const callId = message.tool_call_id ?? '';
        const content = decodeResultContent(message.content, `messages[${at}].content`, losses);
        addResult({ type: 'tool-result', kind: kinds.get(callId) ?? 'function', callId, content });
        break;
      }
    }
  });
  return decoded;
}

function decodeAssistant(message: ChatMessage): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const thinking = asText(message.reasoning_content) ?? asText(message.reasoning);
  if (thinking !== undefined)
    parts.push({ type: 'reasoning', text: thinking, summary: [] } satisfies ReasoningPart);
  parts.push(...decodeAssistantContent(message.content));
  if (message.refusal) parts.push({ type: 'refusal', text: message.refusal });
  for (const call of message.tool_calls ?? []) parts.push(decodeCall(call));
  return parts;
}

function decodeCall(call: ChatToolCall): ToolCallPart {
  const id = call.id ?? '';
  if (call.type === 'custom' && call.custom) {
    return { type: 'tool-call', kind: 'custom', id, name: call.custom.name, input: call.custom.input ?? '' };
  }
  const signature = decodeCallSignature(call.extra_content, 'google');
  return {
    type: 'tool-call',
    kind: 'function',
    id,
    name: call.function?.name ?? '',
    input: argumentsText(call.function?.arguments),
    ...(signature && { signature }),
  };
}

function legacyCall(id: string, call: NonNullable<ChatMessage['function_call']>): ToolCallPart {
  return { type: 'tool-call', kind: 'function', id, name: call.name, input: argumentsText(call.arguments) };
}

/** Arguments as JSON text; some clients and providers send the object itself, or nothing for no arguments. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? '{}' : value;
  return value === undefined || value === null ? '{}' : JSON.stringify(value);
}

function decodeResultContent(
  content: ChatMessage['content'],
  path: string,
  losses: Loss[],
): ToolResultContent[] {
  if (typeof content === 'string' || !content) return decodeTextParts(content);
  const decoded: ToolResultContent[] = [];
  content.forEach((part, at) => {
    const found = decodeUserPart(part);
    if (found.type !== 'opaque') decoded.push(found);
    else
      losses.push({
        path: `${path}[${at}]`,
        what: `${found.label} part`,
        why: 'a tool result carries text, images and files',
      });
  });
  return decoded;
}
