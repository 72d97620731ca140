import type { Message, ProviderProtocolName, TurnRequest, Usage } from '@vigiles/wire';
import type { Resume } from './answer-joiner.ts';
import { anchorOf } from './seam.ts';

/** The request for the next part of an answer. */
export interface Continuation {
  request: TurnRequest;
  /** The provider goes on in the very same message. */
  prefilled: boolean;
}

/** Less than this is not worth a request, tokens. */
const LEAST_ROOM = 64;

/** Whether an answer may go on at all: its form allows it, and the client's own limit is not what stopped it. */
export function mayContinue(request: TurnRequest, usages: readonly Usage[], chars: number): boolean {
  const format = request.responseFormat?.type;
  // JSON that is begun anew cannot be joined to JSON that was cut.
  if (format === 'json-object' || format === 'json-schema') return false;
  return roomLeft(request, usages, chars) >= LEAST_ROOM;
}

/** Tokens the client's own limit still allows. Parts that reported nothing are judged by their length. */
function roomLeft({ maxOutputTokens }: TurnRequest, usages: readonly Usage[], chars: number): number {
  if (maxOutputTokens === undefined) return Number.POSITIVE_INFINITY;
  const told = usages.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  return maxOutputTokens - Math.max(told, Math.ceil(chars / 4));
}

/** The conversation so far, the answer so far, and the wish to go on. */
export function continuationRequest(
  request: TurnRequest,
  resume: Resume,
  target: { protocol: ProviderProtocolName; model: string },
  usages: readonly Usage[],
  chars: number,
): Continuation {
  const prefilled = resume.kind === 'text' && takesPrefill(request, target);
  const said = prefilled ? resume.text.trimEnd() : resume.text;
  const more: Message[] =
    said.trim() === '' ? [] : [{ role: 'assistant', parts: [{ type: 'text', text: said }] }];
  if (!prefilled) more.push({ role: 'user', parts: [{ type: 'text', text: wish(resume) }] });
  const next: TurnRequest = { ...request, messages: [...request.messages, ...more] };
  const room = roomLeft(request, usages, chars);
  if (Number.isFinite(room)) next.maxOutputTokens = room;
  return { request: next, prefilled };
}

/**
 * Claude up to 4.5 goes on in a message that ends with the assistant's words, unless it thinks; later ones refuse that
 * with 400. Elsewhere such a message is answered, not continued.
 */
function takesPrefill(
  request: TurnRequest,
  { protocol, model }: { protocol: ProviderProtocolName; model: string },
): boolean {
  if (protocol !== 'anthropic-messages' && protocol !== 'bedrock-converse') return false;
  const { reasoning } = request;
  if (reasoning && !reasoning.disabled && reasoning.effort !== 'none') return false;
  const name = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
  return name !== null && Number(name[1]) + Number(name[2] ?? 0) / 100 < 4.06;
}

function wish(resume: Resume): string {
  if (resume.kind === 'call') {
    return `Your answer reached the output limit while you were calling the tool "${resume.name}", and the call was cut. Make that same call again, whole, with the same arguments. Write nothing else.`;
  }
  return `Your answer above reached the output limit and was cut. Go on from exactly where it stopped, as if it had not been: no comment, no summary, no new heading or code fence, nothing said again. So that the two parts can be joined, begin with these last characters of it and go on from there:\n${anchorOf(resume.text)}`;
}
