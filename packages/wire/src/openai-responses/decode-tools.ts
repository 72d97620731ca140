import type { JsonSchema, Loss, ToolDefinition } from '../canonical/index.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} };

/**
 * Tools from `tools`, `additional_tools` or `tool_search_output`, namespaces taken apart. The first of two tools with
 * the same namespace and name stays; tools nobody can call (no name) are losses.
 */
export function decodeTools(
  tools: readonly unknown[],
  path: string,
  into: ToolDefinition[],
  losses: Loss[],
): void {
  const seen = new Set(into.map(keyOf));
  const add = (tool: ToolDefinition | undefined, at: string) => {
    if (!tool) losses.push({ path: at, what: 'a tool without a name', why: 'it cannot be called' });
    else if (!seen.has(keyOf(tool))) {
      seen.add(keyOf(tool));
      into.push(tool);
    }
  };
  for (const [at, value] of tools.entries()) {
    const tool = asRecord(value) ?? {};
    const where = `${path}[${at}]`;
    if (tool.type !== 'namespace') add(decodeTool(tool), where);
    else {
      const namespace = asText(tool.name);
      for (const [inner, nested] of asList(tool.tools).entries()) {
        const decoded = decodeTool(asRecord(nested) ?? {});
        if (decoded && namespace && (decoded.kind === 'function' || decoded.kind === 'custom')) {
          decoded.namespace = namespace;
          const description = asText(tool.description);
          if (description) decoded.namespaceDescription = description;
        }
        add(decoded, `${where}.tools[${inner}]`);
      }
    }
  }
}

/** What tells two tools apart. */
function keyOf(tool: ToolDefinition): string {
  return 'namespace' in tool && tool.namespace ? `${tool.namespace}\u0000${tool.name}` : tool.name;
}

function decodeTool(tool: JsonRecord): ToolDefinition | undefined {
  switch (tool.type) {
    case 'function':
      // Chat's nested form is tolerated: several clients mix the two.
      return decodeFunction(asRecord(tool.function) ?? tool);
    case 'custom':
      return decodeCustom(tool);
    case 'tool_search':
      if (tool.execution === 'client') return decodeToolSearch(tool);
      break;
  }
  const type = asText(tool.type);
  return type ? { kind: 'hosted', name: type, protocol: 'openai-responses', raw: tool } : undefined;
}

function decodeFunction(tool: JsonRecord): ToolDefinition | undefined {
  const name = asText(tool.name);
  if (!name) return undefined;
  const decoded: Extract<ToolDefinition, { kind: 'function' }> = {
    kind: 'function',
    name,
    parameters: asRecord(tool.parameters) ?? NO_PARAMETERS,
  };
  const description = asText(tool.description);
  if (description) decoded.description = description;
  if (typeof tool.strict === 'boolean') decoded.strict = tool.strict;
  return decoded;
}

function decodeCustom(tool: JsonRecord): ToolDefinition | undefined {
  const name = asText(tool.name);
  if (!name) return undefined;
  const decoded: Extract<ToolDefinition, { kind: 'custom' }> = { kind: 'custom', name };
  const description = asText(tool.description);
  if (description) decoded.description = description;
  const format = asRecord(tool.format);
  if (format?.type === 'text') decoded.format = { type: 'text' };
  if (format?.type === 'grammar') {
    const syntax = asText(format.syntax) ?? 'lark';
    decoded.format = { type: 'grammar', syntax, definition: asText(format.definition) ?? '' };
  }
  return decoded;
}

function decodeToolSearch(tool: JsonRecord): ToolDefinition {
  const decoded: Extract<ToolDefinition, { kind: 'tool-search' }> = {
    kind: 'tool-search',
    name: 'tool_search',
    parameters: asRecord(tool.parameters) ?? {
      type: 'object',
      properties: { query: { type: 'string' } },
      required: ['query'],
    },
  };
  const description = asText(tool.description);
  if (description) decoded.description = description;
  return decoded;
}
