import type { ConfigProblem } from '../../../data/config.ts';

/** Why a change was not taken, as far as no field can tell it. */
export function FormProblems({
  error,
  elsewhere,
  below,
}: {
  error: Error | null;
  elsewhere: readonly ConfigProblem[];
  /** Fields tell some of it already. */
  below: boolean;
}) {
  if (!error) return null;
  return (
    <div role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
      {elsewhere.length > 0 ? (
        <ul>
          {elsewhere.map(({ path, message }) => (
            <li key={path + message} className="break-words">
              {path && <code className="font-mono text-xs">{path}</code>} {message}
            </li>
          ))}
        </ul>
      ) : below ? (
        'Nothing was written: see the fields above.'
      ) : (
        <p className="break-words">{error.message}</p>
      )}
    </div>
  );
}
