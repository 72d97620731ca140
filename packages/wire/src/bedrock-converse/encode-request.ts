import type { Loss, TurnRequest } from '../canonical/index.ts';
import { noteVendorFields } from '../losses/note.ts';
import type { EncodedRequest, EncodeTarget } from '../protocol.ts';
import { createToolNames } from '../tools/index.ts';
import type { BlockEncoding, JsonObject } from './encode-blocks.ts';
import { encodeConfig } from './encode-config.ts';
import { encodeMessages, markLast } from './encode-messages.ts';
import { encodeToolConfig } from './encode-tools.ts';
import { modelFamily } from './model-family.ts';

/** Writes a turn request for Bedrock. Model and kind of answer stand in the URL alone. */
export function encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  const losses: Loss[] = [];
  const names = createToolNames(request.tools);
  const family = modelFamily(target.model);
  const encoding: BlockEncoding = { names, target, family, losses, documents: new Set() };
  const { system, messages } = encodeMessages(request.messages, encoding);
  const { inferenceConfig, additional, thinking } = encodeConfig(request, messages, encoding);
  const toolConfig = encodeToolConfig(request, thinking, encoding);
  if (request.cache) markLast(messages, request.cache, encoding);

  const body: JsonObject = { messages };
  if (system.length) body.system = system;
  if (Object.keys(inferenceConfig).length) body.inferenceConfig = inferenceConfig;
  if (toolConfig) body.toolConfig = toolConfig;
  if (Object.keys(additional).length) body.additionalModelRequestFields = additional;
  encodeFormat(request, target, body, losses);
  const tier = request.serviceTier;
  if (tier === 'flex' || tier === 'priority') body.serviceTier = { type: tier };
  else if (tier !== undefined && tier !== 'auto' && tier !== 'default' && tier !== 'standard_only')
    losses.push({ path: 'serviceTier', what: `service tier ${tier}`, why: 'Bedrock has no such tier' });
  encodeMetadata(request, body, losses);
  noteUncarried(request, losses);
  noteVendorFields(request, 'bedrock-converse', losses);
  return { body, names, losses };
}

function encodeFormat(request: TurnRequest, target: EncodeTarget, body: JsonObject, losses: Loss[]): void {
  const format = request.responseFormat;
  if (format?.type === 'json-object') {
    losses.push({ path: 'responseFormat', what: 'json_object', why: 'Converse only knows schemas' });
  } else if (format?.type === 'json-schema') {
    if (target.quirks?.jsonSchema === false) {
      losses.push({ path: 'responseFormat', what: 'JSON schema', why: 'the backend takes none' });
      return;
    }
    const { name, description } = format;
    const jsonSchema = { schema: JSON.stringify(format.schema), name, ...(description && { description }) };
    body.outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
  }
}

const METADATA = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;

/** Pairs by which invocation logs are filtered; one that breaks their rule would have the whole turn refused. */
function encodeMetadata({ metadata }: TurnRequest, body: JsonObject, losses: Loss[]): void {
  if (!metadata) return;
  const kept = Object.entries(metadata).filter(([key, value]) => METADATA.test(key) && METADATA.test(value));
  const taken = kept.slice(0, 16);
  if (taken.length) body.requestMetadata = Object.fromEntries(taken);
  if (taken.length < Object.keys(metadata).length) {
    const why = 'Bedrock takes 16 short pairs of plain text';
    losses.push({ path: 'metadata', what: 'metadata', why });
  }
}

function noteUncarried(request: TurnRequest, losses: Loss[]): void {
  const uncarried = {
    frequencyPenalty: request.frequencyPenalty || undefined,
    presencePenalty: request.presencePenalty || undefined,
    seed: request.seed,
    verbosity: request.verbosity,
    store: request.store || undefined,
    previousResponseId: request.previousResponseId,
    user: request.user,
  };
  for (const [path, value] of Object.entries(uncarried)) {
    if (value !== undefined) losses.push({ path, what: path, why: 'Converse has no such field' });
  }
}
