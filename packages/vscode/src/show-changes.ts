import type { Session } from '@vigiles/contract';
import { oneLine } from './core/tree.ts';
import type { Editor } from './editor.ts';
import { changesSince, fileNow, type Change } from './git/changes.ts';

const marks: Record<Change['kind'], string> = {
  added: 'diff-added',
  changed: 'diff-modified',
  deleted: 'diff-removed',
};

/** Lets a person choose among the files that changed since a session began, and compares the chosen one with before. */
export async function showChanges(editor: Editor, session: Session): Promise<void> {
  const { folder } = session.metadata;
  if (typeof folder !== 'string') {
    await editor.tell('info', 'This session says no folder: it was not started by Vigiles.');
    return;
  }
  const found = await changesSince(folder, Date.parse(session.created_at));
  if (found.changes.length === 0) {
    await editor.tell('info', `Nothing changed in ${oneLine(folder)} since the session began.`);
    return;
  }
  const chosen = await editor.choose(
    `${found.changes.length} changed since ${oneLine(session.title, 60)} began`,
    found.changes.map((change) => ({
      label: oneLine(change.path, 200),
      icon: marks[change.kind],
      description: change.kind,
      value: change,
    })),
  );
  if (!chosen) return;
  const { path, kind } = chosen;
  const before =
    kind === 'added' || found.commit === null ? null : { folder: found.folder, commit: found.commit, path };
  const now = kind === 'deleted' ? null : { file: fileNow(found, path) };
  await editor.compare(before, now, `${oneLine(path, 100)} (since ${oneLine(session.title, 40)})`);
}
