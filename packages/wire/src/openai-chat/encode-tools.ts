import type { ToolChoice, ToolDefinition, ToolReference } from '../canonical/index.ts';
import { customToolAsFunction } from '../tools/index.ts';
import type { MessageEncoding } from './encode-messages.ts';
import { noteCache } from './encode-parts.ts';

type JsonObject = Record<string, unknown>;

/** The tools as Chat functions, in the client's order: custom ones take one string, namespaces become part of the name. */
export function encodeTools(
  tools: readonly ToolDefinition[],
  choice: ToolChoice | undefined,
  encoding: MessageEncoding,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  tools.forEach((tool, at) => {
    const path = `tools[${at}]`;
    if (tool.kind === 'hosted') {
      if (tool.protocol === 'openai-chat') encoded.push(tool.raw as JsonObject);
      else
        encoding.losses.push({
          path,
          what: `hosted tool ${tool.name}`,
          why: 'Chat Completions has no hosted tools',
        });
      return;
    }
    // `allowed_tools` is known to few backends; offering only the allowed ones means the same.
    if (choice?.type === 'allowed' && !choice.tools.some((wanted) => isSame(wanted, tool))) return;
    if (!tool.name) {
      encoding.losses.push({ path, what: 'a tool without a name', why: 'it cannot be called' });
      return;
    }
    encoded.push(encodeTool(tool, path, encoding));
  });
  return encoded;
}

function encodeTool(
  tool: Exclude<ToolDefinition, { kind: 'hosted' }>,
  path: string,
  { names, quirks, losses }: MessageEncoding,
): JsonObject {
  const plain = tool.kind === 'custom' ? customToolAsFunction(tool) : tool;
  if ('cache' in plain) noteCache(plain.cache, path, losses);
  const definition: JsonObject = { name: names.flatten(tool) };
  if (plain.description) definition.description = plain.description;
  definition.parameters = plain.parameters;
  if (plain.kind === 'function' && plain.strict !== undefined) {
    if (quirks.strictTools) definition.strict = plain.strict;
    else if (plain.strict) losses.push({ path, what: 'strict', why: 'the backend does not enforce schemas' });
  }
  return { type: 'function', function: definition };
}

/** `tool_choice` for a request that has tools. */
export function encodeToolChoice(choice: ToolChoice, { names }: MessageEncoding): unknown {
  if (choice.type === 'tool') return { type: 'function', function: { name: names.flatten(choice.tool) } };
  return choice.type === 'allowed' ? choice.mode : choice.type;
}

function isSame(wanted: ToolReference, tool: ToolReference): boolean {
  return wanted.name === tool.name && (wanted.namespace ?? '') === (tool.namespace ?? '');
}
