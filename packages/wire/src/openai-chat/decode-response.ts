import type { AssistantPart, TurnResponse } from '../canonical/index.ts';
import { asCount, asList, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, Decoded } from '../protocol.ts';
import { restoreCall } from '../tools/restore-call.ts';
import { createEchoFilter } from './begun-answer.ts';
import { decodeCallSignature } from './call-signature.ts';
import { readContentList, readReasoning } from './decode-content.ts';
import { argumentsText } from './decode-messages.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeFinishReason } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

/** A whole Chat Completions answer. An error object inside HTTP 200 is an error. */
export function decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse> {
  const answer = asRecord(body);
  if (answer?.error || answer?.object === 'error') return { ok: false, error: readErrorBody(answer) };
  const choice = asRecord(asList(answer?.choices)[0]);
  const message = asRecord(choice?.message);
  if (!answer || !choice || !message) {
    return {
      ok: false,
      error: {
        kind: 'server',
        source: 'upstream',
        code: 'bad_answer',
        message: 'the provider answered without choices[0].message',
      },
    };
  }
  if (choice.finish_reason === 'error' || asRecord(choice.error)) {
    return {
      ok: false,
      error: readErrorBody(
        asRecord(choice.error) ? choice : { message: 'the provider ended the turn with an error' },
      ),
    };
  }
  const parts = decodeParts(message, context);
  const finish = decodeFinishReason(asText(choice.finish_reason), {
    calls: parts.some((part) => part.type === 'tool-call'),
    refusal: parts.some((part) => part.type === 'refusal'),
  });
  const value: TurnResponse = {
    id: asText(answer.id) ?? context.newId('chatcmpl'),
    model: asText(answer.model) ?? '',
    createdAt: asCount(answer.created) ?? context.nowSeconds(),
    parts,
    finish,
  };
  const stopSequence = finish === 'stop' ? asText(choice.stop_reason) : undefined;
  if (stopSequence !== undefined) Object.assign(value, { finish: 'stop-sequence', stopSequence });
  const usage = decodeUsage(answer.usage);
  if (usage) value.usage = usage;
  const tier = asText(answer.service_tier);
  if (tier !== undefined) value.serviceTier = tier;
  return { ok: true, value, losses: [] };
}

function decodeParts(message: JsonRecord, context: DecodeContext): AssistantPart[] {
  const parts: AssistantPart[] = [];
  const thinking = readReasoning(message);
  if (thinking !== undefined) parts.push({ type: 'reasoning', text: thinking, summary: [] });
  const echo = createEchoFilter(context.echo);
  const text = asText(message.content);
  if (text !== undefined) parts.push({ type: 'text', text: echo.take(text) });
  for (const piece of readContentList(message.content)) {
    if (piece.type === 'reasoning') parts.push({ ...piece, type: 'reasoning', summary: [] });
    else if (piece.type === 'text') parts.push({ ...piece, type: 'text', text: echo.take(piece.text) });
    else parts.push({ ...piece, type: piece.type });
  }
  const rest = echo.end();
  if (rest !== '') parts.push({ type: 'text', text: rest });
  const refusal = asText(message.refusal);
  if (refusal !== undefined) parts.push({ type: 'refusal', text: refusal });
  for (const entry of asList(message.tool_calls)) {
    const call = asRecord(entry);
    if (call) parts.push(decodeCall(call, context));
  }
  const legacy = asRecord(message.function_call);
  if (legacy) parts.push(decodeCall({ function: legacy }, context));
  return parts;
}

function decodeCall(call: JsonRecord, context: DecodeContext): AssistantPart {
  const id = asText(call.id) ?? context.newId('call');
  const custom = asRecord(call.custom);
  if (custom) {
    const identity = context.names.restore(asText(custom.name) ?? '');
    return { type: 'tool-call', ...identity, kind: 'custom', id, input: asText(custom.input) ?? '' };
  }
  const called = asRecord(call.function) ?? call;
  const { identity, input } = restoreCall(
    context.names,
    asText(called.name) ?? '',
    argumentsText(called.arguments),
  );
  const signature = decodeCallSignature(call.extra_content, context.issuer);
  return { type: 'tool-call', ...identity, id, input, ...(signature && { signature }) };
}
