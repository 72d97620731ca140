import { z } from 'zod';
import { ActionRun, BackupFile, BackupList } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Backups } from './service.ts';

const Target = z.object({ target: z.string().max(64) });
const common = { tag: 'backups' } as const;

/** `/api/v1/backups`. */
export const backupRoutes = (backups: Backups): Route[] => [
  defineRoute({
    ...common,
    method: 'GET',
    path: '/api/v1/backups',
    operationId: 'listBackups',
    summary: 'Where encrypted backups go, how each place does, and the last backups',
    scope: 'read',
    audit: 'none',
    tier: 'light',
    success: BackupList,
    faults: [],
    handle: () => backups.list(),
  }),
  defineRoute({
    ...common,
    method: 'GET',
    path: '/api/v1/backups/:target/files',
    operationId: 'listBackupFiles',
    summary: 'What lies at a place now, newest first',
    scope: 'read',
    audit: 'none',
    tier: 'heavy',
    timeoutMs: 60_000,
    params: Target,
    success: z.object({ files: z.array(BackupFile) }),
    faults: ['backup_target_unknown', 'backup_place_unreachable'],
    handle: async ({ params, signal }) => ({ files: await backups.files(params.target, signal) }),
  }),
  defineRoute({
    ...common,
    method: 'POST',
    path: '/api/v1/backups/:target/run',
    operationId: 'runBackup',
    summary: 'Make one now; it is a run of the action runner',
    scope: 'operate',
    audit: 'backup.run',
    tier: 'heavy',
    params: Target,
    success: ActionRun,
    successStatus: 202,
    faults: ['backup_target_unknown', 'action_refused'],
    handle: ({ params, identity }) => backups.run(params.target, `device:${identity.deviceId}`),
  }),
];
