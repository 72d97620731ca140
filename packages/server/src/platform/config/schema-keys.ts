import { z } from 'zod';
import { VigilesConfig } from '@vigiles/contract';

let cached: Record<string, unknown> | undefined;

/** The JSON Schema of `vigiles.yaml`, as people write it: everything with a default is optional. */
export function configJsonSchema(): Record<string, unknown> {
  cached ??= z.toJSONSchema(VigilesConfig, { target: 'draft-2020-12', io: 'input' }) as Record<
    string,
    unknown
  >;
  return structuredClone(cached);
}

/** What is read of a zod schema's definition. */
interface Definition {
  type: string;
  /** Of an object. */
  shape?: Record<string, Schema>;
  /** Of an array. */
  element?: Schema;
  /** Of a record. */
  valueType?: Schema;
  options?: readonly Schema[];
  /** Of what may be absent, has a default or is only read. */
  innerType?: Schema;
  /** What people write, where that becomes something else. */
  in?: Schema;
}
interface Schema {
  _zod: { def: unknown };
}

/** The schemas that a value may be read by: alternatives, and what wrappers are around. */
function opened(schema: Schema): Definition[] {
  const definition = schema._zod.def as Definition;
  const inside = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
  if (inside) return opened(inside);
  return definition.type === 'union' ? (definition.options ?? []).flatMap(opened) : [definition];
}

/** The schema of the value under a key of an object or record, or at a place of a list. */
function under({ shape, element, valueType }: Definition, key: string | number): Definition[] {
  const named = shape && Object.hasOwn(shape, key) ? shape[key] : undefined;
  const found = named ?? (typeof key === 'number' ? element : valueType);
  return found ? opened(found) : [];
}

/**
 * The keys that are known at a path: what "did you mean" chooses from. Read from the schemas themselves, which are looked into
 * only along the path: every start asks.
 */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let places = opened(VigilesConfig);
  for (const key of path) places = places.flatMap((place) => under(place, key));
  return [...new Set(places.flatMap(({ shape }) => Object.keys(shape ?? {})))];
}
