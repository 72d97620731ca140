export { backupRoutes } from './routes.ts';
export { createBackups, type Backups, type BackupTroubles } from './service.ts';
export { newest, withBackup } from './restore-from.ts';
export { openTarget } from './target.ts';
