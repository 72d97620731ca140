import type { CheckFacts } from '@vigiles/contract';
import type { CheckKit, Look } from './define-check.ts';

const reference = /\$\{(?:env|secret):[^}]*\}/g;
const mark = '[redacted]';
const shortest = 4;

/**
 * Remembers what the references of one check stood for, so that a target that sends a secret back does not get it shown: its
 * answers are facts and reasons that people see.
 */
export function keepSecrets({ resolve }: Pick<CheckKit, 'resolve'>) {
  /** Null while it has none: most checks never do. */
  let secrets: Set<string> | null = null;
  const clean = (text: string): string => {
    let cleaned = text;
    for (const secret of secrets ?? []) cleaned = cleaned.replaceAll(secret, mark);
    return cleaned;
  };
  const cleanFacts = (facts: CheckFacts): CheckFacts =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        clean(name),
        typeof value === 'string' ? clean(value) : value,
      ]),
    );
  return {
    resolve(text: string): string {
      for (const [one] of text.matchAll(reference)) {
        const value = resolve(one);
        if (value.length < shortest) continue;
        // A secret that was replaced must not be kept for ever.
        if (!secrets || secrets.size > 50) secrets = new Set();
        for (const form of [value, encodeURIComponent(value)]) secrets.add(form);
      }
      return resolve(text);
    },
    scrub(look: Look): Look {
      if (!secrets) return look;
      const facts = look.facts ? { facts: cleanFacts(look.facts) } : {};
      return look.ok ? { ...look, ...facts } : { ...look, ...facts, reason: clean(look.reason) };
    },
  };
}
