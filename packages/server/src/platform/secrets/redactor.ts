import { tokenHints, vendorTokens } from './token-shapes.ts';
import { createValueSearch } from './value-search.ts';

/** What stands where a secret was. */
export const redactedMark = '[redacted]';

/** Shorter values would blot out ordinary words; they are protected by field name only. */
const shortestValue = 6;

/** Of secrets that a text is likely to hold, shorter ones are taken out too. */
const shortestSaid = 4;

const tokenShapes = /\b(?:vg[lt]_[A-Za-z0-9_-]{6,}|sk-[A-Za-z0-9_-]{8,})/g;
const bearerShape = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;

const secretName =
  /^(?:proxy-?)?authorization$|^(?:set-)?cookie$|api[_-]?keys?$|(?:^|[_-])(?:token|secret|password|passphrase|credentials?)$|(?:Token|Secret|Password|ApiKey)$|^(?:private|secret)[_-]?key$/i;

/** Whether a field of this name holds a secret. `input_tokens` and the like are counts, not secrets. */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** Removes secrets from whatever leaves the process: log lines, fault texts, events. */
export interface Redactor {
  /** From now on this value is replaced wherever it appears, also JSON-escaped, URL-encoded or in base64. */
  register(value: string): void;
  /** This value is worth nothing any more: tokens that live for an hour must not be remembered for ever. */
  forget(value: string): void;
  /** What was registered, in every form: for another thread that redacts. Never for output. */
  values(): readonly string[];
  /** Text without registered values and without anything shaped like a token. */
  text(text: string): string;
  /** A copy of plain data without secrets, by field name and by value. */
  data(value: unknown): unknown;
  /**
   * JSON text that others said, without registered values and without anything shaped like a token, whoever gave it out. The very
   * same text where there is none.
   */
  json(text: string): string;
}

const formsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
];

/** A text without these secrets, in whatever form they stand there: what somebody else answers may repeat what it was sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter(({ length }) => length >= shortestSaid)
    .flatMap(formsOf)
    .toSorted((a, b) => b.length - a.length);
  return forms.reduce((clean, form) => clean.replaceAll(form, redactedMark), text);
}

export function createRedactor(): Redactor {
  const values = new Set<string>();
  const search = createValueSearch();
  let ordered: string[] = [];
  const text = (input: string): string => {
    let clean = input;
    if (search.in(clean)) for (const value of ordered) clean = clean.replaceAll(value, redactedMark);
    return clean.replace(tokenShapes, redactedMark).replace(bearerShape, `$1 ${redactedMark}`);
  };
  const data = (value: unknown, name: string, depth: number): unknown => {
    if (value === null || value === undefined) return value;
    if (typeof value !== 'number' && typeof value !== 'boolean' && isSecretName(name)) return redactedMark;
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object') return value;
    if (depth > 8) return '[too deep]';
    if (Array.isArray(value)) return value.map((entry) => data(entry, '', depth + 1));
    if (value instanceof Error) {
      const more = Object.fromEntries(Object.entries(value));
      const described = {
        type: value.name,
        message: value.message,
        stack: value.stack,
        cause: value.cause,
        ...more,
      };
      return data(described, '', depth + 1);
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return data(toJSON.call(value), name, depth + 1);
    const copy: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(value)) copy[key] = data(entry, key, depth + 1);
    return copy;
  };
  /** What was said, at any depth, names of fields too. */
  const said = (value: unknown): unknown => {
    if (typeof value === 'string')
      return vendorTokens.reduce((clean, shape) => clean.replace(shape, redactedMark), text(value));
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(said);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [said(name), said(each)]));
  };
  return {
    register(value) {
      if (value.length < shortestValue) return;
      for (const form of formsOf(value)) {
        if (values.has(form)) continue;
        values.add(form);
        search.add(form);
      }
      // Longest first, so that a secret inside another one does not leave its rest behind.
      ordered = [...values].sort((a, b) => b.length - a.length);
    },
    forget(value) {
      for (const form of formsOf(value)) values.delete(form);
      ordered = ordered.filter((form) => values.has(form));
    },
    values: () => ordered,
    text,
    data: (value) => data(value, '', 0),
    json(input) {
      if (!search.in(input) && !tokenHints.test(input)) return input;
      const given = JSON.parse(input) as unknown;
      const clean = JSON.stringify(said(given));
      return clean === JSON.stringify(given) ? input : clean;
    },
  };
}
