import type { AssistantPart, Loss, TurnResponse } from '../canonical/index.ts';
import { asCount, asList, asRecord, asText } from '../json/read.ts';
import type { DecodeContext, Decoded } from '../protocol.ts';
import { decodeAssistantContent } from './decode-content.ts';
import { decodeCall, decodeReasoning } from './decode-calls.ts';
import { readErrorBody } from '../errors/read-error.ts';
import { decodeFinish } from './finish-reason.ts';
import type { ItemContext } from './item-context.ts';
import { itemSchema, type ResponsesItem } from './schema.ts';
import { decodeUsage } from './usage.ts';

/** Reads a whole `response` object. A failed one, or an error inside HTTP 200, is an error. */
export function decodeResponse(body: unknown, context: DecodeContext): Decoded<TurnResponse> {
  const value = asRecord(body);
  if (!value || asRecord(value.error) || value.status === 'failed') {
    return { ok: false, error: readErrorBody(value?.error ?? body) };
  }
  if (!Array.isArray(value.output)) {
    const message = 'the provider answered without an output list';
    return { ok: false, error: { kind: 'server', message, source: 'upstream' } };
  }
  const losses: Loss[] = [];
  const parts = decodeOutput(value.output, { issuer: context.issuer, names: context.names, losses });
  const response: TurnResponse = {
    id: asText(value.id) ?? context.newId('resp'),
    model: asText(value.model) ?? '',
    createdAt: asCount(value.created_at) ?? context.nowSeconds(),
    parts,
    finish: decodeFinish(value.status, asRecord(value.incomplete_details)?.reason, {
      calls: parts.some((part) => part.type === 'tool-call'),
      refused: parts.some((part) => part.type === 'refusal'),
    }),
  };
  const usage = decodeUsage(value.usage);
  const serviceTier = asText(value.service_tier);
  if (usage) response.usage = usage;
  if (serviceTier) response.serviceTier = serviceTier;
  return { ok: true, value: response, losses };
}

function decodeOutput(output: unknown, context: ItemContext): AssistantPart[] {
  return asList(output).flatMap((raw, at): AssistantPart[] => {
    const item = readItem(raw);
    if (item) return decodeOutputItem(item, `output[${at}]`, context);
    context.losses.push({
      path: `output[${at}]`,
      what: 'an unreadable item',
      why: 'it is not a Responses item',
    });
    return [];
  });
}

/** Checks one output item. */
export function readItem(raw: unknown): ResponsesItem | undefined {
  const read = itemSchema.safeParse(raw);
  return read.success ? read.data : undefined;
}

/** One output item as canonical parts. */
export function decodeOutputItem(item: ResponsesItem, path: string, context: ItemContext): AssistantPart[] {
  if (item.type === 'message') return decodeAssistantContent(item.content, `${path}.content`, context.losses);
  if (item.type === 'reasoning') return [decodeReasoning(item, context)];
  const call = decodeCall(item, context);
  if (call) return [call];
  return [{ type: 'opaque', protocol: 'openai-responses', label: item.type ?? 'item', raw: item }];
}
