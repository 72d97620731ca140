import type { AssistantPart, ReasoningPart, TurnResponse } from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import { sealCallSignature } from '../reasoning/call-carrier.ts';
import { fitCallId } from '../tools/index.ts';
import { clientToolName } from '../tools/client-tool-name.ts';
import { callInput, type JsonObject } from './encode-blocks.ts';
import { encodeStopReason } from './finish-reason.ts';
import { keepForClient } from './signature.ts';
import { encodeUsage } from './usage.ts';

/** A whole answer as a Messages response. */
export function encodeResponse(response: TurnResponse, context: AnswerContext): JsonObject {
  const content: JsonObject[] = [];
  for (const part of response.parts) {
    const block = encodePart(part, context);
    if (part.type === 'tool-call' && part.signature) {
      const signature = sealCallSignature(fitCallId(part.id, 'anthropic'), part.signature);
      content.push({ type: 'thinking', thinking: '', signature });
    }
    if (block) content.push(block);
  }
  const calls = response.parts.some((part) => part.type === 'tool-call');
  return {
    id: messageId(response.id, context),
    type: 'message',
    role: 'assistant',
    model: context.model,
    content,
    stop_reason: encodeStopReason(response.finish, calls),
    stop_sequence: response.stopSequence ?? null,
    usage: encodeUsage(response.usage ?? { inputTokens: 0, outputTokens: 0 }),
  };
}

/** An id of the form clients know; the provider's own where it has that form already. */
export function messageId(id: string, context: AnswerContext): string {
  return id.startsWith('msg_') ? id : context.newId('msg');
}

function encodePart(part: AssistantPart, context: AnswerContext): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // Messages has no refusal block: the words are text and the stop reason says what they are.
      return part.text === '' ? undefined : { type: 'text', text: part.text };
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      return {
        type: 'tool_use',
        id: fitCallId(part.id, 'anthropic'),
        name: clientToolName(part, context.request),
        input: callInput(part),
      };
    case 'opaque':
      return part.protocol === 'anthropic-messages' ? (part.raw as JsonObject) : undefined;
  }
}

function encodeReasoning({ text, summary, signature }: ReasoningPart): JsonObject | undefined {
  const thinking = text || summary.join('\n\n');
  if (signature?.kind === 'redacted' && !thinking) {
    return { type: 'redacted_thinking', data: keepForClient(signature) };
  }
  if (!thinking && !signature) return undefined;
  return { type: 'thinking', thinking, signature: signature ? keepForClient(signature) : '' };
}
