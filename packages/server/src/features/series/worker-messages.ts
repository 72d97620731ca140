import type { Batch } from './core/batch.ts';
import type { Answered, Question, StoredSample, Uptimes } from './engine/engine.ts';
import type { KeepRules } from './engine/keep.ts';
import type { StoredSeries } from './storage/storage.ts';

/** Where the history is kept. */
export interface SeriesPlace {
  /** Folder of the SQLite files. */
  folder: string;
  /** PostgreSQL instead. */
  url?: string;
}

export interface SeriesWorkerData {
  place: SeriesPlace;
  rules: KeepRules;
}

/** What can be asked of the thread, and what it answers. */
export interface Asks {
  query: [question: Question, answer: Answered];
  samples: [
    question: { name: string; target: string; from: number; to: number; limit: number },
    answer: StoredSample[],
  ];
  recent: [question: { name: string; targets: readonly string[]; limit: number }, answer: StoredSample[][]];
  sparklines: [
    question: { name: string; targets: readonly string[]; minutes: number },
    answer: (number | null)[][],
  ];
  uptimes: [question: { name: string }, answer: Record<string, Uptimes>];
  series: [question: Record<string, never>, answer: StoredSeries[]];
  stats: [
    question: Record<string, never>,
    answer: {
      series: number;
      refused: number;
      partitions: { level: string; month: string; bytes: number }[];
    },
  ];
  /** Everything that was sent before is stored. */
  settled: [question: Record<string, never>, answer: null];
  /** The hours that are over are blocks. */
  compact: [question: Record<string, never>, answer: null];
}
export type AskKind = keyof Asks;

export type ToSeriesWorker =
  /** Samples by ids of the sender, and the series of those ids that are new. */
  | { type: 'samples'; batch: Batch; added: readonly (Omit<StoredSeries, 'id'> & { local: number })[] }
  | { type: 'ask'; id: number; kind: AskKind; question: Asks[AskKind][0] }
  | { type: 'rules'; rules: KeepRules }
  | { type: 'close' };

export type FromSeriesWorker =
  /** The store is open; what was sent meanwhile is dealt with now. */
  | { type: 'started' }
  | { type: 'answer'; id: number; answer: Asks[AskKind][1] }
  | { type: 'failure'; id: number; code: string | null; message: string }
  /** For the log of the process. */
  | { type: 'log'; level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string }
  /** A batch of `count` samples was dealt with: stored, or given up. */
  | { type: 'taken'; count: number; stored: boolean }
  | { type: 'closed' };
