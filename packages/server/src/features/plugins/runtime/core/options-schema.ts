import { z } from 'zod';
import type { PluginOption, PluginOptions } from '@vigiles/contract';

const longestText = 10_000;
const mostEntries = 200;

function textSchema({ enum: choices, minLength = 0, maxLength = longestText }: PluginOption): z.ZodType {
  return choices ? z.enum(choices as [string, ...string[]]) : z.string().min(minLength).max(maxLength);
}

function valueSchema(option: PluginOption): z.ZodType {
  const { type, minimum = -Number.MAX_VALUE, maximum = Number.MAX_VALUE } = option;
  switch (type) {
    case 'string':
      return textSchema(option);
    case 'number':
      return z.number().min(minimum).max(maximum);
    case 'integer':
      return z.number().refine(Number.isInteger, 'a whole number').min(minimum).max(maximum);
    case 'boolean':
      return z.boolean();
    case 'array':
      return z.array(textSchema(option)).max(mostEntries);
  }
}

/** What checks a plugin's options: its own declaration, defaults filled in. Throws where a default does not fit. */
export function optionsSchema({ properties, required }: PluginOptions): z.ZodType<Record<string, unknown>> {
  const shape = Object.entries(properties).map(([name, option]): [string, z.ZodType] => {
    const described = option.description === undefined ? {} : { description: option.description };
    const schema = valueSchema(option).meta(described);
    if (option.default !== undefined) return [name, schema.prefault(option.default)];
    return [name, required.includes(name) ? schema : schema.optional()];
  });
  const unknown = required.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) throw new Error(`“${unknown}” is required and not declared`);
  for (const [name, { default: value }] of Object.entries(properties)) {
    const checked = value === undefined ? null : shape.find(([key]) => key === name)?.[1].safeParse(value);
    if (checked && !checked.success) throw new Error(`the default of “${name}” does not fit it`);
  }
  return z.strictObject(Object.fromEntries(shape));
}

/** What is wrong with options, in one line; the options with their defaults where nothing is. */
export function readOptions(
  schema: z.ZodType<Record<string, unknown>>,
  given: unknown,
): { ok: true; options: Record<string, unknown> } | { ok: false; problem: string } {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, options: parsed.data };
  const said = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  return { ok: false, problem: said.join('; ').slice(0, 300) };
}
