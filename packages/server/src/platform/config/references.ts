import { createHash } from 'node:crypto';
import type { Path } from './yaml-source.ts';

/** One `${env:NAME}` or `${secret:name}` in a text. */
export interface Reference {
  kind: 'env' | 'secret';
  name: string;
}

const shape = /\$\{(env|secret):([^}]*)\}/g;

/** The places whose references are resolved; anywhere else one would be taken literally, so it is a problem. */
const resolvable: readonly (readonly string[])[] = [
  ['store', 'url'],
  ['gateway', 'providers', '*', 'api_key'],
  ['gateway', 'providers', '*', 'headers', '*'],
  ['gateway', 'providers', '*', 'google'],
  ['gateway', 'providers', '*', 'aws', '*'],
  ['gateway', 'providers', '*', 'oauth', 'client_id'],
  ['gateway', 'providers', '*', 'oauth', 'client_secret'],
  ['gateway', 'providers', '*', 'oauth', 'refresh_token'],
  ['watchdog', 'services', '*', 'env', '*'],
  ['watchdog', 'scripts', '*', 'env', '*'],
  ['watchdog', 'services', '*', 'checks', '*', 'url'],
  ['watchdog', 'services', '*', 'checks', '*', 'body'],
  ['watchdog', 'services', '*', 'checks', '*', 'headers', '*'],
  ['watchdog', 'services', '*', 'checks', '*', 'token'],
  ['watchdog', 'services', '*', 'checks', '*', 'api_key'],
  ['watchdog', 'services', '*', 'checks', '*', 'options', '*'],
  ['watchdog', 'services', '*', 'checks', '*', 'options', '*', '*'],
  ['notifications', 'channels', '*', '*'],
  ['notifications', 'channels', '*', 'headers', '*'],
  ['notifications', 'channels', '*', 'urls', '*'],
  ['notifications', 'channels', '*', 'options', '*'],
  ['notifications', 'channels', '*', 'options', '*', '*'],
  ['deadman', 'url'],
  ['deadman', 'fail_url'],
  ['mail', 'transport', '*'],
  ['backups', 'targets', '*', '*'],
  ['oauth', 'providers', '*', 'client_id'],
  ['oauth', 'providers', '*', 'client_secret'],
  ['github', 'token'],
  ['github', 'app', 'private_key'],
  ['github', 'webhook', 'secret'],
  ['github', 'webhook', 'old_secret'],
  ['plugins', 'registries', '*', 'token'],
  ['plugins', 'signing_key'],
  ['notion', 'token'],
  ['notion', 'webhook_token'],
];

/** Whether a reference at this path will be resolved. */
export const isResolvable = (path: Path): boolean =>
  resolvable.some(
    (pattern) =>
      pattern.length === path.length && pattern.every((part, i) => part === '*' || part === String(path[i])),
  );

export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(shape)].map((found) => ({
    kind: found[1] === 'env' ? 'env' : 'secret',
    name: found[2] ?? '',
  }));
}

/** Replaces every reference. `lookUp` answers undefined for what does not exist; that one is handed to `missing`. */
export function replaceReferences(
  text: string,
  lookUp: (reference: Reference) => string | undefined,
  missing: (reference: Reference) => never,
): string {
  return text.replace(shape, (_whole, kind: string, name: string) => {
    const reference: Reference = { kind: kind === 'env' ? 'env' : 'secret', name };
    return lookUp(reference) ?? missing(reference);
  });
}

/** Every text in plain data with its path. */
export function* textsIn(
  value: unknown,
  path: (string | number)[] = [],
): Generator<{ path: (string | number)[]; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [i, entry] of value.entries()) yield* textsIn(entry, [...path, i]);
  else if (value && typeof value === 'object') {
    for (const [key, entry] of Object.entries(value)) yield* textsIn(entry, [...path, key]);
  }
}

/**
 * A fingerprint of what the references of each path stand for now, so that a new secret behind an unchanged
 * file is noticed. Never leaves the process.
 */
export function referenceDigests(
  config: unknown,
  lookUp: (reference: Reference) => string | undefined,
): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { path, text } of textsIn(config)) {
    const references = isResolvable(path) ? referencesIn(text) : [];
    if (references.length === 0) continue;
    const values = references.map((reference) => lookUp(reference) ?? null);
    digests.set(path.join('.'), createHash('sha256').update(JSON.stringify(values)).digest('hex'));
  }
  return digests;
}
