import { deviceMigrations } from '../features/devices/index.ts';
import { gatewayMigrations } from '../features/gateway/index.ts';
import { eventLogMigrations } from '../platform/event-log/index.ts';
import type { Migrations } from '../platform/store/index.ts';

/** Every feature's migrations. All processes that share a database open it with this. */
export const migrations: Migrations = { ...eventLogMigrations, ...deviceMigrations, ...gatewayMigrations };
