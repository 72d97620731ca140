export { createDelivery, type Delivery } from './delivery.ts';
export { createEventLog, type EventLogOptions } from './create-event-log.ts';
export type { EventFilter, EventLog, EventTransaction, NewEvent, PruneLimits } from './event-log.ts';
export { eventLogMigrations } from './migrations.ts';
export type { EventLogTables } from './tables.ts';
