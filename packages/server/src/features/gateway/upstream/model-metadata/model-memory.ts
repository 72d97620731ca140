import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ListedModel } from '../../core/model-list/read-model-list.ts';
import { writeAtomic } from '../../../../platform/files/write-atomic.ts';
import type { UpstreamTable } from '../upstream-table.ts';
import type { Upstream } from '../upstream.ts';

/**
 * What vendors listed, kept on disk: a gateway that was restarted knows at once where each model goes, not only when
 * every list has been asked again.
 */
export interface ModelMemory {
  /** Gives providers what they had listed, where nothing newer is known. */
  recall(table: UpstreamTable): Promise<void>;
  write(upstreams: readonly Upstream[]): Promise<void>;
}

export const noModelMemory: ModelMemory = { recall: async () => undefined, write: async () => undefined };

interface Remembered {
  /** A provider of the same id somewhere else is another provider. */
  id: string;
  type: string;
  origin: string;
  models: ListedModel[];
}

const MAX_BYTES = 4 * 1024 * 1024;

/** @param path of the file, such as `<home>/cache/models.json`; it may be deleted at any time */
export function createModelMemory(path: string): ModelMemory {
  let written = '';
  return {
    async recall(table) {
      const text = await readFile(path, 'utf8').catch(() => '');
      if (text === '' || text.length > MAX_BYTES) return;
      for (const one of remembered(text)) {
        const upstream = table.get(one.id);
        if (!upstream || upstream.type.type !== one.type || upstream.origin !== one.origin) continue;
        if (upstream.listed.length === 0) table.setModels(one.id, one.models);
      }
      written = text;
    },
    async write(upstreams) {
      const parts: string[] = [];
      let bytes = 0;
      for (const { id, type, origin, local, configured, listed } of upstreams) {
        if (local || !configured || listed.length === 0) continue;
        const one: Remembered = { id, type: type.type, origin, models: [...listed] };
        const part = JSON.stringify(one);
        bytes += part.length;
        if (bytes > MAX_BYTES - 1000) break;
        parts.push(part);
      }
      const text = `[${parts.join(',\n')}]\n`;
      if (text === written) return;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeAtomic(path, text);
      written = text;
    },
  };
}

/** Only we write it; what is not as we wrote it is passed over all the same. */
function remembered(text: string): Remembered[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return (rows as (Partial<Remembered> | null)[]).filter(
    (row): row is Remembered =>
      typeof row?.id === 'string' &&
      Array.isArray(row.models) &&
      row.models.every(
        (model) =>
          typeof model?.id === 'string' &&
          typeof model.facts === 'object' &&
          (model.facts as unknown) !== null,
      ),
  );
}
