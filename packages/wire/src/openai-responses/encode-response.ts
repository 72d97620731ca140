import type { AssistantPart, TurnResponse } from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import {
  answerCall,
  itemId,
  messageItem,
  reasoningItem,
  refusalContent,
  textContent,
  type AnswerItem,
} from './answer-items.ts';
import { callPrefix } from './call-item.ts';
import { sealCallSignature } from '../reasoning/call-carrier.ts';
import { encodeFinish } from './finish-reason.ts';
import { responseSettings, responseState } from './snapshot.ts';

/** Writes a finished turn as a whole `response` object. */
export function encodeResponse(response: TurnResponse, context: AnswerContext): unknown {
  const { status, incompleteReason } = encodeFinish(response.finish);
  const failed = status === 'failed' && { code: 'server_error', message: 'the provider ended the answer' };
  const state = responseState(
    {
      id: itemId(response.id, 'resp', context.newId),
      createdAt: response.createdAt,
      status,
      output: encodeParts(response.parts, context),
      usage: response.usage,
      incompleteReason,
      error: failed || undefined,
      serviceTier: response.serviceTier,
    },
    context,
  );
  return { ...state, ...responseSettings(context.request) };
}

function encodeParts(parts: readonly AssistantPart[], context: AnswerContext): AnswerItem[] {
  const items: AnswerItem[] = [];
  for (const part of parts) items.push(...encodePart(part, context));
  return items;
}

function encodePart(part: AssistantPart, { newId, issuer }: AnswerContext): AnswerItem[] {
  switch (part.type) {
    case 'text':
      return [messageItem(newId('msg'), 'completed', [textContent(part.text)])];
    case 'refusal':
      return [messageItem(newId('msg'), 'completed', [refusalContent(part.text)])];
    case 'reasoning':
      return [reasoningItem(itemId(part.id, 'rs', newId), part, issuer)];
    case 'tool-call': {
      const call = answerCall(itemId(part.itemId, callPrefix(part.kind), newId), 'completed', part);
      if (!part.signature) return [call];
      const carrier = { text: '', summary: [] };
      const sealed = sealCallSignature(part.id, part.signature);
      return [call, { ...reasoningItem(newId('rs'), carrier, issuer), encrypted_content: sealed }];
    }
    case 'opaque':
      return part.protocol === 'openai-responses' ? [part.raw as AnswerItem] : [];
  }
}
