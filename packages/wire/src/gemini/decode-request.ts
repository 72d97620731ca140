import type {
  Loss,
  Message,
  ToolChoice,
  ToolDefinition,
  ToolResultPart,
  TurnRequest,
  UserPart,
} from '../canonical/index.ts';
import { readBody } from '../json/read-body.ts';
import { asRecord } from '../json/read.ts';
import type { Decoded } from '../protocol.ts';
import { createCallIds, type CallIds } from './call-ids.ts';
import { camelNames } from './camel-names.ts';
import { decodeConfig } from './decode-config.ts';
import { joinThoughts } from './join-thoughts.ts';
import { decodeAssistantPart, decodeResult, decodeUserPart } from './decode-parts.ts';
import { fromGeminiSchema } from './from-gemini-schema.ts';
import { geminiRequestSchema, type GeminiContent, type GeminiRequest, type GeminiTool } from './schema.ts';

/**
 * A `generateContent` request as a canonical turn request, or a `countTokens` request: the same, or that inside
 * `generateContentRequest`. `model` (with or without `models/`) and `stream` are expected in the body.
 */
export function decodeRequest(body: unknown): Decoded<TurnRequest> {
  const named = asRecord(camelNames(body));
  const counted = asRecord(named?.generateContentRequest);
  const read = readBody(
    geminiRequestSchema,
    counted ? { ...counted, model: named?.model ?? counted.model } : named,
  );
  if (!read.ok) return read;
  const losses: Loss[] = [];
  return { ok: true, value: decodeBody(read.value, losses), losses };
}

function decodeBody(body: GeminiRequest, losses: Loss[]): TurnRequest {
  const request: TurnRequest = {
    model: body.model.replace(/^models\//, ''),
    messages: [...decodeSystem(body.systemInstruction), ...decodeContents(body.contents)],
    tools: decodeTools(body.tools ?? []),
    stream: body.stream === true,
  };
  const choice = decodeToolChoice(body.toolConfig);
  if (choice) request.toolChoice = choice;
  const choices = body.generationConfig?.candidateCount ?? 1;
  if (choices > 1)
    losses.push({ path: 'candidateCount', what: `${choices} candidates`, why: 'a turn has one answer' });
  const rest = body.generationConfig ? decodeConfig(body.generationConfig, request) : {};
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(body)) {
    if (field in geminiRequestSchema.shape || value === undefined || value === null) continue;
    fields[field] = value;
  }
  const { functionCallingConfig: _, ...more } = body.toolConfig ?? {};
  if (Object.keys(more).length) fields.toolConfig = more;
  if (Object.keys(rest).length) fields.generationConfig = rest;
  if (Object.keys(fields).length) request.vendor = { protocol: 'gemini', fields };
  return request;
}

function decodeSystem(system: GeminiRequest['systemInstruction']): Message[] {
  const texts = typeof system === 'string' ? [system] : (system?.parts ?? []).map(({ text }) => text ?? '');
  const parts = texts.filter((text) => text !== '').map((text) => ({ type: 'text' as const, text }));
  return parts.length ? [{ role: 'system', parts }] : [];
}

function decodeContents(contents: readonly GeminiContent[]): Message[] {
  const ids = createCallIds();
  return contents.flatMap((content) => decodeContent(content, ids));
}

function decodeContent({ role, parts }: GeminiContent, ids: CallIds): Message[] {
  if (role === 'system') return decodeSystem({ parts });
  if (role === 'model') {
    return [
      {
        role: 'assistant',
        parts: joinThoughts((parts ?? []).flatMap((part) => decodeAssistantPart(part, ids))),
      },
    ];
  }
  const results: ToolResultPart[] = [];
  const said: UserPart[] = [];
  for (const part of parts ?? []) {
    if (part.functionResponse) results.push(decodeResult(part.functionResponse, ids));
    else said.push(decodeUserPart(part));
  }
  const messages: Message[] = [];
  if (results.length) messages.push({ role: 'tool', parts: results });
  if (said.length) messages.push({ role: 'user', parts: said });
  return messages;
}

function decodeTools(tools: readonly GeminiTool[]): ToolDefinition[] {
  const decoded: ToolDefinition[] = [];
  for (const { functionDeclarations, ...hosted } of tools) {
    for (const declared of functionDeclarations ?? []) {
      const full = declared.parametersJsonSchema;
      decoded.push({
        kind: 'function',
        name: declared.name,
        ...(declared.description && { description: declared.description }),
        parameters:
          full ??
          (declared.parameters ? fromGeminiSchema(declared.parameters) : { type: 'object', properties: {} }),
        ...(full && { fullSchema: true as const }),
      });
    }
    for (const [name, settings] of Object.entries(hosted)) {
      if (settings === null || settings === undefined) continue;
      decoded.push({ kind: 'hosted', name, protocol: 'gemini', raw: { [name]: settings } });
    }
  }
  return decoded;
}

function decodeToolChoice(config: GeminiRequest['toolConfig']): ToolChoice | undefined {
  const calling = config?.functionCallingConfig;
  const mode = calling?.mode?.toUpperCase();
  const tools = (calling?.allowedFunctionNames ?? []).map((name) => ({ name }));
  if (mode === 'NONE') return { type: 'none' };
  if (mode === 'ANY') {
    const [only] = tools;
    if (!only) return { type: 'required' };
    return tools.length === 1 ? { type: 'tool', tool: only } : { type: 'allowed', mode: 'required', tools };
  }
  if (mode !== 'AUTO' && mode !== 'VALIDATED') return undefined;
  return tools.length ? { type: 'allowed', mode: 'auto', tools } : { type: 'auto' };
}
