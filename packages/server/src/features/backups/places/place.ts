import type { BackupFile, BackupTargetConfig } from '@vigiles/contract';
import type { Egress } from '../../../platform/egress/index.ts';

/** Size and digest of some bytes. */
export interface Digest {
  bytes: number;
  sha256: string;
}

/** Somewhere that backups lie. Names are ours (`nameOf`). Everything throws a message for people; nothing has secrets in it. */
export interface Place {
  /** For people, without secrets. */
  where: string;
  put(name: string, file: string, digest: Digest, signal: AbortSignal): Promise<void>;
  /** Hands over every byte of what lies there. */
  read(name: string, take: (chunk: Buffer) => void, signal: AbortSignal): Promise<void>;
  /** What of ours lies there. */
  list(signal: AbortSignal): Promise<BackupFile[]>;
  remove(name: string, signal: AbortSignal): Promise<void>;
}

export interface PlaceDeps {
  egress: Pick<Egress, 'fetch'>;
  now(): number;
}

export type ConfigOf<Type extends BackupTargetConfig['type']> = Extract<BackupTargetConfig, { type: Type }>;

/** Longest time for one request; `egress.timeout_s` bounds it. */
export const requestMs = 600_000;
/** Largest backup that is read back. */
export const mostBytes = 64 * 1_073_741_824;
