import type { Loss, ToolChoice, ToolDefinition, ToolNames, ToolReference } from '../canonical/index.ts';

type JsonObject = Record<string, unknown>;
type NamedTool = Extract<ToolDefinition, { kind: 'function' | 'custom' }>;

/** The name the upstream sees: namespaces stay apart, so only a bare name may have to be made legal. */
export function upstreamName(tool: ToolReference, names: ToolNames): string {
  return tool.namespace ? tool.name : names.flatten(tool);
}

/** Canonical tools → Responses tools in the client's order; tools of one namespace stand where its first one stood. */
export function encodeTools(
  tools: readonly ToolDefinition[],
  names: ToolNames,
  losses: Loss[],
  leaveOut?: ReadonlySet<ToolDefinition>,
): JsonObject[] {
  const encoded: JsonObject[] = [];
  const namespaces = new Map<string, JsonObject[]>();
  for (const [at, tool] of tools.entries()) {
    if (leaveOut?.has(tool)) continue;
    if (tool.kind === 'hosted') {
      if (tool.protocol === 'openai-responses') encoded.push(tool.raw as JsonObject);
      else {
        const why = `only ${tool.protocol} runs it`;
        losses.push({ path: `tools[${at}]`, what: `hosted tool ${tool.name}`, why });
      }
    } else if (tool.kind === 'tool-search') {
      const { description, parameters } = tool;
      encoded.push({
        type: 'tool_search',
        execution: 'client',
        ...(description && { description }),
        parameters,
      });
    } else if (tool.namespace) {
      const known = namespaces.get(tool.namespace);
      const nested = known ?? [];
      nested.push(encodeTool(tool, names));
      if (!known) {
        namespaces.set(tool.namespace, nested);
        // The API demands a description.
        const description = tool.namespaceDescription ?? `Tools of ${tool.namespace}.`;
        encoded.push({ type: 'namespace', name: tool.namespace, description, tools: nested });
      }
    } else encoded.push(encodeTool(tool, names));
  }
  return encoded;
}

function encodeTool(tool: NamedTool, names: ToolNames): JsonObject {
  const name = upstreamName(tool, names);
  const description = tool.description !== undefined && { description: tool.description };
  if (tool.kind === 'custom') {
    return { type: 'custom', name, ...description, ...(tool.format && { format: tool.format }) };
  }
  // Absent `strict` means true to this API and false to all others.
  return {
    type: 'function',
    name,
    ...description,
    parameters: tool.parameters,
    strict: tool.strict ?? false,
  };
}

/** `tool_choice`; nothing where it names a tool that is not offered. */
export function encodeToolChoice(
  choice: ToolChoice,
  tools: readonly ToolDefinition[],
  names: ToolNames,
  losses: Loss[],
): unknown {
  const reference = (wanted: ToolReference): JsonObject[] => {
    const tool = tools.find((offered) => isSame(offered, wanted));
    if (tool?.kind === 'hosted' && tool.protocol === 'openai-responses') return [{ type: tool.name }];
    if (tool?.kind === 'tool-search') return [{ type: 'tool_search' }];
    if (tool?.kind === 'function' || tool?.kind === 'custom') {
      const namespace = tool.namespace && { namespace: tool.namespace };
      return [{ type: tool.kind, name: upstreamName(tool, names), ...namespace }];
    }
    losses.push({ path: 'toolChoice', what: `tool choice ${wanted.name}`, why: 'no such tool is offered' });
    return [];
  };
  if (choice.type === 'tool') return reference(choice.tool)[0];
  if (choice.type !== 'allowed') return choice.type;
  const allowed = choice.tools.flatMap(reference);
  return allowed.length ? { type: 'allowed_tools', mode: choice.mode, tools: allowed } : undefined;
}

function isSame(tool: ToolDefinition, wanted: ToolReference): boolean {
  const namespace = 'namespace' in tool ? tool.namespace : undefined;
  return tool.name === wanted.name && (namespace ?? '') === (wanted.namespace ?? '');
}
