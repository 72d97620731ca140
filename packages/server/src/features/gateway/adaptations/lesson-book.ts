import type { ProviderProtocolName } from '@vigiles/wire';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { createAdaptationTable, type Adaptation, type Lesson } from '../core/adapt/adaptation-table.ts';

/** Where lessons outlive the process. */
export interface LessonMemory {
  list(): Promise<Adaptation[]>;
  keep(kept: Adaptation, replaced: readonly Adaptation[]): Promise<void>;
}

/** What this gateway has learned from refusals. Turns read it from memory; keeping is done behind them. */
export interface LessonBook {
  readonly empty: boolean;
  find(provider: string, model: string, protocol: ProviderProtocolName, now: number): readonly Adaptation[];
  learn(lesson: Lesson, now: number): void;
  /** Reads what is stored: at the start, and when somebody changed it. */
  reload(): Promise<void>;
  /** Provider's words without secrets, cut to what shows the point. */
  redact(text: string): string;
}

const MAX_EVIDENCE = 600;

export interface LessonBookOptions {
  memory?: LessonMemory | undefined;
  redact?: ((text: string) => string) | undefined;
  newId: NewId;
  log: Log;
}

export function createLessonBook({ memory, redact = same, newId, log }: LessonBookOptions): LessonBook {
  const table = createAdaptationTable();
  let writing: Promise<void> = Promise.resolve();
  return {
    get empty() {
      return table.empty;
    },
    find: table.find,
    learn(lesson, now) {
      const learned = table.learn(lesson, now, () => newId('adp'));
      if (!learned) return;
      const { kept, replaced } = learned;
      log.info(
        { provider: kept.provider, model: kept.model, edit: kept.edit, reason: kept.reason },
        'learned from a refusal',
      );
      if (!memory) return;
      writing = writing
        .then(() => memory.keep(kept, replaced))
        .catch((thrown: unknown) => log.warn({ err: thrown }, 'what was learned could not be kept'));
    },
    async reload() {
      if (!memory) return;
      // What is being written is part of what is stored.
      await writing;
      table.replaceAll(await memory.list());
    },
    redact: (text) => redact(text.slice(0, 4 * MAX_EVIDENCE)).slice(0, MAX_EVIDENCE),
  };
}

const same = (text: string): string => text;
