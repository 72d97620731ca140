/** One step of a path: a name, a place in a list, everything below, or everything beside. */
type Step =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'all' }
  | { kind: 'below' };

/** A path into a JSON document, ready to be walked. */
export type JsonPath = readonly Step[];

const mostNodes = 100_000;
const mostDepth = 64;
const mostFound = 1000;

const part =
  /\.\.|\.?\*|\[\*\]|\[(-?\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|\.?([^.[\]*'"\s]+)/y;

/**
 * Reads a path: `$.a.b[0]`, `a.b`, `['odd name']`, `[*]`, `*`, and `..name` for a name at any depth: the part of JSONPath
 * (RFC 9535) without filters. Null when it is none.
 */
export function parseJsonPath(text: string): JsonPath | null {
  const steps: Step[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) return null;
    at = part.lastIndex;
    const [whole, index, single, double, name] = found;
    const quoted = single ?? double;
    if (whole === '..') {
      if (at === text.length || text[at] === '.') return null;
      steps.push({ kind: 'below' });
    } else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (quoted !== undefined) steps.push({ kind: 'name', name: quoted.replace(/\\(.)/g, '$1') });
    else if (name !== undefined) steps.push({ kind: 'name', name });
    else steps.push({ kind: 'all' });
  }
  return steps;
}

const children = (node: unknown): unknown[] =>
  typeof node === 'object' && node !== null ? Object.values(node) : [];

/** The node and all below it. Stops at a depth and a number of nodes that no honest file has. */
function family(nodes: readonly unknown[]): unknown[] {
  const all: unknown[] = [];
  let level = [...nodes];
  for (let depth = 0; depth < mostDepth && level.length > 0 && all.length < mostNodes; depth += 1) {
    for (const node of level) all.push(node);
    level = level.flatMap(children).slice(0, mostNodes);
  }
  return all;
}

function take(node: unknown, step: Step): unknown[] {
  if (step.kind === 'all') return children(node);
  if (step.kind === 'index') {
    if (!Array.isArray(node)) return [];
    const value: unknown = node.at(step.index);
    return value === undefined ? [] : [value];
  }
  if (step.kind === 'below' || typeof node !== 'object' || node === null) return [];
  return Object.hasOwn(node, step.name) ? [(node as Record<string, unknown>)[step.name]] : [];
}

/** Everything the path leads to, at most 1,000. */
export function selectJson(document: unknown, path: JsonPath): unknown[] {
  let nodes: unknown[] = [document];
  for (const step of path) {
    nodes = step.kind === 'below' ? family(nodes) : nodes.flatMap((node) => take(node, step));
    if (nodes.length > mostNodes) nodes = nodes.slice(0, mostNodes);
  }
  return nodes.slice(0, mostFound);
}
