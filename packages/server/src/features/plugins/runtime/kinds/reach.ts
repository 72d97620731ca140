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
