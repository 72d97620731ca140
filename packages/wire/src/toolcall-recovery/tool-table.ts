import type { ToolChoice, ToolDefinition, ToolNames, ToolReference } from '../canonical/index.ts';
import { createToolNames } from '../tools/tool-names.ts';
import { plainSpelling } from './arguments/near-names.ts';
import { commandProperty } from './arguments/command-line.ts';
import { propertiesOf, requiredOf } from './arguments/schema.ts';
import type { TextFormat } from './formats/text-format.ts';
import type { CallableTool } from './types.ts';

/** A declared tool, and how its name was found. */
export interface FoundTool {
  tool: CallableTool;
  near: boolean;
}

/** The tools of one request, found by what a model calls them. */
export interface ToolTable {
  readonly tools: readonly CallableTool[];
  /** Ways of writing calls besides the built-in ones, which are read first. */
  readonly formats: readonly TextFormat[];
  /** By the client's own name and namespace. */
  exact(reference: ToolReference): CallableTool | undefined;
  /** Exact, then the request's own namespacing, then near misses that can mean only one tool. */
  find(name: string): FoundTool | undefined;
  /** The one tool that runs a shell command, when there is one. */
  shell(): CallableTool | undefined;
  /** The one tool that fetches a URL and needs nothing else. */
  fetcher(): { tool: CallableTool; property: string } | undefined;
}

const PREFIXES = ['functions.', 'default_api.', 'tools.', 'function.', 'tool.'];
const SHELLS = ['bash', 'shell', 'execcommand', 'runcommand', 'executecommand', 'runshellcommand'];
const SHELLS_MORE = ['runterminalcmd', 'terminal', 'shellcommand', 'localshell', 'execute', 'runinterminal'];
const FETCHERS = /^(web|url)?(fetch|browse|readurl|openurl|visit)(url|page|webpage|web)?$/;

/** Builds the table; tools that the request's choice forbids are not in it. */
export function createToolTable(
  tools: readonly ToolDefinition[],
  choice?: ToolChoice,
  formats: readonly TextFormat[] = [],
): ToolTable {
  const callable = tools.filter((tool) => tool.kind !== 'hosted').filter((tool) => isAllowed(tool, choice));
  const byKey = new Map(callable.map((tool) => [keyOf(tool), tool]));
  const cache = new Map<string, FoundTool | undefined>();
  /** For what is not spelled as declared: most requests never need it. */
  let near: NearNames | undefined;

  function search(name: string): FoundTool | undefined {
    near ??= nearNames(callable);
    const { byName, bySpelling, names } = near;
    const known = (wanted: string): CallableTool | undefined =>
      byKey.get(wanted) ?? byName.get(wanted) ?? byKey.get(keyOf(names.restore(wanted)));
    const exact = known(name);
    if (exact) return { tool: exact, near: false };
    const bare = withoutPrefix(name).replace(/:\d{1,4}$/, '');
    const tool = known(bare) ?? bySpelling.get(plainSpelling(bare));
    return tool ? { tool, near: true } : undefined;
  }

  return {
    tools: callable,
    formats,
    exact: (reference) => byKey.get(keyOf(reference)),
    find(given) {
      const name = given.trim();
      if (name === '' || name.length > 160) return undefined;
      if (!cache.has(name) && cache.size < 1000) cache.set(name, search(name));
      return cache.get(name) ?? search(name);
    },
    shell() {
      const shells = callable.filter(
        (tool) =>
          [...SHELLS, ...SHELLS_MORE].includes(plainSpelling(tool.name)) &&
          (tool.kind === 'custom' || commandProperty(tool.parameters) !== undefined),
      );
      return shells.length === 1 ? shells[0] : undefined;
    },
    fetcher() {
      const found = callable.flatMap((tool) => {
        const property = FETCHERS.test(plainSpelling(tool.name)) ? urlProperty(tool) : undefined;
        return property === undefined ? [] : [{ tool, property }];
      });
      return found.length === 1 ? found[0] : undefined;
    },
  };
}

interface NearNames {
  byName: Map<string, CallableTool>;
  bySpelling: Map<string, CallableTool>;
  names: ToolNames;
}

function nearNames(tools: readonly CallableTool[]): NearNames {
  return {
    byName: uniqueBy(tools, (tool) => tool.name),
    bySpelling: uniqueBy(tools, (tool) => plainSpelling(tool.name)),
    names: createToolNames(tools),
  };
}

function urlProperty(tool: CallableTool): string | undefined {
  if (tool.kind === 'custom') return undefined;
  const url = Object.keys(propertiesOf(tool.parameters)).find((name) => ['url', 'uri'].includes(name));
  const needed = requiredOf(tool.parameters);
  return url !== undefined && needed.every((name) => name === url) ? url : undefined;
}

function isAllowed(tool: CallableTool, choice: ToolChoice | undefined): boolean {
  const same = (other: ToolReference): boolean => keyOf(other) === keyOf(tool) || other.name === tool.name;
  if (choice?.type === 'none') return false;
  if (choice?.type === 'tool') return same(choice.tool);
  return choice?.type === 'allowed' ? choice.tools.some(same) : true;
}

function withoutPrefix(name: string): string {
  const prefix = PREFIXES.find((each) => name.startsWith(each));
  return prefix ? name.slice(prefix.length) : name;
}

function keyOf(tool: ToolReference): string {
  return tool.namespace ? `${tool.namespace}\u0000${tool.name}` : tool.name;
}

/** A map of what is not ambiguous. */
function uniqueBy(
  tools: readonly CallableTool[],
  spell: (tool: CallableTool) => string,
): Map<string, CallableTool> {
  const map = new Map<string, CallableTool | undefined>();
  for (const tool of tools) map.set(spell(tool), map.has(spell(tool)) ? undefined : tool);
  return new Map([...map].filter((entry): entry is [string, CallableTool] => entry[1] !== undefined));
}
