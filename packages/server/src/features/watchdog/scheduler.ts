import type { Clock } from '../../kernel/clock.ts';

/** Something that is done again and again, never twice at a time. */
export interface Job {
  id: string;
  intervalMs: number;
  run(): Promise<void>;
}

export interface Scheduler {
  /** The first run falls on a random moment within one interval, so that 1,000 jobs do not start together. */
  add(job: Job): void;
  /** Ends a job; a run under way is not waited for. */
  remove(id: string): void;
  /** Runs a job now, or joins the run that is under way. Resolves when it is done. */
  runNow(id: string): Promise<void>;
  stop(): void;
}

interface Slot {
  job: Job;
  dueAt: number;
  timer: NodeJS.Timeout | null;
  running: Promise<void> | null;
}

/** Fixed rate on the monotonic clock; a run that took longer than its interval skips what it missed. */
export function createScheduler({ clock, random }: { clock: Clock; random: () => number }): Scheduler {
  const slots = new Map<string, Slot>();

  const arm = (slot: Slot) => {
    const wait = Math.max(0, slot.dueAt - clock.monotonic());
    slot.timer = setTimeout(() => void run(slot), wait);
  };

  function run(slot: Slot): Promise<void> {
    if (slot.running) return slot.running;
    if (slot.timer) clearTimeout(slot.timer);
    slot.running = slot.job
      .run()
      .catch(() => undefined)
      .finally(() => {
        slot.running = null;
        if (slots.get(slot.job.id) !== slot) return;
        const now = clock.monotonic();
        const { intervalMs } = slot.job;
        slot.dueAt += intervalMs;
        if (slot.dueAt < now) slot.dueAt += Math.ceil((now - slot.dueAt) / intervalMs) * intervalMs;
        // Run early by `runNow`: the next one is a whole interval away at most.
        slot.dueAt = Math.min(slot.dueAt, now + intervalMs);
        arm(slot);
      });
    return slot.running;
  }

  const remove = (id: string) => {
    const slot = slots.get(id);
    if (slot?.timer) clearTimeout(slot.timer);
    slots.delete(id);
  };

  return {
    add(job) {
      remove(job.id);
      const dueAt = clock.monotonic() + random() * job.intervalMs;
      const slot: Slot = { job, dueAt, timer: null, running: null };
      slots.set(job.id, slot);
      arm(slot);
    },
    remove,
    async runNow(id) {
      const slot = slots.get(id);
      if (slot) await run(slot);
    },
    stop() {
      for (const id of slots.keys()) remove(id);
    },
  };
}
