import type { ReasoningPart, Signature, ToolCallPart } from '../canonical/index.ts';
import { sealSignature } from '../reasoning/index.ts';
import { callItem } from './call-item.ts';
import { NATIVE_ISSUER } from './item-context.ts';

/** Items of an answer, as both the streamed and the whole form write them. */

export type AnswerItem = Record<string, unknown> & { id: string; type: string };
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export function textContent(text: string): Record<string, unknown> {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export function refusalContent(text: string): Record<string, unknown> {
  return { type: 'refusal', refusal: text };
}

export function messageItem(
  id: string,
  status: ItemStatus,
  content: readonly Record<string, unknown>[],
  phase?: string,
): AnswerItem {
  return { id, type: 'message', status, role: 'assistant', ...(phase && { phase }), content };
}

export function reasoningItem(
  id: string,
  part: Pick<ReasoningPart, 'text' | 'summary' | 'signature'>,
  issuer: string,
): AnswerItem {
  const sealed = sealReasoning(part.text, part.signature, issuer);
  return {
    id,
    type: 'reasoning',
    summary: part.summary.map((text) => ({ type: 'summary_text', text })),
    ...(part.text !== '' && { content: [{ type: 'reasoning_text', text: part.text }] }),
    ...(sealed !== undefined && { encrypted_content: sealed }),
  };
}

export function answerCall(
  id: string,
  status: ItemStatus,
  call: Pick<ToolCallPart, 'kind' | 'id' | 'name' | 'namespace' | 'input'>,
): AnswerItem {
  const { type, ...rest } = callItem(call, call.id);
  return { id, type: String(type), status, ...rest };
}

/**
 * `encrypted_content` of a reasoning item. Codex replays it but drops `content`, so the text travels inside:
 * Anthropic needs it beside its signature, DeepSeek and Kimi want unsigned thinking back in tool loops.
 */
function sealReasoning(text: string, signature: Signature | undefined, issuer: string): string | undefined {
  if (signature?.issuer === NATIVE_ISSUER && signature.kind === 'encrypted') return signature.data;
  if (!signature)
    return text === '' ? undefined : sealSignature({ issuer, kind: 'signature', data: '', text });
  return sealSignature(text === '' ? signature : { ...signature, text });
}

/** An id of the client's own making stays; any other is replaced by one with the right prefix. */
export function itemId(
  wanted: string | undefined,
  prefix: string,
  newId: (prefix: string) => string,
): string {
  return wanted?.startsWith(`${prefix}_`) ? wanted : newId(prefix);
}
