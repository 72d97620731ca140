export { restoreBackup, type Restored, type RestoreOptions } from './backup/restore-backup.ts';
export { fromJson, numericKeyType, toJson } from './columns.ts';
export { createStore, type StoreOptions } from './create-store.ts';
export { isStoreFault, isUniqueViolation, type StoreFaultCode } from './faults.ts';
export type { Migrations, NewSchema, Store, WriteOptions } from './store.ts';
export { createWriteBehind } from './write-behind.ts';
