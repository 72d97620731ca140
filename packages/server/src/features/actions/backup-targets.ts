import type { Seen } from './define-action.ts';
import type { Work } from './targets.ts';

/** Hands on places for backups, provided by their feature. */
export interface BackupTargets {
  /** null: there is no such target. `refusal`: why none can be made now. */
  look(name: string): Promise<{ what: string; refusal: string | null } | null>;
  /** Makes one. Throws where it is not there in the end. @param memory what `seen` needs */
  make(name: string, work: Work, memory: Map<string, unknown>): Promise<void>;
  seen(memory: Map<string, unknown>): Promise<Seen>;
}

/** No places to lay hands on. */
export const noBackups: BackupTargets = {
  look: () => Promise.resolve(null),
  make: () => Promise.reject(new Error('there is no place for backups here')),
  seen: () => Promise.resolve('unknown'),
};
