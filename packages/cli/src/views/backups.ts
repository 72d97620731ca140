import type { BackupFile, BackupTarget } from '@vigiles/contract';
import { dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { ago, count } from '../output/units.ts';

const stateOf = ({ enabled, problem, last }: BackupTarget): Painted => {
  if (!enabled) return { painted: dim('off') };
  if (problem !== null) return { painted: red('cannot work') };
  if (last === null) return { painted: dim('none so far') };
  if (last.state === 'running') return { painted: yellow('running') };
  return { painted: last.state === 'done' ? green('✔ done') : red('✖ failed') };
};

/** `vigiles backups list` */
export function backupsView(targets: readonly BackupTarget[]): string {
  if (targets.length === 0) return dim('No places. Add one to backups.targets in vigiles.yaml.');
  return table(
    [
      { title: 'TARGET' },
      { title: 'TYPE' },
      { title: 'STATE' },
      { title: 'LAST GOOD', align: 'right' },
      { title: 'WHERE', flexible: true },
      { title: 'TROUBLE', flexible: true },
    ],
    targets.map((target) => [
      target.name,
      target.type,
      stateOf(target),
      target.last_done_at === null ? '–' : ago(target.last_done_at),
      target.place,
      target.problem ?? (target.last?.state === 'failed' ? target.last.message : ''),
    ]),
  );
}

/** `vigiles backups list <target>` */
export function backupFilesView(files: readonly BackupFile[]): string {
  if (files.length === 0) return dim('Nothing of Vigiles lies there.');
  return table(
    [{ title: 'WHEN', align: 'right' }, { title: 'BYTES', align: 'right' }, { title: 'FILE' }],
    files.map(({ name, bytes, created_at: at }) => [ago(at), count(bytes), name]),
  );
}
