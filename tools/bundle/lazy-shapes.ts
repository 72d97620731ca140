import type { Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/** What is looked at of a syntax tree (ESTree). */
interface Node {
  type: string;
  start: number;
  end: number;
  name?: string;
  callee?: Node;
  object?: Node;
  property?: Node;
  arguments?: Node[];
  properties?: Node[];
}

/** What makes an object of a shape, in the one form that is used here: `z.object({…})`. */
const makers = new Set(['object', 'strictObject', 'looseObject']);
const helperId = '\0lazy-shape';

/**
 * A shape that is made when it is first asked for. Zod copies a shape when the object is first used, and keeps the copy; until
 * then it only holds it.
 */
const helper = `
class Maker {
  constructor(make) { this.make = make; }
  fill(target) {
    if (this.make === null) return;
    const { make } = this;
    this.make = null;
    Object.assign(target, make());
  }
  ownKeys(target) { this.fill(target); return Reflect.ownKeys(target); }
  has(target, key) { this.fill(target); return Reflect.has(target, key); }
  get(target, key) { this.fill(target); return Reflect.get(target, key); }
  getOwnPropertyDescriptor(target, key) { this.fill(target); return Reflect.getOwnPropertyDescriptor(target, key); }
}
export const lazyShape = (make) => new Proxy({}, new Maker(make));
`;

/** Every node below this one, itself first. */
function* nodesOf(node: unknown): Generator<Node> {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const each of node) yield* nodesOf(each);
    return;
  }
  if (!('type' in node) || typeof node.type !== 'string') return;
  yield node as Node;
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* nodesOf(value);
}

const isMaker = ({ type, callee }: Node): boolean =>
  type === 'CallExpression' &&
  callee?.type === 'MemberExpression' &&
  callee.object?.name === 'z' &&
  makers.has(callee.property?.name ?? '');

/**
 * The same module with the shapes of its schemas made on first use: a control that starts has thousands of fields for routes
 * and settings that nobody asks for, 1 KB each.
 * @param code TypeScript that takes `z` from zod
 * @returns null where there is nothing to put off
 */
export function withLazyShapes(code: string): string | null {
  if (!/\bimport \{[^}]*\bz\b[^}]*\} from 'zod'/.test(code) || !code.includes('z.')) return null;
  const wraps: [place: number, text: string][] = [];
  for (const node of nodesOf(parseAst(code, { lang: 'ts' }))) {
    if (!isMaker(node)) continue;
    const [shape] = node.arguments ?? [];
    // An empty one costs nothing.
    if (shape?.type !== 'ObjectExpression' || shape.properties?.length === 0) continue;
    wraps.push([shape.start, '__lazyShape(() => ('], [shape.end, '))']);
  }
  if (wraps.length === 0) return null;
  let at = 0;
  let out = `import { lazyShape as __lazyShape } from '${helperId}';\n`;
  // Inner ones end before outer ones: by place alone every bracket closes the nearest that is open.
  for (const [place, text] of wraps.toSorted(([a], [b]) => a - b)) {
    out += code.slice(at, place) + text;
    at = place;
  }
  return out + code.slice(at);
}

export const lazyShapes: Plugin = {
  name: 'lazy-shapes',
  resolveId: (source) => (source === helperId ? helperId : null),
  load: (id) => (id === helperId ? helper : null),
  transform: (code, id) => (id.includes('node_modules') ? null : withLazyShapes(code)),
};
