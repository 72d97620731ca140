import type { ToolDefinition, ToolIdentity, ToolNames, ToolReference } from '../canonical/index.ts';
import { hashLetters } from '../text/hash.ts';

/** The longest tool name OpenAI, Anthropic and most others take. */
const MAX_NAME = 64;
const SUFFIX = 8;
const LEGAL = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Names for upstreams that have no namespaces: `namespace__name`, at most 64 of `[a-zA-Z0-9_-]`, with a hash suffix
 * where a name had to be changed or is taken. The same tools in the same order always give the same names, and the
 * first of two colliding tools keeps the plain one, so a tool that joins later renames nothing (prompt caches live on).
 */
export function createToolNames(tools: readonly ToolDefinition[]): ToolNames {
  const flatByKey = new Map<string, string>();
  const identityByFlat = new Map<string, ToolIdentity>();
  /** Other spellings a model may answer with; `null`: two tools share the spelling. */
  const aliases = new Map<string, ToolIdentity | null>();

  function register(identity: ToolIdentity): string {
    const key = keyOf(identity);
    const known = flatByKey.get(key);
    if (known !== undefined) return known;
    const flat = pickName(identity, key, identityByFlat);
    flatByKey.set(key, flat);
    identityByFlat.set(flat, identity);
    for (const alias of spellings(identity)) {
      const other = aliases.get(alias);
      aliases.set(alias, other === undefined || other === identity ? identity : null);
    }
    return flat;
  }

  for (const tool of tools) {
    if (tool.kind !== 'hosted') register(identityOf(tool));
  }

  return {
    restore(upstreamName) {
      const exact = identityByFlat.get(upstreamName) ?? aliases.get(upstreamName);
      if (exact) return exact;
      // Models trained on OpenAI's own format answer `functions.name`.
      const bare = upstreamName.startsWith('functions.') ? upstreamName.slice('functions.'.length) : '';
      const found = bare ? (identityByFlat.get(bare) ?? aliases.get(bare)) : undefined;
      return found ?? { kind: 'function', name: upstreamName };
    },
    flatten(tool) {
      const known = flatByKey.get(keyOf(tool));
      if (known !== undefined) return known;
      // Codex may leave the namespace of a call out where the name alone is clear.
      const meant = tool.namespace ? undefined : aliases.get(tool.name);
      // A tool of the history that is no longer offered is remembered too, so that a call to it still comes back whole.
      return (meant && flatByKey.get(keyOf(meant))) ?? register({ kind: 'function', ...referenceOf(tool) });
    },
  };
}

/** Names that need no change on either side: for answers whose request had no tools, and for Responses upstreams. */
export const plainToolNames: ToolNames = {
  restore: (name) => ({ kind: 'function', name }),
  flatten: (tool) => tool.name,
};

function referenceOf(tool: ToolReference): ToolReference {
  return tool.namespace ? { name: tool.name, namespace: tool.namespace } : { name: tool.name };
}

function identityOf(tool: Exclude<ToolDefinition, { kind: 'hosted' }>): ToolIdentity {
  return { kind: tool.kind, ...referenceOf(tool) };
}

function keyOf(tool: ToolReference): string {
  return tool.namespace ? `${tool.namespace}\u0000${tool.name}` : tool.name;
}

function pickName(identity: ToolIdentity, key: string, taken: ReadonlyMap<string, ToolIdentity>): string {
  const joined = joinName(identity);
  if (LEGAL.test(joined) && !taken.has(joined)) return joined;
  const stem = joined.slice(0, MAX_NAME - SUFFIX - 1).replace(/[^a-zA-Z0-9_-]/g, '_');
  for (let round = 0; ; round++) {
    const flat = `${stem}_${hashLetters(round ? `${key}\u0001${round}` : key, SUFFIX)}`;
    if (!taken.has(flat)) return flat;
  }
}

function joinName({ namespace, name }: ToolReference): string {
  if (!namespace) return name;
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`;
}

function spellings({ namespace, name }: ToolReference): string[] {
  if (!namespace) return [name];
  return [
    `${namespace}.${name}`,
    `${namespace}/${name}`,
    `${namespace}:${name}`,
    joinName({ namespace, name }),
    name,
  ];
}
