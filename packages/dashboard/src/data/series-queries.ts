import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { SeriesAnswer, SeriesEntry } from '@vigiles/contract';
import { appendAnswer, tailOf } from '../screens/history/append.ts';
import type { HistorySpan } from '../screens/history/span.ts';
import { api } from './api.ts';

const list = (key: string, values: readonly string[]): string =>
  values.map((value) => `${key}=${encodeURIComponent(value)}`).join('&');

/** After so long everything is read again: sums over the whole span, and samples that came late. */
const wholeAgainMs = 300_000;
const pointsShown = 240;

/**
 * Figures of targets over a span. A span that ends now is read whole once; then only its end, which is put behind it.
 * @param names figures; none: nothing is asked
 * @param targets none: every target that has the figure
 */
export const seriesQuery = (
  client: QueryClient,
  names: readonly string[],
  targets: readonly string[],
  span: HistorySpan,
) => {
  const queryKey = ['series', names, targets, span] as const;
  const path = `/api/v1/series?${[list('name', names), list('target', targets)].filter(Boolean).join('&')}`;
  const read = (from: number, to: number, points: number, signal: AbortSignal) =>
    api.get<SeriesAnswer>(`${path}&from=${from}&to=${to}&points=${points}`, {}, signal);
  return queryOptions({
    queryKey,
    async queryFn({ signal }): Promise<SeriesAnswer & { wholeAt: number }> {
      const to = span.to ?? Date.now();
      const from = span.from ?? to - span.lengthMs;
      const known = client.getQueryData<SeriesAnswer & { wholeAt: number }>(queryKey);
      if (known && span.to === null && Date.now() - known.wholeAt < wholeAgainMs) {
        const tail = tailOf(known, to);
        const end = tail && (await read(tail.from, to, tail.points, signal));
        const joined = end && appendAnswer(known, end, from);
        if (joined) return { ...joined, wholeAt: known.wholeAt };
      }
      return { ...(await read(from, to, pointsShown, signal)), wholeAt: Date.now() };
    },
    enabled: names.length > 0,
    refetchInterval: span.to === null ? (span.lengthMs <= 3_600_000 ? 5_000 : 30_000) : false,
    placeholderData: keepPreviousData,
  });
};

/** Targets of one figure, as many as a picker can hold. */
export const seriesNamesQuery = (name: string) =>
  queryOptions({
    queryKey: ['series-names', name],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ series: SeriesEntry[] }>('/api/v1/series/names', { name, limit: 1000 }, signal)
      ).series.map(({ target }) => target),
    staleTime: 60_000,
  });

/** Latency of every service by the minute, for the fleet's sparklines: one call for all of them. */
export const sparklinesQuery = queryOptions({
  queryKey: ['sparklines'],
  queryFn: async ({ signal }) => {
    const { lines } = await api.get<{ lines: { target: string; values: (number | null)[] }[] }>(
      '/api/v1/series/sparklines',
      {},
      signal,
    );
    return new Map(lines.map(({ target, values }) => [target, values]));
  },
  refetchInterval: 30_000,
  staleTime: 25_000,
});
