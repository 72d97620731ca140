import type { JsonSchema, ToolDefinition, TurnRequest } from '@vigiles/wire';

/** A client's tool that runs shell commands, and how to call it. */
export interface ShellTool {
  name: string;
  namespace: string | undefined;
  /** The arguments that run `command`, as JSON text. */
  call(command: string): string;
}

/** What agents call it, most telling first: Codex, Claude Code, Gemini CLI, OpenCode and the rest. */
const NAMES = [
  'exec_command',
  'shell_command',
  'shell',
  'bash',
  'run_shell_command',
  'execute_command',
  'run_terminal_cmd',
  'run_command',
  'terminal',
];

/** The client's shell tool, when it has one and may be asked to use it. */
export function findShellTool(request: TurnRequest): ShellTool | undefined {
  if (request.toolChoice?.type === 'none') return undefined;
  for (const name of NAMES) {
    for (const tool of request.tools) {
      if (tool.kind !== 'function' || tool.name.toLowerCase() !== name) continue;
      const argument = commandArgument(tool.parameters);
      if (!argument) continue;
      return {
        name: tool.name,
        namespace: tool.namespace,
        call: (command) => JSON.stringify(argumentsFor(tool, argument, command)),
      };
    }
  }
  return undefined;
}

interface CommandArgument {
  name: string;
  /** The tool wants words instead of a line. */
  list: boolean;
}

function commandArgument(schema: JsonSchema): CommandArgument | undefined {
  for (const name of ['cmd', 'command', 'script']) {
    const property = propertiesOf(schema)[name];
    if (property) return { name, list: property['type'] === 'array' };
  }
  return undefined;
}

/** The command, and something harmless for whatever else the tool requires. */
function argumentsFor(
  tool: Extract<ToolDefinition, { kind: 'function' }>,
  argument: CommandArgument,
  command: string,
): Record<string, unknown> {
  const properties = propertiesOf(tool.parameters);
  const filled: Record<string, unknown> = {};
  const required = Array.isArray(tool.parameters['required']) ? tool.parameters['required'] : [];
  for (const name of required) if (typeof name === 'string') filled[name] = harmless(properties[name]);
  filled[argument.name] = argument.list ? ['bash', '-lc', command] : command;
  return filled;
}

function harmless(property: JsonSchema | undefined): unknown {
  const choices = property?.['enum'];
  if (Array.isArray(choices)) return choices[0];
  switch (property?.['type']) {
    case 'number':
    case 'integer':
      return 1000;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return 'Demo step';
  }
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const properties = schema['properties'];
  return typeof properties === 'object' && properties !== null
    ? (properties as Record<string, JsonSchema>)
    : {};
}
