import type { AssistantPart, TurnResponse, WireError } from '../canonical/index.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, Decoded } from '../protocol.ts';
import { createAnswerIds, readAnswerPart } from './answer-part.ts';
import { decodeErrorBody } from './error.ts';
import { decodeFinishReason, finishError } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

/** A whole `generateContent` answer. A prompt that was blocked is an empty answer that says so, and costs its input. */
export function decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse> {
  const answer = asRecord(body);
  if (answer?.error) return { ok: false, error: decodeErrorBody(answer) };
  const candidate = asRecord(asList(answer?.candidates)[0]);
  const blocked = isBlocked(answer);
  if (!answer || (!candidate && !blocked)) {
    return { ok: false, error: bad('the provider answered without candidates[0]') };
  }
  const failed = candidate && finishError(candidate);
  if (failed) return { ok: false, error: failed };
  const parts = decodeParts(candidate, context);
  const calls = parts.some((part) => part.type === 'tool-call');
  const value: TurnResponse = {
    id: asText(answer.responseId) ?? context.newId('resp'),
    model: asText(answer.modelVersion) ?? '',
    createdAt: context.nowSeconds(),
    parts,
    finish: blocked ? 'content-filter' : decodeFinishReason(asText(candidate?.finishReason), calls),
  };
  const usage = decodeUsage(answer.usageMetadata);
  if (usage) value.usage = usage;
  return { ok: true, value, losses: [] };
}

/** Whether the prompt itself was refused (`promptFeedback.blockReason`). */
export function isBlocked(answer: JsonRecord | undefined): boolean {
  return asText(asRecord(answer?.promptFeedback)?.blockReason) !== undefined;
}

function decodeParts(candidate: JsonRecord | undefined, context: DecodeContext): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const idOf = createAnswerIds(context);
  for (const entry of asList(asRecord(candidate?.content)?.parts)) {
    const part = readAnswerPart(entry, context);
    if (part) add(part);
  }
  return parts;

  function add(part: NonNullable<ReturnType<typeof readAnswerPart>>): void {
    const signed = 'signature' in part && part.signature ? { signature: part.signature } : {};
    switch (part.type) {
      case 'call':
        parts.push({ type: 'tool-call', ...part.identity, id: idOf(part.id), input: part.input, ...signed });
        break;
      case 'reasoning':
        parts.push({ type: 'reasoning', text: part.text, summary: [], ...signed });
        break;
      case 'text':
        if (part.text !== '') parts.push({ type: 'text', text: part.text });
        if ('signature' in signed) parts.push({ type: 'reasoning', text: '', summary: [], ...signed });
        break;
      case 'opaque':
        parts.push({ type: 'opaque', protocol: 'gemini', label: part.label, raw: part.raw });
    }
  }
}

function bad(message: string): WireError {
  return { kind: 'server', source: 'upstream', code: 'bad_answer', message };
}
