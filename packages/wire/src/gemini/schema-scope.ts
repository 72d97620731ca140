import type { JsonSchema, Loss } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import { noteOnce } from '../losses/note.ts';

/** Deepest nesting and most schemas of one tool: `$ref`s that meet again and again grow without end. */
const MAX_DEPTH = 24;
const MAX_SCHEMAS = 4000;

/** One schema on its way to Gemini: its references, how large it has become, what was lost. */
export interface SchemaScope {
  /** The schema with its `$ref`s followed; undefined where they lead nowhere, in a circle, or too far. */
  resolve(schema: JsonSchema, depth: number): JsonSchema | undefined;
  note(what: string, why?: string): void;
}

export function createSchemaScope(root: JsonSchema, path: string, losses: Loss[]): SchemaScope {
  let schemas = 0;

  function note(what: string, why = "Gemini's schemas have no such keyword"): void {
    noteOnce(losses, { path, what: `schema ${what}`, why });
  }

  return {
    note,
    resolve(schema, depth) {
      if (++schemas > MAX_SCHEMAS || depth > MAX_DEPTH) {
        note('nesting', 'references that meet themselves, or too much of it');
        return undefined;
      }
      let found = schema;
      for (let hops = 0; typeof found.$ref === 'string'; hops++) {
        const { $ref, ...beside } = found;
        const target = hops < MAX_DEPTH ? lookUp(root, $ref) : undefined;
        if (!target) {
          note('$ref', `${$ref} leads nowhere`);
          return { ...beside };
        }
        found = { ...target, ...beside };
      }
      return found;
    },
  };
}

/** `#/$defs/name`, as RFC 6901 writes it. */
function lookUp(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let found: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
    const holder = Array.isArray(found) ? (found as unknown as Record<string, unknown>) : asRecord(found);
    found = holder && Object.hasOwn(holder, name) ? holder[name] : undefined;
  }
  return asRecord(found);
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
