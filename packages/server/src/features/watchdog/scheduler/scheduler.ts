import type { Clock } from '../../../kernel/clock.ts';
import { createDueHeap, type Due } from './due-heap.ts';
import { createLateness, type LatenessSummary } from './lateness.ts';

/** Something that is done again and again, never twice at a time. */
export interface Job {
  id: string;
  intervalMs: number;
  run(): Promise<void>;
}

export interface Scheduler {
  /** First runs are spread evenly over one interval, so that 1,000 jobs do not start together. */
  add(job: Job): void;
  /** Ends a job; a run under way is not waited for. */
  remove(id: string): void;
  /** Runs a job now, or joins the run that is under way. Resolves when it is done. */
  runNow(id: string): Promise<void>;
  /** How many jobs there are and run now, and how late they start. */
  stats(): SchedulerStats;
  stop(): void;
}

export interface SchedulerStats extends LatenessSummary {
  jobs: number;
  running: number;
  /** Sum of what all jobs start in a second. */
  perSecond: number;
}

interface Slot extends Due {
  job: Job;
  running: Promise<void> | null;
}

/** A timer may fire this much early, and what is due within it is run in the same turn. */
const togetherMs = 0.5;
const longestWaitMs = 2 ** 31 - 1;

/**
 * Fixed rate on the monotonic clock; a run that took longer than its interval skips what it missed. One timer for all:
 * it is set to whoever is due first.
 */
export function createScheduler({ clock, random }: { clock: Clock; random: () => number }): Scheduler {
  const slots = new Map<string, Slot>();
  const due = createDueHeap<Slot>();
  const lateness = createLateness();
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let running = 0;
  /** Golden-ratio steps from a random start: any number of offsets is spread evenly. */
  let phase = random();

  function arm(): void {
    const first = due.first();
    if (first && timer && first.dueAt >= timerAt) return;
    if (timer) clearTimeout(timer);
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    if (!first) return;
    timerAt = first.dueAt;
    timer = setTimeout(fire, Math.min(longestWaitMs, Math.max(0, first.dueAt - clock.monotonic())));
  }

  function fire(): void {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    for (;;) {
      const first = due.first();
      const now = clock.monotonic();
      if (!first || first.dueAt > now + togetherMs) break;
      lateness.note(Math.max(0, now - first.dueAt));
      void run(first);
    }
    arm();
  }

  function run(slot: Slot): Promise<void> {
    if (slot.running) return slot.running;
    due.remove(slot);
    running += 1;
    slot.running = slot.job
      .run()
      .catch(() => undefined)
      .finally(() => {
        running -= 1;
        slot.running = null;
        if (slots.get(slot.job.id) !== slot) return;
        const now = clock.monotonic();
        const { intervalMs } = slot.job;
        slot.dueAt += intervalMs;
        if (slot.dueAt < now) slot.dueAt += Math.ceil((now - slot.dueAt) / intervalMs) * intervalMs;
        // Run early by `runNow`: the next one is a whole interval away at most.
        slot.dueAt = Math.min(slot.dueAt, now + intervalMs);
        due.push(slot);
        arm();
      });
    return slot.running;
  }

  const remove = (id: string) => {
    const slot = slots.get(id);
    if (slot) due.remove(slot);
    slots.delete(id);
  };

  return {
    add(job) {
      remove(job.id);
      phase = (phase + 0.618_033_988_749_895) % 1;
      const slot: Slot = {
        job,
        dueAt: clock.monotonic() + phase * job.intervalMs,
        at: -1,
        running: null,
      };
      slots.set(job.id, slot);
      due.push(slot);
      arm();
    },
    remove,
    async runNow(id) {
      const slot = slots.get(id);
      if (slot) await run(slot);
    },
    stats() {
      let perSecond = 0;
      for (const { job } of slots.values()) perSecond += 1000 / job.intervalMs;
      return { jobs: slots.size, running, perSecond, ...lateness.summary() };
    },
    stop() {
      for (const id of slots.keys()) remove(id);
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
