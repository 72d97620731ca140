import type { SessionEvent } from '@vigiles/contract';
import { textIn } from '../read-data.ts';
import { diffCounts } from './diff-lines.ts';

export interface ChangedFile {
  path: string;
  /** What it is now, compared with before the session. */
  kind: 'created' | 'modified' | 'deleted';
  /** Each change in order; without a diff where the agent gave none. */
  changes: { seq: number; diff: string }[];
  added: number;
  removed: number;
  /** UTC ms. */
  last: number;
}

/** The files a session touched, last touched first. */
export function filesOf(events: readonly SessionEvent[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const { type, data, seq, ts } of events) {
    const path = textIn(data, 'path');
    const [, what] = /^file:(created|modified|deleted)$/.exec(type) ?? [];
    if (path === '' || what === undefined) continue;
    const kind = what as ChangedFile['kind'];
    const diff = textIn(data, 'changes', 'diff');
    const { added, removed } = diffCounts(diff);
    const known = files.get(path);
    files.delete(path);
    const changes = known?.changes ?? [];
    changes.push({ seq, diff });
    files.set(path, {
      path,
      // One it made is still one it made after it changed it.
      kind: known?.kind === 'created' && kind === 'modified' ? 'created' : kind,
      changes,
      added: (known?.added ?? 0) + added,
      removed: (known?.removed ?? 0) + removed,
      last: ts,
    });
  }
  return [...files.values()].toReversed();
}
