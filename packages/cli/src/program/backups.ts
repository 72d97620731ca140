import type { Verbs } from './verb.ts';

/** `backups …` */
export function declareBackups({ asking, group, home }: Verbs): void {
  const backups = group('backups', 'encrypted backups that are brought elsewhere');
  const verbs = () => import('../verbs/backups.ts');
  asking('list [target]', 'the places and how they do; of one place, what lies there', backups).action(
    async (target, options) => (await verbs()).listBackupsVerb(target, options),
  );
  asking('run <target>', 'make one now and wait for it; ends with 6 when it failed', backups).action(
    async (target, options) => (await verbs()).runBackupVerb(target, options),
  );
  if (home !== null) return;
  asking('restore <target> [file]', 'restore the newest one, or this one, while Vigiles is stopped', backups)
    .option('--identity <file>', 'age identity, or a file with the passphrase')
    .action(async (target, file, options) => (await verbs()).restoreBackupVerb(target, file, options));
}
