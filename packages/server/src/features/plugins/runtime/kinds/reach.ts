import type { Runtime } from '../runtime.ts';
import type { PluginLife } from '../plugin-life.ts';

/** `api-quota/credit` as its two names. */
export function readReference(reference: string): { plugin: string; name: string } {
  const slash = reference.indexOf('/');
  return { plugin: reference.slice(0, slash), name: reference.slice(slash + 1) };
}

export type Reached = { ok: true; life: PluginLife; name: string } | { ok: false; reason: string };

/** The plugin behind a reference, or why it cannot be asked, for people. */
export function reach(runtime: Pick<Runtime, 'get'>, reference: string): Reached {
  const { plugin, name } = readReference(reference);
  const life = runtime.get(plugin);
  if (!life) return { ok: false, reason: `the plugin ${plugin} is not installed, or switched off` };
  const away = life.away();
  return away === null ? { ok: true, life, name } : { ok: false, reason: away };
}

/** What a call hands to a plugin besides its options: the secrets it was granted, and how to take them out of its words. */
export interface Handed {
  secrets: Record<string, string>;
  clean(text: string): string;
}

/** @param resolve fills in `${secret:name}`; throws where there is none */
export function secretsFor(life: PluginLife, resolve: (text: string) => string): Handed {
  const secrets: Record<string, string> = {};
  for (const name of life.granted.secrets) {
    try {
      secrets[name] = resolve(`\${secret:${name}}`);
    } catch {
      // Not set: the plugin is told so when it asks for it.
    }
  }
  const values = Object.values(secrets)
    .filter(({ length }) => length >= 4)
    .toSorted((a, b) => b.length - a.length);
  return {
    secrets,
    clean: (text) => values.reduce((cleaned, value) => cleaned.replaceAll(value, '[redacted]'), text),
  };
}
