import type { Prediction } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Signal } from '../core/detect/signal.ts';
import { formatLeft } from './core/format-left.ts';
import { idOf, type Foreteller, type Found } from './core/found.ts';
import { newStanding, stand, type Standing } from './core/hysteresis.ts';

const minuteMs = 60_000;

export interface PredictorDeps {
  foretellers: readonly Foreteller[];
  clock: Clock;
  log: Log;
  /** Told with each look while a failure is foreseen, and once when it no longer is (`cleared`). */
  signal(signal: Signal): void;
  everyMs?: number;
}

interface Watched {
  standing: Standing;
  /** As it was foreseen last. */
  found: Found;
  /** What people see; null until it is sure. */
  prediction: Prediction | null;
}

/** Looks now and then for failures that are on their way. */
export function createPredictor({ foretellers, clock, log, signal, everyMs = minuteMs }: PredictorDeps) {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  function judge(id: string, found: Found | null): void {
    const before = watched.get(id);
    const about = found ?? before?.found;
    if (!about) return;
    const { next, change } = stand(before?.standing ?? newStanding(), found !== null);
    const since = before?.prediction?.since ?? clock.now();
    // A look that does not see it leaves it as it was: it takes several to be over.
    const last = before?.prediction ?? null;
    const prediction = next.raised ? (found ? describe(id, found, since) : last) : null;
    if (next.raised || next.seen > 0) watched.set(id, { standing: next, found: about, prediction });
    else watched.delete(id);
    if (change !== 'cleared' && !(found && prediction)) return;
    signal({
      name: `prediction.${about.kind}`,
      target: about.target,
      targetClass: about.targetClass,
      at: clock.now(),
      source: 'prediction',
      fields: {
        check: about.part,
        ...(prediction ? { seconds_left: Math.round(prediction.time_left_ms / 1000) } : {}),
      },
      ...(change === 'cleared' ? { cleared: true } : {}),
      ...(found && prediction
        ? { title: `${about.sentence} in about ${formatLeft(prediction.time_left_ms)}` }
        : {}),
      ...(prediction ? { evidence: { ...prediction } } : {}),
    });
  }

  function describe(id: string, found: Found, since: number): Prediction {
    const { kind, target, sentence, basis, foresight, limit, unit } = found;
    const { timeLeftMs, earliestMs, latestMs, confidence, value } = foresight;
    const exact = earliestMs === latestMs;
    const latest = latestMs === null ? 'or later' : `at the latest in ${formatLeft(latestMs)}`;
    const spread = exact ? '' : `; at the earliest in ${formatLeft(earliestMs)}, ${latest}`;
    return {
      id,
      kind,
      target,
      title: `${kind === 'budget' || target === 'host' ? '' : `${target}: `}${sentence} in about ${formatLeft(timeLeftMs)}`,
      detail: `${basis}${spread}.`,
      time_left_ms: Math.round(timeLeftMs),
      earliest_ms: Math.round(earliestMs),
      latest_ms: latestMs === null ? null : Math.round(latestMs),
      confidence: Math.round(confidence * 100) / 100,
      value,
      limit,
      unit,
      since,
      at: clock.now(),
    };
  }

  async function ask({ kinds, look }: Foreteller): Promise<void> {
    const found = new Map((await look()).map((each) => [idOf(each), each]));
    for (const [id, { found: before }] of watched)
      if (kinds.includes(before.kind) && !found.has(id)) judge(id, null);
    for (const [id, each] of found) judge(id, each);
  }

  /** One look at everything. Who cannot tell at the moment changes nothing. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    for (const one of foretellers)
      await ask(one).catch((thrown: unknown) =>
        log.warn({ err: thrown, kinds: one.kinds }, 'What is on its way could not be looked for'),
      );
    looking = false;
  }

  const urgent = (list: readonly Prediction[]) => list.toSorted((a, b) => a.time_left_ms - b.time_left_ms);
  const all = (): Prediction[] => [...watched.values()].flatMap(({ prediction }) => prediction ?? []);
  return {
    look,
    /** What is foreseen now, most urgent first. */
    list: (): Prediction[] => urgent(all()),
    /** Asked for each service: nearly always nothing is foreseen. */
    of: (target: string): Prediction[] =>
      watched.size === 0 ? [] : urgent(all().filter((each) => each.target === target)),
    start(): void {
      timer ??= setInterval(() => void look(), everyMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}

export type Predictor = ReturnType<typeof createPredictor>;
