/**
 * Why a provider refused a request, as far as its words say so. Paths are as the provider wrote them, split into
 * names and numbers; where they lie in the body is found later (`locate.ts`).
 */
export type Reason =
  /** It does not know the field, or does not take it for this model. */
  | { type: 'unknown-field'; path: Path }
  /** It wants another field in its place. */
  | { type: 'use-instead'; path: Path; instead: string }
  /** It knows the field, but not this value. `allowed`: those it named. */
  | { type: 'unsupported-value'; path: Path; allowed?: readonly string[] }
  | { type: 'wrong-type'; path: Path; expected: 'string' | 'not-null' }
  /** A number above what it takes. */
  | { type: 'over-limit'; path: Path; max: number }
  /** A text longer than it takes, in characters. */
  | { type: 'too-long'; path: Path; max: number }
  /** Prompt and answer together do not fit the context window; tokens. */
  | { type: 'over-window'; window: number; prompt: number }
  | { type: 'unsupported-role'; role: string }
  | { type: 'missing-field'; path: Path }
  /** Both were sent, and it takes one. The second gives way. */
  | { type: 'conflict'; keep: Path; path: Path }
  /** A JSON Schema keyword in a tool's parameters. */
  | { type: 'schema-keyword'; keyword: string }
  | { type: 'roles-alternate' }
  | { type: 'system-first' }
  | { type: 'cache-marks'; max: number }
  /** `strict` of a tool cannot be kept: its schema does not fit the provider's strict mode. */
  | { type: 'strict-schema' }
  /** Something that must not be left out silently. */
  | { type: 'unsupported-feature'; feature: Feature };

export type Feature = 'tools' | 'images' | 'tool-choice' | 'json-schema' | 'json-object' | 'prefill';

export type Path = readonly (string | number)[];

/** Splits `messages[3].content.0.text`, `tools.0.custom.strict`, `'body.n'` and the like. */
export function splitPath(text: string): Path {
  return text
    .replace(/["'`]/g, '')
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
