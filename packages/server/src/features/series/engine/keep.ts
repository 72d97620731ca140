import type { Log } from '../../../kernel/log.ts';
import { dayMs, rowMs, slotsOf, type Level, type Partition, type SeriesStorage } from '../storage/storage.ts';

/** How long what is kept. */
export interface KeepRules {
  rawDays: number;
  minuteDays: number;
  hourDays: number;
  maxBytes: number;
  minFreeBytes: number;
  maxSeries: number;
}

/** Days stay ten years: they are next to nothing. */
const dayDays = 3660;
/** How long what the disk said is believed, and the list of months. */
const freshMs = 10_000;

export interface KeeperDeps {
  storage: SeriesStorage;
  log: Log;
  now(): number;
  rules: KeepRules;
}

/** Forgets whole months: those that are too old, and the oldest while there is too much. */
export function createKeeper(deps: KeeperDeps) {
  const { storage, log, now } = deps;
  let rules = deps.rules;
  let listed: { at: number; partitions: Partition[] } | null = null;
  let disk = { at: Number.NEGATIVE_INFINITY, enough: true };
  let keepRaw = true;

  async function partitions(): Promise<Partition[]> {
    if (!listed || now() - listed.at > freshMs || now() < listed.at)
      listed = { at: now(), partitions: await storage.partitions() };
    return listed.partitions;
  }

  const daysOf = (level: Level): number =>
    ({ raw: rules.rawDays, '1m': rules.minuteDays, '1h': rules.hourDays, '1d': dayDays })[level];
  const endOf = ({ level, month }: Partition): number => slotsOf(level, month).to * rowMs(level);

  async function drop(partition: Partition, why: string): Promise<void> {
    await storage.drop(partition.level, partition.month);
    log.info({ level: partition.level, month: partition.month, bytes: partition.bytes }, why);
  }

  return {
    rules: () => rules,
    follow(next: KeepRules): void {
      rules = next;
    },
    partitions,
    keepRaw: () => keepRaw,

    /** Whether the disk has room for more. Said once each time that changes. */
    mayWrite(): boolean {
      if (now() - disk.at > freshMs || now() < disk.at) {
        const free = storage.freeBytes();
        const enough = free === null || free >= rules.minFreeBytes;
        if (enough !== disk.enough) {
          if (enough) log.info({ free }, 'There is room again: history is written');
          else
            log.error(
              { free, needed: rules.minFreeBytes },
              'Too little space is free: history is not written',
            );
        }
        disk = { at: now(), enough };
      }
      return disk.enough;
    },

    async tidy(): Promise<void> {
      listed = null;
      let kept: Partition[] = [];
      for (const partition of await partitions()) {
        if (endOf(partition) < now() - daysOf(partition.level) * dayMs)
          await drop(partition, 'A month of history is too old and was forgotten');
        else kept.push(partition);
      }
      const size = () => kept.reduce((sum, { bytes }) => sum + bytes, 0);
      // Single samples first, then minutes; hours and days are what a year is remembered by.
      for (const level of ['raw', '1m'] as const) {
        const old = kept
          .filter((each) => each.level === level && endOf(each) <= now())
          .sort((a, b) => endOf(a) - endOf(b));
        for (const partition of old) {
          if (size() <= rules.maxBytes) break;
          await drop(partition, 'History takes too much space: its oldest month was forgotten');
          kept = kept.filter((each) => each !== partition);
        }
      }
      const room = size() <= rules.maxBytes;
      if (room !== keepRaw) {
        if (room) log.info({}, 'Single samples are kept again');
        else
          log.warn(
            { bytes: size(), limit: rules.maxBytes },
            'History takes too much space: only sums are kept',
          );
      }
      keepRaw = room;
      listed = null;
    },
  };
}
