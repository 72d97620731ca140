import type { SeriesAnswer, SeriesLine } from '@vigiles/contract';

const columns = ['avg', 'min', 'max', 'p50', 'p95', 'p99', 'sum', 'up'] as const;
/** Buckets at the end that may still change. */
const unsettled = 2;

/** What has to be asked for to bring an answer up to `to`; null: it is older than itself. */
export function tailOf(known: SeriesAnswer, to: number): { from: number; points: number } | null {
  const from = known.start + Math.max(0, known.buckets - unsettled) * known.step_ms;
  const points = Math.ceil((to - from) / known.step_ms);
  return points < 1 || points > known.buckets ? null : { from, points };
}

/** An answer with its newer end behind it, from `from` on. Null where the two do not fit: then all is read again. */
export function appendAnswer(known: SeriesAnswer, tail: SeriesAnswer, from: number): SeriesAnswer | null {
  const { step_ms } = known;
  const offset = (tail.start - known.start) / step_ms;
  const sameLines =
    tail.lines.length === known.lines.length &&
    tail.lines.every(
      (line, at) => line.name === known.lines[at]?.name && line.target === known.lines[at]?.target,
    );
  if (tail.step_ms !== step_ms || !sameLines || !Number.isInteger(offset) || offset < 0) return null;
  if (offset > known.buckets) return null;
  const gone = Math.min(offset, Math.max(0, Math.floor((from - known.start) / step_ms)));
  const lines = known.lines.map((line, at): SeriesLine => {
    const newer = tail.lines[at];
    if (!newer) return line;
    const joined: SeriesLine = {
      ...line,
      summary: { ...line.summary, last: newer.summary.last ?? line.summary.last },
    };
    for (const column of columns) {
      // Without looks there is no column of uptime.
      if (line[column].length === 0 && newer[column].length === 0) continue;
      joined[column] = [...line[column].slice(gone, offset), ...newer[column]];
    }
    return joined;
  });
  return {
    ...known,
    from,
    to: tail.to,
    start: known.start + gone * step_ms,
    buckets: offset - gone + tail.buckets,
    lines,
  };
}
