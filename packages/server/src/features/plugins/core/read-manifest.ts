import { PluginManifest } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { isRange } from './versions.ts';

/** Longest `plugin.json`. Bytes. */
export const longestManifest = 32_768;

/** The manifest in the text of `plugin.json`. Raises `plugin_manifest_invalid` with every problem at once. */
export function readManifest(text: string): PluginManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return raise(fault('invalid', 'plugin_manifest_invalid', 'plugin.json is not valid JSON.'));
  }
  const parsed = PluginManifest.safeParse(value);
  const problems = parsed.success
    ? rangeProblems(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  if (parsed.success && problems.length === 0) return parsed.data;
  const shown = problems
    .slice(0, 20)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
  return raise(
    fault('invalid', 'plugin_manifest_invalid', `plugin.json is not a manifest. ${shown}`, {
      details: { problems },
    }),
  );
}

function rangeProblems({ engine, dependencies }: PluginManifest): { path: string; message: string }[] {
  const ranges = [
    ['engine', engine] as const,
    ...Object.entries(dependencies).map(([id, range]) => [`dependencies.${id}`, range] as const),
  ];
  return ranges.flatMap(([path, range]) =>
    isRange(range) ? [] : [{ path, message: `“${range}” is no range of versions` }],
  );
}
