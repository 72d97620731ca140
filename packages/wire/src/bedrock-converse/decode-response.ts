import type { AssistantPart, TurnResponse } from '../canonical/index.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { DecodeContext, Decoded } from '../protocol.ts';
import { restoreCall } from '../tools/restore-call.ts';
import { decodeStopReason, stopError } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

/** A whole Converse answer. It names neither itself nor its model. */
export function decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse> {
  const answer = asRecord(body);
  const content = asRecord(asRecord(answer?.output)?.message)?.content;
  if (!answer || !Array.isArray(content)) {
    const message = asText(answer?.message) ?? 'the provider answered without content';
    return { ok: false, error: { kind: 'server', source: 'upstream', code: 'bad_answer', message } };
  }
  const word = asText(answer.stopReason);
  const error = stopError(word);
  if (error) return { ok: false, error };
  const parts: AssistantPart[] = [];
  for (const entry of asList(content)) {
    const block = asRecord(entry);
    const part = block && decodeBlock(block, context);
    if (part) parts.push(part);
  }
  const value: TurnResponse = {
    id: context.newId('msg'),
    model: '',
    createdAt: context.nowSeconds(),
    parts,
    finish: decodeStopReason(
      word,
      parts.some((part) => part.type === 'tool-call'),
    ),
  };
  const usage = decodeUsage(answer.usage);
  if (usage) value.usage = usage;
  const tier = asText(asRecord(answer.serviceTier)?.type);
  if (tier !== undefined) value.serviceTier = tier;
  return { ok: true, value, losses: [] };
}

function decodeBlock(block: JsonRecord, context: DecodeContext): AssistantPart | undefined {
  if (typeof block.text === 'string') {
    return block.text === '' ? undefined : { type: 'text', text: block.text };
  }
  const call = asRecord(block.toolUse);
  if (call) {
    const { identity, input } = restoreCall(
      context.names,
      asText(call.name) ?? '',
      JSON.stringify(call.input ?? {}),
    );
    return { type: 'tool-call', ...identity, id: asText(call.toolUseId) ?? context.newId('tooluse'), input };
  }
  const reasoning = asRecord(block.reasoningContent);
  if (reasoning) return decodeReasoning(reasoning, context.issuer);
  const label = Object.keys(block)[0];
  return label === undefined
    ? undefined
    : { type: 'opaque', protocol: 'bedrock-converse', label, raw: block };
}

function decodeReasoning(reasoning: JsonRecord, issuer: string): AssistantPart {
  const redacted = asText(reasoning.redactedContent);
  if (redacted !== undefined) {
    const signature = { issuer, kind: 'redacted', data: redacted } as const;
    return { type: 'reasoning', text: '', summary: [], signature };
  }
  const written = asRecord(reasoning.reasoningText);
  const data = asText(written?.signature);
  return {
    type: 'reasoning',
    text: asText(written?.text) ?? '',
    summary: [],
    ...(data !== undefined && { signature: { issuer, kind: 'signature', data } }),
  };
}
