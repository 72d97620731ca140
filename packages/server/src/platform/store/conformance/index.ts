import type { NewPlace, OpenStore } from '../../../testing/stores.ts';
import type { Store } from '../store.ts';
import { backupCases } from './backups.ts';
import { migrationCases } from './migrations.ts';
import { processCases } from './processes.ts';
import { transactionCases } from './transactions.ts';

/** What every store has to do, whatever it is made of. */
export function storeConformance(openStore: OpenStore, newPlace: NewPlace, dialect: Store['dialect']): void {
  transactionCases(openStore);
  migrationCases(openStore, newPlace);
  processCases(openStore, newPlace);
  backupCases(openStore, newPlace, dialect);
}
