// From the files themselves: the gateway's ledger thread needs the names and nothing else of these features.
import { migrations as actionMigrations } from '../features/actions/migrations.ts';
import { deviceMigrations } from '../features/devices/migrations.ts';
import { gatewayMigrations } from '../features/gateway/ledger/migrations.ts';
import { githubMigrations } from '../features/github/migrations.ts';
import { notionMigrations } from '../features/integrations/notion/migrations.ts';
import { notificationMigrations } from '../features/notifications/migrations.ts';
import { pluginRuntimeMigrations } from '../features/plugins/runtime/migrations.ts';
import { pluginMigrations } from '../features/plugins/migrations.ts';
import { mailMigrations } from '../features/mail/migrations.ts';
import { backupMigrations } from '../features/backups/migrations.ts';
import { oauthMigrations } from '../features/oauth/migrations.ts';
import { portMigrations } from '../features/ports/migrations.ts';
import { quotaMigrations } from '../features/quotas/migrations.ts';
import { sessionMigrations } from '../features/sessions/migrations.ts';
import { migrations as watchdogMigrations } from '../features/watchdog/migrations.ts';
import { eventLogMigrations } from '../platform/event-log/migrations.ts';
import { presenceMigrations } from '../platform/presence/migrations.ts';
import type { Migrations } from '../platform/store/store.ts';

/** Every feature's migrations. All processes that share a database open it with this. */
export const migrations: Migrations = {
  ...eventLogMigrations,
  ...presenceMigrations,
  ...deviceMigrations,
  ...gatewayMigrations,
  ...actionMigrations,
  ...watchdogMigrations,
  ...notificationMigrations,
  ...sessionMigrations,
  ...githubMigrations,
  ...oauthMigrations,
  ...portMigrations,
  ...notionMigrations,
  ...pluginRuntimeMigrations,
  ...pluginMigrations,
  ...mailMigrations,
  ...backupMigrations,
  ...quotaMigrations,
};
