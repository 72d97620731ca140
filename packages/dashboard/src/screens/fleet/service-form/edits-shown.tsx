import type { ConfigEdit } from '../../../data/config.ts';

const lineOf = (value: unknown): string => {
  const text = JSON.stringify(value, null, 1);
  return (text ?? '').replaceAll(/\n\s*/g, ' ').slice(0, 400);
};

/** What a save writes into vigiles.yaml, before it is written: one change a line. */
export function EditsShown({
  edits,
  read,
}: {
  edits: readonly ConfigEdit[];
  read: (path: ConfigEdit['path']) => unknown;
}) {
  if (edits.length === 0) return null;
  return (
    <details className="rounded-lg border border-line px-3 py-2">
      <summary className="min-h-6 text-sm text-text-2 hover:text-text">
        {edits.length === 1 ? 'One change' : `${edits.length} changes`} to vigiles.yaml
      </summary>
      <ul className="mt-2 flex flex-col gap-2 font-mono text-xs">
        {edits.map(({ path, value }) => {
          const before = read(path);
          return (
            <li key={path.join('.')} className="break-words">
              <span className="text-text-2">
                {path.length > 3 ? path.slice(3).join('.') : 'a new service'}
              </span>
              {before !== undefined && (
                <del className="block bg-bad-soft text-bad no-underline">− {lineOf(before)}</del>
              )}
              {value !== null && (
                <ins className="block bg-ok-soft text-ok no-underline">+ {lineOf(value)}</ins>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
