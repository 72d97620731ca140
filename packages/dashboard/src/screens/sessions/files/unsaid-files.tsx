import { useQuery } from '@tanstack/react-query';
import { checkpointsQuery, rollbackPreviewQuery } from '../../../data/session-queries.ts';
import { unsaidFiles, type UnsaidFile } from './unsaid.ts';

const words = { created: 'Created', modified: 'Changed', deleted: 'Deleted' } as const;

/** Files that are not as they were at the session's first checkpoint, without a word of the agent; none where that is not known. */
export function useUnsaidFiles(sessionId: string, said: readonly string[]): readonly UnsaidFile[] {
  const checkpoints = useQuery(checkpointsQuery(sessionId));
  const first = (checkpoints.data ?? [])
    .toSorted((a, b) => a.seq - b.seq)
    .find(({ restores, kind }) => restores.files && kind !== 'safety');
  const preview = useQuery({
    ...rollbackPreviewQuery(sessionId, first?.checkpoint_id ?? ''),
    enabled: first !== undefined,
  });
  return preview.data ? unsaidFiles(preview.data, said) : [];
}

export function UnsaidFiles({ files }: { files: readonly UnsaidFile[] }) {
  if (files.length === 0) return null;
  return (
    <section aria-label="Changed by commands">
      <h3 className="px-(--gutter) pt-4 pb-1 text-sm text-pretty text-text-3">
        Not as at the first checkpoint, without a word of the agent: its commands changed them, or somebody
        else.
      </h3>
      <ul>
        {files.map(({ path, kind }) => (
          <li
            key={path}
            className="flex min-h-10 items-center gap-3 border-b border-line px-(--gutter) py-1.5 last:border-0"
          >
            <span className="w-14 shrink-0 text-sm text-text-3">{words[kind]}</span>
            <span className="min-w-0 flex-1 font-mono text-xs break-all">{path}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
