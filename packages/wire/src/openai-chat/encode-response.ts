import type { AssistantPart, ToolCallPart, TurnResponse } from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import { clientToolName } from '../tools/client-tool-name.ts';
import { sealCallSignature } from './call-signature.ts';
import { reasoningText } from './encode-assistant.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeUsage } from './usage.ts';

type JsonObject = Record<string, unknown>;

/** A whole answer as Chat Completions. Thinking goes to `reasoning_content`, which most clients read. */
export function encodeResponse(response: TurnResponse, context: AnswerContext): JsonObject {
  const { parts } = response;
  const calls = parts.filter((part) => part.type === 'tool-call');
  const refusal = textOf(parts, 'refusal');
  const thinking = parts
    .flatMap((part) => (part.type === 'reasoning' && reasoningText(part) ? [reasoningText(part)] : []))
    .join('\n\n');
  const message: JsonObject = {
    role: 'assistant',
    content: textOf(parts, 'text') || (calls.length || refusal ? null : ''),
    refusal: refusal || null,
  };
  if (thinking) message.reasoning_content = thinking;
  const first = calls[0];
  if (first && context.request.legacyFunctions) {
    message.function_call = { name: clientToolName(first, context.request), arguments: first.input };
  } else if (calls.length) message.tool_calls = calls.map((call) => encodeCall(call, context));
  const word = encodeFinishReason(response.finish, { calls: calls.length > 0, refusal: refusal !== '' });
  const legacy = word === 'tool_calls' && context.request.legacyFunctions;
  const body: JsonObject = {
    id: chatId(response.id, context),
    object: 'chat.completion',
    created: response.createdAt,
    model: context.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: legacy ? 'function_call' : word }],
  };
  if (response.usage) body.usage = encodeUsage(response.usage);
  if (response.serviceTier !== undefined) body.service_tier = response.serviceTier;
  return body;
}

/** An id of the form clients know; the provider's own where it has that form already. */
export function chatId(id: string, context: AnswerContext): string {
  return id.startsWith('chatcmpl') ? id : context.newId('chatcmpl');
}

function encodeCall(call: ToolCallPart, context: AnswerContext): JsonObject {
  const name = clientToolName(call, context.request);
  if (call.kind === 'custom') return { id: call.id, type: 'custom', custom: { name, input: call.input } };
  return {
    id: call.id,
    type: 'function',
    function: { name, arguments: call.input },
    ...(call.signature && { extra_content: sealCallSignature(call.signature) }),
  };
}

function textOf(parts: readonly AssistantPart[], type: 'text' | 'refusal'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}
