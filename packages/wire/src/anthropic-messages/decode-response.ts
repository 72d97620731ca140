import type { AssistantPart, TurnResponse } from '../canonical/index.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, Decoded } from '../protocol.ts';
import { restoreCall } from '../tools/restore-call.ts';
import { decodeStopReason } from './finish-reason.ts';
import { decodeThinking } from './signature.ts';
import { decodeUsage } from './usage.ts';

/** A whole Messages answer. An error envelope inside HTTP 200 is an error. */
export function decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse> {
  const answer = asRecord(body);
  if (answer?.error) return { ok: false, error: readErrorBody(answer) };
  if (!answer || !Array.isArray(answer.content)) {
    const message = 'the provider answered without content';
    return { ok: false, error: { kind: 'server', source: 'upstream', code: 'bad_answer', message } };
  }
  const parts: AssistantPart[] = [];
  for (const entry of asList(answer.content)) {
    const block = asRecord(entry);
    const part = block && decodeBlock(block, context);
    if (part) parts.push(part);
  }
  const value: TurnResponse = {
    id: asText(answer.id) ?? context.newId('msg'),
    model: asText(answer.model) ?? '',
    createdAt: context.nowSeconds(),
    parts,
    finish: decodeStopReason(
      asText(answer.stop_reason),
      parts.some((part) => part.type === 'tool-call'),
    ),
  };
  const stopSequence = asText(answer.stop_sequence);
  if (value.finish === 'stop-sequence' && stopSequence !== undefined) value.stopSequence = stopSequence;
  const usage = decodeUsage(answer.usage);
  if (usage) value.usage = usage;
  const tier = asText(asRecord(answer.usage)?.service_tier);
  if (tier !== undefined) value.serviceTier = tier;
  return { ok: true, value, losses: [] };
}

function decodeBlock(block: JsonRecord, context: DecodeContext): AssistantPart | undefined {
  switch (block.type) {
    case 'text': {
      const text = asText(block.text);
      return text === undefined ? undefined : { type: 'text', text };
    }
    case 'thinking':
    case 'redacted_thinking':
      return decodeThinking(block, context.issuer);
    case 'tool_use': {
      const args = typeof block.input === 'string' ? block.input : JSON.stringify(block.input ?? {});
      const { identity, input } = restoreCall(context.names, asText(block.name) ?? '', args);
      return { type: 'tool-call', ...identity, id: asText(block.id) ?? context.newId('toolu'), input };
    }
    default:
      return { type: 'opaque', protocol: 'anthropic-messages', label: String(block.type), raw: block };
  }
}
