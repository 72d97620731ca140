import { createHash } from 'node:crypto';
import type { NotionChoice, NotionConflict, NotionSync } from '@vigiles/contract';
import { fault, FaultError } from '../../../kernel/fault.ts';
import type { NotionClient } from './client.ts';
import { decide, type Step } from './core/decide.ts';
import { planPush, type Unit } from './core/plan-push.ts';
import { readMarkdown } from './core/read-markdown.ts';
import { writeMarkdown } from './core/write-markdown.ts';
import { folderKey, keepBeside, readPageFile, writePageFile } from './page-file.ts';
import type { NotionStore } from './store.ts';

export interface Place {
  page: string;
  file: string;
}

export interface SyncPageDeps {
  client: NotionClient;
  store: NotionStore;
  folder(): string;
  now(): number;
  newId(prefix: string): string;
}

type Outcome = NotionSync['pages'][number]['outcome'];

/** A page and its file as they stand at this moment. */
interface Look {
  edited: string;
  units: Unit[];
  /** As it stands on the disk. */
  raw: string | null;
  local: string | null;
  remote: string | null;
}

const hashOf = (text: string | null): string | null =>
  text === null ? null : createHash('sha256').update(text).digest('hex');

/** Brings one page and its file in step, or reports that both changed. */
export function createPageSync({ client, store, folder, now, newId }: SyncPageDeps) {
  async function look({ page, file }: Place, signal: AbortSignal): Promise<Look> {
    const edited = await client.edited(page, signal);
    const units = await client.read(page, signal);
    const raw = await readPageFile(folder(), file);
    return {
      edited,
      units,
      raw,
      local: raw === null ? null : writeMarkdown(readMarkdown(raw)),
      remote: units.length === 0 ? null : writeMarkdown(units.map(({ block }) => block)),
    };
  }

  async function push({ page }: Place, seen: Look, signal: AbortSignal): Promise<string | null> {
    if ((await client.edited(page, signal)) !== seen.edited)
      throw new FaultError(
        fault('conflict', 'notion_page_changed', 'The page changed while it was looked at.'),
      );
    const { inserts, removes } = planPush(seen.units, readMarkdown(seen.raw ?? ''));
    for (const { after, blocks } of inserts)
      // oxlint-disable-next-line no-await-in-loop -- in order, and paced
      await client.append(page, blocks, after, signal);
    // oxlint-disable-next-line no-await-in-loop -- paced
    for (const id of removes) await client.remove(id, signal);
    const made = await client.read(page, signal);
    return made.length === 0 ? null : writeMarkdown(made.map(({ block }) => block));
  }

  async function settle(
    place: Place,
    local: string | null,
    remote: string | null,
    note: string,
  ): Promise<void> {
    await store.putBase({
      ...place,
      folder: await folderKey(folder(), newId),
      local_hash: hashOf(local) ?? '',
      remote_hash: hashOf(remote) ?? '',
    });
    await store.put({ ...place, state: 'in_step', synced_at: now(), note });
  }

  async function carryOut(
    place: Place,
    step: Step,
    seen: Look,
    signal: AbortSignal,
  ): Promise<{ outcome: Outcome; note: string }> {
    if (step === 'pull') {
      await writePageFile(folder(), place.file, seen.raw, seen.remote ?? '');
      await settle(place, seen.remote, seen.remote, 'taken over from Notion');
      return { outcome: 'pulled', note: 'taken over from Notion' };
    }
    if (step === 'push') {
      const remote = await push(place, seen, signal);
      const note =
        remote === seen.local ? 'written to Notion' : 'written to Notion, which keeps it in its own form';
      await settle(place, seen.local, remote, note);
      return { outcome: 'pushed', note };
    }
    if (step === 'in_step') {
      await settle(place, seen.local, seen.remote, 'in step');
      return { outcome: 'in_step', note: 'in step' };
    }
    const note = 'changed here and in Notion; nothing was overwritten';
    await store.keepConflict({
      id: newId('ncf'),
      ...place,
      local: seen.raw ?? '',
      remote: seen.remote ?? '',
      found_at: now(),
    });
    const before = await store.page(place.page);
    await store.put({
      ...place,
      state: 'conflict',
      synced_at: before?.synced_at ?? null,
      note,
    });
    return { outcome: 'conflict', note };
  }

  return {
    async sync(place: Place, signal: AbortSignal): Promise<NotionSync['pages'][number]> {
      const seen = await look(place, signal);
      // Another file than before, or one of another folder, has never been in step with this page.
      const base = await store.base(place.page, await folderKey(folder(), newId), place.file);
      const step = decide(hashOf(seen.local), hashOf(seen.remote), base);
      return { ...place, ...(await carryOut(place, step, seen, signal)) };
    },
    /** Does what a person chose, if both still say what that person saw. Raises `notion_conflict_changed`. */
    async resolve(
      conflict: NotionConflict,
      keep: NotionChoice,
      signal: AbortSignal,
    ): Promise<NotionSync['pages'][number]> {
      const place = { page: conflict.page, file: conflict.file };
      const seen = await look(place, signal);
      if ((seen.raw ?? '') !== conflict.local || (seen.remote ?? '') !== conflict.remote) {
        await carryOut(place, 'conflict', seen, signal);
        throw new FaultError(
          fault(
            'conflict',
            'notion_conflict_changed',
            'One of the versions changed since; look at them again.',
          ),
        );
      }
      if (keep === 'local') return { ...place, ...(await carryOut(place, 'push', seen, signal)) };
      const beside =
        keep === 'both' ? await keepBeside(folder(), conflict.file, conflict.local, now()) : null;
      const done = await carryOut(place, 'pull', seen, signal);
      return {
        ...place,
        ...done,
        ...(beside === null ? {} : { note: `${done.note}; the file’s version is ${beside}` }),
      };
    },
  };
}
