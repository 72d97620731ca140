import { z } from 'zod';
import { SeriesAnswer, SeriesEntry, SeriesKey, sampleStates, seriesKind } from '@vigiles/contract';
import { raise, fault } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { samplesAsCsv } from './csv.ts';
import type { Series } from './series.ts';

/** Lines in one answer. */
const maxLines = 200;
const maxCsvRows = 100_000;
const hourMs = 3_600_000;

const common = { method: 'GET', tag: 'series', scope: 'read', audit: 'none', tier: 'light' } as const;

/** `?target=a&target=b`, or `?target=a` alone. */
const many = (limit: number) =>
  z
    .union([SeriesKey, z.array(SeriesKey).max(limit)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .optional();

const span = {
  from: z.coerce.number().optional().meta({ description: 'UTC ms; an hour before `to`.' }),
  to: z.coerce.number().optional().meta({ description: 'UTC ms; now.' }),
};

/** A span that makes sense, ending now where nothing is said. */
function spanOf(query: { from?: number | undefined; to?: number | undefined }, now: number) {
  const to = Math.min(query.to ?? now, now + hourMs);
  const from = Math.max(0, query.from ?? to - hourMs);
  return from < to
    ? { from, to }
    : raise(fault('invalid', 'bad_span', 'from has to be before to', { details: { from, to } }));
}

/** The history of figures, for charts. */
export function seriesRoutes(series: Series, now: () => number): Route[] {
  return [
    defineRoute({
      ...common,
      path: '/api/v1/series',
      operationId: 'getSeries',
      summary: 'Figures over time, as finely as a chart can show',
      query: z.object({
        name: many(20).meta({ description: 'Figures: latency, memory, host.disk …' }),
        target: many(maxLines).meta({ description: 'Of what; every target that has the figure, up to 200.' }),
        ...span,
        points: z.coerce.number().int().min(1).max(2000).default(300),
      }),
      success: SeriesAnswer,
      faults: ['bad_span', 'series_unavailable'],
      handle: async ({ query }) => {
        const { from, to } = spanOf(query, now());
        const lines = query.target
          ? (query.name ?? ['latency']).flatMap((name) =>
              (query.target ?? []).map((target) => ({ name, target })),
            )
          : (await series.ask('series', {})).filter(({ name }) => (query.name ?? ['latency']).includes(name));
        const asked = lines.slice(0, maxLines).map(({ name, target }) => ({ name, target }));
        const answer = await series.ask('query', { lines: asked, from, to, points: query.points });
        return {
          from,
          to,
          start: answer.start,
          step_ms: answer.stepMs,
          buckets: answer.buckets,
          resolution: answer.level,
          lines: answer.lines.map((line) => Object.assign(line, { unit: seriesKind(line.name).unit })),
        };
      },
    }),
    defineRoute({
      ...common,
      path: '/api/v1/series/names',
      operationId: 'listSeries',
      summary: 'Which figures are kept of what',
      query: z.object({
        name: SeriesKey.optional(),
        search: z.string().max(160).optional(),
        after: z.string().max(400).optional().meta({ description: '`next` of the page before.' }),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
      success: z.object({ series: z.array(SeriesEntry), next: z.string().nullable() }),
      faults: ['series_unavailable'],
      handle: async ({ query }) => {
        const words = query.search?.toLowerCase() ?? '';
        const all = (series.hasHistory() ? await series.ask('series', {}) : [])
          .filter(({ name }) => query.name === undefined || name === query.name)
          .filter(({ name, target }) => `${name} ${target}`.toLowerCase().includes(words))
          .map(({ name, target }) => ({ name, target, key: `${name} ${target}` }))
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .filter(({ key }) => query.after === undefined || key > query.after);
        const page = all.slice(0, query.limit);
        return {
          series: page.map(({ name, target }) => {
            const { title, unit, subject } = seriesKind(name);
            return { name, target, title, unit, subject };
          }),
          next: all.length > page.length ? (page.at(-1)?.key ?? null) : null,
        };
      },
    }),
    defineRoute({
      ...common,
      path: '/api/v1/series/sparklines',
      operationId: 'getSparklines',
      summary: 'The last minutes of one figure of many targets, by the minute',
      query: z.object({
        name: SeriesKey.default('latency'),
        target: many(1000),
        minutes: z.coerce.number().int().min(2).max(60).default(45),
      }),
      success: z.object({
        lines: z.array(z.object({ target: z.string(), values: z.array(z.number().nullable()) })),
      }),
      faults: ['series_unavailable'],
      handle: async ({ query: { name, target, minutes } }) => {
        if (!series.hasHistory()) return { lines: [] };
        const targets =
          target ??
          (await series.ask('series', {})).filter((each) => each.name === name).map((each) => each.target);
        const lines = await series.ask('sparklines', { name, targets, minutes });
        return { lines: lines.map((values, at) => ({ target: targets[at] ?? '', values })) };
      },
    }),
    defineRoute({
      ...common,
      path: '/api/v1/series/export.csv',
      operationId: 'exportSeries',
      summary: 'Single samples of one figure as CSV',
      tier: 'standard',
      query: z.object({
        name: SeriesKey,
        target: SeriesKey,
        ...span,
        limit: z.coerce.number().int().min(1).max(maxCsvRows).default(maxCsvRows),
      }),
      success: z.string(),
      faults: ['bad_span', 'series_unavailable'],
      handle: async ({ query, setHeader }) => {
        const { from, to } = spanOf(query, now());
        const { name, target, limit } = query;
        const samples = await series.ask('samples', { name, target, from, to, limit });
        setHeader('content-type', 'text/csv; charset=utf-8');
        const file = `${name}-${target}`.replaceAll(/[^A-Za-z0-9._-]/g, '_');
        setHeader('content-disposition', `attachment; filename="${file}.csv"`);
        return samplesAsCsv(
          samples.map(({ ts, value, state }) => ({ ts, value, state: sampleStates[state] ?? null })),
        );
      },
    }),
  ];
}
