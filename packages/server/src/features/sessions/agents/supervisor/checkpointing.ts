import type { AgentsConfig, Checkpoint, RollbackPreview } from '@vigiles/contract';
import { fault, raise } from '../../../../kernel/fault.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { Sessions } from '../../index.ts';
import type { Snapshots } from '../../snapshots/snapshots.ts';

export interface CheckpointingDeps {
  sessions: Pick<Sessions, 'checkpoints' | 'append'>;
  snapshots: Snapshots;
  newId(prefix: string): string;
  log: Log;
  settings(): AgentsConfig['checkpoints'];
}

/** Where a session's files and conversation stand. */
export interface Place {
  sessionId: string;
  folder: string;
  conversation: string | null;
  position: string | null;
  /** Whether the agent can go back in its conversation. */
  rewinds: boolean;
}

/** Longest list of changes that is shown or written down. */
const MAX_CHANGES = 1000;
const MAX_EVIDENCE = 200;

/** Checkpoints of agents' sessions: their files are kept by us, their conversation by the agent. */
export function createCheckpointing({ sessions, snapshots, newId, log, settings }: CheckpointingDeps) {
  const note = (
    { sessionId, conversation, position, rewinds }: Place,
    id: string,
    about: { label: string; kind: Checkpoint['kind']; files: number; bytes: number },
  ): Promise<Checkpoint> =>
    sessions.checkpoints.add(
      sessionId,
      {
        checkpoint_id: id,
        ...about,
        restores: { files: true, conversation: rewinds },
        ref: { conversation, position },
      },
      'system',
    );
  /** Kept already and not yet in the book: not to be swept away. */
  const taking = new Set<string>();
  const whileTaking = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    taking.add(id);
    return work().finally(() => taking.delete(id));
  };
  async function prune({ sessionId, folder }: Place): Promise<void> {
    const old = (await sessions.checkpoints.list(sessionId)).slice(settings().keep);
    await snapshots.drop(
      folder,
      old.map(({ checkpoint_id }) => checkpoint_id),
    );
    for (const { checkpoint_id } of old) await sessions.checkpoints.remove(sessionId, checkpoint_id);
  }
  const find = async (sessionId: string, id: string | null, steps: number): Promise<Checkpoint> => {
    const list = await sessions.checkpoints.list(sessionId);
    const found =
      id === null
        ? list.filter(({ kind }) => kind !== 'safety')[steps - 1]
        : list.find(({ checkpoint_id }) => checkpoint_id === id);
    if (found) return found;
    const what = id === null ? `There is no checkpoint ${steps} steps back` : `Checkpoint not found: ${id}`;
    return raise(fault('not-found', 'checkpoint_not_found', `${what}.`));
  };
  return {
    /** Keeps the files as they are. Throws where they cannot be kept. */
    async take(place: Place, label: string, kind: 'auto' | 'manual'): Promise<Checkpoint> {
      const id = newId('cp');
      const checkpoint = await whileTaking(id, async () => {
        const { files, bytes } = await snapshots.take(place.folder, id);
        return note(place, id, { label: label.slice(0, 200), kind, files, bytes });
      });
      await prune(place).catch((thrown: unknown) =>
        log.warn({ err: thrown, session: place.sessionId }, 'Old checkpoints could not be dropped'),
      );
      return checkpoint;
    },
    async preview(sessionId: string, id: string, folder: string): Promise<RollbackPreview> {
      const checkpoint = await find(sessionId, id, 1);
      const changes = await snapshots.preview(folder, checkpoint.checkpoint_id);
      return {
        checkpoint_id: checkpoint.checkpoint_id,
        folder,
        changes: changes.slice(0, MAX_CHANGES),
        more: Math.max(0, changes.length - MAX_CHANGES),
        conversation: checkpoint.restores.conversation,
      };
    },
    find,
    /** Brings the files back, after keeping what is there now. `failed`: why not all of them are what they were; null: they are. */
    async restore(
      place: Place,
      checkpoint: Checkpoint,
    ): Promise<{ evidence: Record<string, unknown>; failed: string | null }> {
      const safety = newId('cp');
      const label = `Before the rollback to ${checkpoint.label || checkpoint.checkpoint_id}`.slice(0, 300);
      const report = await whileTaking(safety, () =>
        // In the book before any file is touched: whatever happens then can be taken back.
        snapshots.restore(place.folder, checkpoint.checkpoint_id, safety, ({ files, bytes }) =>
          note(place, safety, { label, kind: 'safety', files, bytes }),
        ),
      );
      const count = (wanted: string) => report.changes.filter(({ kind }) => kind === wanted).length;
      const evidence = {
        checkpoint_id: checkpoint.checkpoint_id,
        safety_checkpoint_id: safety,
        files_restored: count('restore'),
        files_recreated: count('recreate'),
        files_deleted: count('delete'),
        changes: report.changes.slice(0, MAX_EVIDENCE),
        left_alone: report.left.slice(0, MAX_EVIDENCE),
        files_verified: report.verified,
        files_differing: report.differing.slice(0, MAX_EVIDENCE),
      };
      if (report.verified) return { evidence, failed: null };
      const [first = ''] = report.differing;
      const more = report.differing.length > 1 ? ` and ${report.differing.length - 1} more` : '';
      const why = report.trouble === null ? '' : ` (${report.trouble.slice(0, 300)})`;
      return {
        evidence,
        failed: `Not every file is what it was: ${first}${more}${why}. What was there before is checkpoint ${safety}.`,
      };
    },
    /** Drops what is kept of this folder and belongs to no session any more. */
    async sweep(folder: string): Promise<void> {
      const names = await snapshots.names(folder);
      const known = await sessions.checkpoints.known(names);
      await snapshots.drop(
        folder,
        names.filter((name) => !known.has(name) && !taking.has(name)),
      );
    },
  };
}
export type Checkpointing = ReturnType<typeof createCheckpointing>;
