import type { JsonSchema, ResponseFormat } from '../canonical/index.ts';
import type { EncodeTarget } from '../protocol.ts';
import { claudeVersion } from './claude-version.ts';
import { measureStrictSchema } from './strict-schema.ts';

/** What one request may ask Anthropic to enforce, its answer's schema included. */
const MOST = { tools: 20, optional: 24, unions: 16 };

/** The first that compiles schemas: Claude 4.5. */
const FIRST = 4.05;

/** Says of each tool that wants its schema enforced, in order, why it cannot be; undefined: it is. */
export type StrictGate = (schema: JsonSchema) => string | undefined;

/**
 * Which tools of a request may be strict. Whoever says of a backend that it takes `strict`, or speaks to it in its own
 * protocol, is believed; else the model's name tells, and Anthropic's rules hold: one schema that breaks them has the
 * whole turn refused.
 */
export function createStrictGate(
  { model, quirks, ownFields }: EncodeTarget,
  format?: ResponseFormat,
): StrictGate {
  const known = quirks?.strictTools ?? (ownFields || undefined);
  if (known === true) return () => undefined;
  if (known === false || (claudeVersion(model) ?? 0) < FIRST)
    return () => 'the backend does not enforce schemas';
  let left: typeof MOST | undefined;
  return (schema) => {
    left ??= leftBeside(format);
    const size = measureStrictSchema(schema);
    if (typeof size === 'string') return `Anthropic enforces no schema with ${size}`;
    if (left.tools === 0) return `Anthropic enforces the schemas of ${MOST.tools} tools a request`;
    if (size.optional > left.optional)
      return `Anthropic enforces ${MOST.optional} optional properties a request`;
    if (size.unions > left.unions)
      return `Anthropic enforces ${MOST.unions} values of several types a request`;
    left.tools -= 1;
    left.optional -= size.optional;
    left.unions -= size.unions;
    return undefined;
  };
}

function leftBeside(format: ResponseFormat | undefined): typeof MOST {
  const answer = format?.type === 'json-schema' ? measureStrictSchema(format.schema) : '';
  if (typeof answer === 'string') return { ...MOST };
  return { ...MOST, optional: MOST.optional - answer.optional, unions: MOST.unions - answer.unions };
}
