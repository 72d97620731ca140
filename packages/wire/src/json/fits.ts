import type * as z from 'zod';

/** Whether a value is as it should be. False also where nobody looked closely enough: then its schema decides. */
export type Fits = (value: unknown) => boolean;

type Definition =
  | { type: 'string'; format?: string }
  | { type: 'number' | 'boolean' | 'unknown' }
  | { type: 'enum'; entries: Record<string, string | number> }
  | { type: 'array'; element: z.core.$ZodType }
  | { type: 'record'; keyType: z.core.$ZodType; valueType: z.core.$ZodType }
  | { type: 'union'; options: readonly z.core.$ZodType[] }
  | { type: 'optional' | 'nullable'; innerType: z.core.$ZodType }
  | { type: 'object'; shape: Record<string, z.core.$ZodType>; catchall?: z.core.$ZodType };

type Check = { _zod: { check(payload: { value: unknown; issues: unknown[] }): unknown } };

const never: Fits = () => false;

/**
 * A quick look for schemas that only check and change nothing: loose objects of plain types. Zod looks at every field a
 * schema knows and copies what it reads; this looks at what is there, which in a request is a fifth of them.
 */
export function fitsOf(schema: z.core.$ZodType): Fits {
  const definition = schema._zod.def as unknown as Definition & { checks?: readonly Check[] };
  const base = baseOf(definition);
  const { checks } = definition;
  return checks && checks.length > 0 ? (value) => base(value) && passes(checks, value) : base;
}

function passes(checks: readonly Check[], value: unknown): boolean {
  const payload = { value, issues: [] };
  for (const check of checks) check._zod.check(payload);
  return payload.issues.length === 0;
}

function baseOf(definition: Definition): Fits {
  switch (definition.type) {
    case 'string':
      return definition.format === undefined ? (value) => typeof value === 'string' : never;
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'unknown':
      return () => true;
    case 'enum': {
      const values = new Set<unknown>(Object.values(definition.entries));
      return (value) => values.has(value);
    }
    case 'optional': {
      const inner = fitsOf(definition.innerType);
      return (value) => value === undefined || inner(value);
    }
    case 'nullable': {
      const inner = fitsOf(definition.innerType);
      return (value) => value === null || inner(value);
    }
    case 'union': {
      const options = definition.options.map(fitsOf);
      return (value) => options.some((fits) => fits(value));
    }
    case 'array': {
      const element = fitsOf(definition.element);
      return (value) => Array.isArray(value) && value.every(element);
    }
    case 'record':
      return definition.keyType._zod.def.type === 'string' && definition.valueType._zod.def.type === 'unknown'
        ? isPlain
        : never;
    case 'object':
      return objectFits(definition.shape, definition.catchall);
    default:
      return never;
  }
}

function objectFits(shape: Record<string, z.core.$ZodType>, catchall: z.core.$ZodType | undefined): Fits {
  // What is strict refuses and what is not loose drops what it does not know.
  if (catchall?._zod.def.type !== 'unknown') return never;
  const fields = new Map(Object.entries(shape).map(([key, schema]) => [key, fitsOf(schema)]));
  const needed = Object.keys(shape).filter((key) => shape[key]?._zod.optin === undefined);
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) {
      const fits = fields.get(key);
      if (fits && !fits(value[key])) return false;
    }
    return needed.every((key) => Object.hasOwn(value, key));
  };
}

/** An object as JSON makes it. A key named `__proto__` would become something else in a copy: zod leaves it out. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__');
