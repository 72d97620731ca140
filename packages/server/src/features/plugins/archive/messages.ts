import type { PluginReadme } from '@vigiles/contract';
import type { Fault } from '../../../kernel/fault.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import type { InspectedPackage } from './inspect-package.ts';

/** What the thread is asked. Paths are absolute. */
export type ArchiveQuestion =
  | { kind: 'inspect'; file: string; expected: string | null; limits: ArchiveLimits }
  | { kind: 'extract'; file: string; expected: string; into: string; limits: ArchiveLimits }
  | { kind: 'compare'; file: string; expected: string; folder: string; limits: ArchiveLimits }
  | { kind: 'readme'; file: string; expected: string; limits: ArchiveLimits }
  | { kind: 'pack'; folder: string; target: string; limits: ArchiveLimits };

/** What it answers: `difference` for `compare`, `readme` for `readme`, `inspected` for the others. */
export interface ArchiveAnswer {
  inspected?: InspectedPackage;
  difference?: string | null;
  readme?: PluginReadme | null;
  fault?: Pick<Fault, 'kind' | 'code' | 'message' | 'details'>;
  /** Something unforeseen: its trace, for the log. */
  failure?: string;
}
