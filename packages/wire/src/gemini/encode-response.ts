import type {
  AssistantPart,
  ReasoningPart,
  Signature,
  ToolCallPart,
  TurnResponse,
  Usage,
} from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import { clientToolName } from '../tools/client-tool-name.ts';
import { callArgs, type JsonObject } from './encode-parts.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { keepForClient } from './signature.ts';
import { encodeUsage } from './usage.ts';

/** A whole answer as a `GenerateContentResponse`. */
export function encodeResponse(response: TurnResponse, context: AnswerContext): JsonObject {
  const parts = response.parts.map((part) => encodePart(part, context)).filter((part) => part !== undefined);
  return {
    ...answerBody(parts, encodeFinishReason(response.finish)),
    ...(response.usage && { usageMetadata: encodeUsage(response.usage) }),
    modelVersion: context.model,
    responseId: response.id || context.newId('resp'),
  };
}

/** The candidate of an answer, or of one event of a stream. */
export function answerBody(parts: readonly JsonObject[], finishReason?: string): JsonObject {
  const candidate = { content: { role: 'model', parts }, ...(finishReason && { finishReason }), index: 0 };
  return { candidates: [candidate] };
}

/** `usageMetadata` and names around a stream's events. */
export function answerTail(id: string, model: string, usage: Usage | undefined): JsonObject {
  return { ...(usage && { usageMetadata: encodeUsage(usage) }), modelVersion: model, responseId: id };
}

function encodePart(part: AssistantPart, context: AnswerContext): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // Gemini has no part for a refusal: the words are text and the finish reason says what they are.
      return part.text === '' ? undefined : { text: part.text };
    case 'reasoning':
      return encodeThought(part);
    case 'tool-call':
      return callPart(part, context);
    case 'opaque':
      return part.protocol === 'gemini' ? (part.raw as JsonObject) : undefined;
  }
}

/** A call as its client knows it; a signature is kept for its issuer. */
export function callPart(call: ToolCallPart, context: AnswerContext): JsonObject {
  const functionCall = { id: call.id, name: clientToolName(call, context.request), args: callArgs(call) };
  return { functionCall, ...signed(call.signature) };
}

function encodeThought({ text, summary, signature }: ReasoningPart): JsonObject | undefined {
  const thinking = text || summary.join('\n\n');
  return thinking || signature ? thoughtPart(thinking, signature) : undefined;
}

/** @param before text of the same thought that went out already */
export function thoughtPart(text: string, signature: Signature | undefined, before?: string): JsonObject {
  return { text, thought: true, ...signed(signature, before) };
}

function signed(signature: Signature | undefined, before?: string): JsonObject {
  return signature ? { thoughtSignature: keepForClient(signature, before) } : {};
}
