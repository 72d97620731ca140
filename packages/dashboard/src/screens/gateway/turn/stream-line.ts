import type { RouteAttempt, Turn } from '@vigiles/contract';

/** One bar of a turn's course. `from` and `size` are shares of the whole, 0 to 1. */
export interface CourseBar {
  key: string;
  label: string;
  note: string;
  tone: 'ok' | 'bad' | 'idle';
  from: number;
  size: number;
  /** Where the first content came, as a share of the whole. */
  first: number | null;
}

const tones = { ok: 'ok', failed: 'bad', refused: 'bad', aborted: 'idle' } as const;

/** A turn as bars over its time: each attempt, and in the one that answered the first content. */
export function courseOf(
  turn: Pick<Turn, 'latency_ms' | 'ttft_ms'>,
  attempts: readonly RouteAttempt[],
): CourseBar[] {
  const whole = Math.max(
    1,
    turn.latency_ms,
    ...attempts.map(({ started_ms: start, latency_ms: took }) => start + took),
  );
  const last = attempts.length - 1;
  return attempts.map((attempt, i) => {
    const { provider, model, started_ms: start, latency_ms: took, outcome, cause, status } = attempt;
    const how = outcome === 'ok' ? 'answered' : [outcome, cause].filter(Boolean).join(', ');
    return {
      key: `${i}`,
      label: `${provider}/${model}`,
      note: status === null ? how : `${how}, ${status}`,
      tone: tones[outcome],
      from: Math.min(1, start / whole),
      size: Math.min(1 - start / whole, Math.max(0.004, took / whole)),
      first: i === last && turn.ttft_ms !== null ? Math.min(1, turn.ttft_ms / whole) : null,
    };
  });
}
