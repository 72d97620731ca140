import type { ToolChoice, ToolDefinition } from '../../canonical/index.ts';
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
  /** The absolute path it looks at: whoever makes the call has to see where that really leads. */
  path?: string;
}

/** The words were understood, and nothing may be made of them: a command is never run, an intent is no call. */
export interface UnmadeCall {
  heuristic: 'command' | 'intent';
}

export interface SuggestOptions {
  /** What the model said; calls in it were not found. */
  text: string;
  /** Something in it looked like a call and was none: it wanted to act, whatever it said. */
  garbled?: boolean;
  tools: readonly ToolDefinition[];
  toolChoice?: ToolChoice;
  urls: UrlMemory;
  /** Absolute paths of the folders that may be looked at. */
  workspaces?: readonly string[];
}

const EXPLORE = /\b(explore|fetch|investigate|repository|repo|readme|web ?page|url|link)\b/i;
/** Nobody who is done says these: an answer that only names a URL or a file wants nothing. */
const INTENT =
  /\b(i need to|i (should|must|want to)|i('|’)?ll|i will|i('|’)?m going to|i am going to|let me|let('|’)?s|next,? i|going to|please)\b/i;
const ESCALATES = /escalat|sudo|elevated permission|without sandbox/i;
const COMMAND = /`[a-z][\w.-]{0,30}(\s[^`\n]{1,300})?`|^\s{0,8}\$\s\S/m;
const READERS = ['readfile', 'read', 'viewfile', 'openfile', 'catfile'];
const LISTERS = ['listfiles', 'listdir', 'listdirectory', 'ls'];
/** Longest text that is thought about; the wish to act stands at its end. */
const MAX_TEXT = 16_384;
const LAST_WORDS = 1000;

/**
 * What a model that only talks may have wanted, within narrow bounds: read-only; a URL only where the user named it; a
 * path only inside a workspace; a shell only where it takes words, from a fixed list of programs. A command in the
 * model's text is never run, and a wish for more rights is never met.
 */
export function suggestCall(options: SuggestOptions): SuggestedCall | UnmadeCall | undefined {
  const { text, tools, toolChoice, urls, workspaces = [] } = options;
  const said = text.slice(-MAX_TEXT);
  if (ESCALATES.test(said)) return undefined;
  if (!options.garbled && !INTENT.test(said.slice(-LAST_WORDS))) return undefined;
  const table = createToolTable(tools, toolChoice);
  const named = urlsIn(said);
  const known = named.find((url) => urls.has(url));
  if (known !== undefined) return fetchCall('url', known, table);
  for (const workspace of workspaces) {
    const path = namedPath(said, workspace);
    if (path) return pathCall(path, table);
  }
  if (COMMAND.test(said)) return { heuristic: 'command' };
  const last = EXPLORE.test(said) && named.length === 0 ? urls.last() : undefined;
  return last === undefined ? { heuristic: 'intent' } : fetchCall('memory', last, table);
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
  const made = readCall(path, folder, table);
  return made && { ...made, path };
}

function readCall(path: string, folder: boolean, table: ToolTable): SuggestedCall | undefined {
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
