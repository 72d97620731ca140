import type { ToolDefinition } from '../../canonical/index.ts';
import { commandProperty } from '../arguments/command-line.ts';
import { plainSpelling } from '../arguments/near-names.ts';
import { propertiesOf, requiredOf } from '../arguments/schema.ts';
import { createToolTable, type ToolTable } from '../tool-table.ts';
import type { CallableTool } from '../types.ts';
import type { UrlMemory } from './url-memory.ts';
import { urlsIn } from './urls.ts';
import { namedPath, type NamedPath } from './workspace-path.ts';

/** A call nobody made, for a person to look at (or a route that allows it). */
export interface SuggestedCall {
  /** `url`: a URL in the text that the user named. `path`: a path it wants to see. `memory`: the user's last URL. */
  heuristic: 'url' | 'path' | 'memory';
  name: string;
  namespace?: string;
  /** JSON arguments. */
  input: string;
}

export interface SuggestOptions {
  /** What the model said; calls in it were not found. */
  text: string;
  tools: readonly ToolDefinition[];
  urls: UrlMemory;
  /** Absolute path of the workspace. */
  workspace?: string;
}

const EXPLORE = /\b(explore|fetch|investigate|repository|repo|readme|web ?page|url|link)\b/i;
const ESCALATES = /escalat|sudo|elevated permission|without sandbox/i;
const READERS = ['readfile', 'read', 'viewfile', 'openfile', 'catfile'];
const LISTERS = ['listfiles', 'listdir', 'listdirectory', 'ls'];
/** Longest text that is thought about. */
const MAX_TEXT = 16_384;

/**
 * What a model that only talks may have wanted, within narrow bounds: read-only; a URL only where the user named it; a
 * path only inside the workspace; a shell only where it takes words, from a fixed list of programs. A command in the
 * model's text is never run, and a wish for more rights is never met.
 */
export function suggestCall({ text, tools, urls, workspace }: SuggestOptions): SuggestedCall | undefined {
  const said = text.slice(-MAX_TEXT);
  if (ESCALATES.test(said)) return undefined;
  const table = createToolTable(tools);
  const known = urlsIn(said).find((url) => urls.has(url));
  if (known !== undefined) return fetchCall('url', known, table);
  const path = namedPath(said, workspace);
  if (path) return pathCall(path, table);
  const last = EXPLORE.test(said) && urlsIn(said, 1).length === 0 ? urls.last() : undefined;
  return last === undefined ? undefined : fetchCall('memory', last, table);
}

function fetchCall(heuristic: 'url' | 'memory', url: string, table: ToolTable): SuggestedCall | undefined {
  const fetcher = table.fetcher();
  if (fetcher) return suggestion(heuristic, fetcher.tool, { [fetcher.property]: url });
  return shellCall(
    heuristic,
    ['curl', '-fsSL', '--max-time', '30', '--proto', '=http,https', '--', url],
    table,
  );
}

function pathCall({ path, folder }: NamedPath, table: ToolTable): SuggestedCall | undefined {
  const names = folder ? LISTERS : READERS;
  for (const tool of table.tools) {
    if (tool.kind === 'custom' || !names.includes(plainSpelling(tool.name))) continue;
    const property = Object.keys(propertiesOf(tool.parameters)).find((name) =>
      ['path', 'filepath', 'file', 'targetfile', 'directory'].includes(plainSpelling(name)),
    );
    if (property !== undefined && requiredOf(tool.parameters).every((name) => name === property))
      return suggestion('path', tool, { [property]: path });
  }
  return shellCall('path', folder ? ['ls', '-la', '--', path] : ['cat', '--', path], table);
}

/** Words only: a tool that takes a line would have a shell read the path. */
function shellCall(
  heuristic: SuggestedCall['heuristic'],
  words: readonly string[],
  table: ToolTable,
): SuggestedCall | undefined {
  const shell = table.shell();
  const command = shell && shell.kind !== 'custom' ? commandProperty(shell.parameters) : undefined;
  return shell && command?.words ? suggestion(heuristic, shell, { [command.name]: words }) : undefined;
}

function suggestion(
  heuristic: SuggestedCall['heuristic'],
  tool: CallableTool,
  args: Record<string, unknown>,
): SuggestedCall {
  const made: SuggestedCall = { heuristic, name: tool.name, input: JSON.stringify(args) };
  if ('namespace' in tool && tool.namespace) made.namespace = tool.namespace;
  return made;
}
