import type { Loss, TurnRequest } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import { noteVendorFields } from '../losses/note.ts';
import type { EncodedRequest, EncodeTarget } from '../protocol.ts';
import { encodeConfig } from './encode-config.ts';
import { encodeContents } from './encode-contents.ts';
import type { JsonObject, PartEncoding } from './encode-parts.ts';
import { encodeTools } from './encode-tools.ts';
import { modelFamily } from './model-family.ts';
import { createGeminiToolNames } from './tool-names.ts';

/**
 * Writes a turn request for a Gemini backend. `model` and `stream` belong into its URL: whoever sends the body takes
 * them out of it.
 */
export function encodeRequest(request: TurnRequest, target: EncodeTarget): EncodedRequest {
  const losses: Loss[] = [];
  const names = createGeminiToolNames(request.tools);
  const family = modelFamily(target.model);
  const encoding: PartEncoding = { names, target, family, losses };
  const tools = encodeTools(request, encoding);
  const { system, contents } = encodeContents(request.messages, encoding);
  const body: JsonObject = { model: target.model, stream: request.stream, contents };
  if (system.length) body.systemInstruction = { parts: system };
  Object.assign(body, tools);
  const config = encodeConfig(request, family, tools.tools !== undefined, losses);
  if (config) body.generationConfig = config;
  const own = request.vendor?.protocol === 'gemini' ? request.vendor.fields : {};
  const { generationConfig: _, toolConfig, ...fields } = own;
  Object.assign(body, fields);
  if (toolConfig) body.toolConfig = { ...toolConfig, ...asRecord(body.toolConfig) };
  noteVendorFields(request, 'gemini', losses, own);
  noteUncarried(request, losses);
  return { body, names, losses };
}

function noteUncarried(request: TurnRequest, losses: Loss[]): void {
  const uncarried = {
    verbosity: request.verbosity,
    metadata: request.metadata,
    store: request.store || undefined,
    previousResponseId: request.previousResponseId,
    user: request.user,
    cache: request.cache,
  };
  for (const [path, value] of Object.entries(uncarried)) {
    if (value !== undefined) losses.push({ path, what: path, why: 'Gemini has no such field' });
  }
  const tier = request.serviceTier;
  if (tier !== undefined && tier !== 'auto' && tier !== 'default') {
    losses.push({ path: 'serviceTier', what: `service tier ${tier}`, why: 'Gemini has no such tier' });
  }
}
