/** What stands where a secret was. */
const mark = '[redacted]';

/**
 * Shapes of secrets that turn up in log lines and command lines: vendor tokens by prefix, JWTs, credentials in
 * URLs, `Authorization` values, and values assigned to a name that says secret.
 */
const shapes: readonly [RegExp, string][] = [
  [/\b(?:sk|pk|rk|vgl|ghp|gho|ghs|ghr|glpat|xox[abprs]|hf|npm|gsk|AIza)[-_][A-Za-z0-9_-]{8,}/g, mark],
  [/\bgithub_pat_[A-Za-z0-9_]{16,}/g, mark],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, mark],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, mark],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g, mark],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${mark}`],
  [/(\/\/[^/\s:@]{1,200}:)[^/\s@]{1,200}@/g, `$1${mark}@`],
  [
    /\b((?:[a-z0-9]{1,40}[_-]){0,4}(?:api[_-]?key|token|secret|password|passwd|passphrase|authorization|credential)s?["']?\s{0,3}[=:]\s{0,3}["']?)(?!\[redacted\])[^\s"',;&]{4,}/gi,
    `$1${mark}`,
  ],
];

/** Text without anything that looks like a secret. */
export function redactText(text: string): string {
  let clean = text;
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}

const secretName =
  /(?:^|[_-])(?:token|secret|password|passphrase|api[_-]?key|authorization|cookie|credential)s?$/i;

/** A copy of plain data without secrets: by the name of the field, and by the look of the value. */
export function redactData<T>(value: T, depth = 0): T {
  if (typeof value === 'string') return redactText(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[too deep]' as T;
  if (Array.isArray(value)) return value.map((entry: unknown) => redactData(entry, depth + 1)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      typeof entry === 'string' && secretName.test(name) ? mark : redactData(entry as unknown, depth + 1),
    ]),
  ) as T;
}

/** Whether something of journaled parameters was a secret, which nobody has any more. */
export const lacksSecrets = (journaled: unknown): boolean => JSON.stringify(journaled).includes(mark);
