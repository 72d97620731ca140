import { z } from 'zod';
import type { ServiceState } from './service.ts';

/** How the values of a figure are written for people. */
export const SeriesUnit = z.enum(['ms', 'bytes', 'percent', 'count', 'per_second', 'micros', 'days', 'none']);
export type SeriesUnit = z.infer<typeof SeriesUnit>;

/** Where a figure comes from: it is known of services, of checks, of this machine, of providers, or of Vigiles itself. */
export const SeriesSubject = z.enum(['service', 'check', 'host', 'provider', 'vigiles', 'other']);
export type SeriesSubject = z.infer<typeof SeriesSubject>;

export interface SeriesKind {
  title: string;
  unit: SeriesUnit;
  subject: SeriesSubject;
  /** Values are kept as multiples of `1 / scale` … */
  scale: number;
  /** … rounded to so many significant bits: 5 is within 1.6 %, 12 within 0.013 %. Whole numbers below 2^(bits+1) are exact. */
  bits: number;
}

/** The figures Vigiles keeps, by name. Others may be added by name alone; they are kept within 0.05 %. */
export const seriesKinds = {
  latency: { title: 'Latency', unit: 'ms', subject: 'service', scale: 1000, bits: 5 },
  'check.latency': { title: 'Latency of a check', unit: 'ms', subject: 'check', scale: 1000, bits: 5 },
  memory: { title: 'Memory', unit: 'bytes', subject: 'service', scale: 1 / 1024, bits: 10 },
  cpu: { title: 'CPU', unit: 'percent', subject: 'service', scale: 100, bits: 7 },
  fds: { title: 'Open files', unit: 'count', subject: 'service', scale: 1, bits: 10 },
  'certificate.days': {
    title: 'Certificate ends in',
    unit: 'days',
    subject: 'service',
    scale: 100,
    bits: 12,
  },
  'host.cpu': { title: 'CPU of this machine', unit: 'percent', subject: 'host', scale: 100, bits: 7 },
  'host.memory': { title: 'Memory in use', unit: 'percent', subject: 'host', scale: 100, bits: 10 },
  'host.load': { title: 'Load', unit: 'none', subject: 'host', scale: 100, bits: 8 },
  'host.disk': { title: 'Disk in use', unit: 'percent', subject: 'host', scale: 1000, bits: 16 },
  'gateway.turns': { title: 'Turns', unit: 'count', subject: 'provider', scale: 1, bits: 12 },
  'gateway.errors': { title: 'Failed turns', unit: 'count', subject: 'provider', scale: 1, bits: 12 },
  'gateway.tokens': { title: 'Tokens', unit: 'count', subject: 'provider', scale: 1, bits: 12 },
  'gateway.cost': { title: 'Cost', unit: 'micros', subject: 'provider', scale: 1, bits: 16 },
  'gateway.latency': { title: 'Time of a turn', unit: 'ms', subject: 'provider', scale: 1000, bits: 6 },
  'control.lag': { title: 'Event loop lag', unit: 'ms', subject: 'vigiles', scale: 1000, bits: 6 },
  'control.memory': {
    title: 'Memory of control',
    unit: 'bytes',
    subject: 'vigiles',
    scale: 1 / 1024,
    bits: 10,
  },
} as const satisfies Record<string, SeriesKind>;
export type SeriesName = keyof typeof seriesKinds;

const otherKind: SeriesKind = { title: '', unit: 'none', subject: 'other', scale: 1000, bits: 10 };

/** What is known of a figure; a name nobody declared is its own title. */
export const seriesKind = (name: string): SeriesKind =>
  (seriesKinds as Record<string, SeriesKind>)[name] ?? { ...otherKind, title: name };

/** A name or target that is accepted: short, printable, without spaces at its ends. */
export const SeriesKey = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,158}[\x21-\x7e])?$/);

/** States as they are stored with a sample; 0 is "none". Positions never change. */
export const sampleStates = [
  null,
  'UP',
  'SUSPECT',
  'DOWN',
  'RECOVERING',
  'UNKNOWN',
  'MAINTENANCE',
  'STOPPED_BY_USER',
] as const satisfies readonly (ServiceState | null)[];

/** How fine an answer is: every sample, or summed by the minute, hour or day (UTC). */
export const SeriesResolution = z.enum(['raw', '1m', '1h', '1d']);
export type SeriesResolution = z.infer<typeof SeriesResolution>;

const column = z.array(z.number().nullable());

/** One line of a chart. Columns are parallel: entry `i` is the bucket that starts at `start + i × step_ms`; null is a gap. */
export const SeriesLine = z.object({
  name: z.string(),
  target: z.string(),
  unit: SeriesUnit,
  avg: column,
  min: column,
  max: column,
  p50: column,
  p95: column,
  p99: column,
  /** What all samples of a bucket add up to: for figures that count. */
  sum: column,
  /** Share of looks that found it up; null where none counted. Empty for figures without states. */
  up: column,
  /** Over the whole span. */
  summary: z.object({
    samples: z.number(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    avg: z.number().nullable(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    sum: z.number().nullable(),
    last: z.number().nullable(),
    /** Looks by what they found; planned: in maintenance, or stopped by a person. */
    looks: z.object({ up: z.number(), down: z.number(), unknown: z.number(), planned: z.number() }),
    uptime: z.number().nullable(),
  }),
});
export type SeriesLine = z.infer<typeof SeriesLine>;

export const SeriesAnswer = z.object({
  from: z.number(),
  to: z.number(),
  /** UTC ms of the first bucket. */
  start: z.number(),
  step_ms: z.number(),
  buckets: z.number(),
  resolution: SeriesResolution,
  lines: z.array(SeriesLine),
});
export type SeriesAnswer = z.infer<typeof SeriesAnswer>;

/** A figure that is kept of a target. */
export const SeriesEntry = z.object({
  name: z.string(),
  target: z.string(),
  title: z.string(),
  unit: SeriesUnit,
  subject: SeriesSubject,
});
export type SeriesEntry = z.infer<typeof SeriesEntry>;

/** What a chart is marked with: a span, or a moment where `to` is null. */
export const SeriesMarker = z.object({
  kind: z.enum(['incident', 'maintenance', 'action', 'start', 'deploy']),
  from: z.number(),
  to: z.number().nullable(),
  title: z.string(),
  target: z.string(),
  /** The incident's id, where it is one. */
  id: z.string().nullable(),
});
export type SeriesMarker = z.infer<typeof SeriesMarker>;
