import {
  seriesKind,
  type SeriesAnswer,
  type SeriesEntry,
  type SeriesLine,
  type Service,
} from '@vigiles/contract';

const hosts: readonly string[] = ['host.cpu', 'host.memory', 'host.load', 'host.disk'];
const ofProviders = ['gateway.turns', 'gateway.errors', 'gateway.tokens', 'gateway.cost', 'gateway.latency'];
const ofControl = ['control.lag', 'control.memory'];
const providers = ['openai', 'anthropic', 'ollama'];

/** About how large each figure is. */
const sizes: Record<string, number> = {
  latency: 24,
  memory: 310e6,
  cpu: 7,
  fds: 84,
  'certificate.days': 41,
  'host.cpu': 34,
  'host.memory': 61,
  'host.load': 1.4,
  'host.disk': 72,
  'gateway.turns': 5,
  'gateway.errors': 0.4,
  'gateway.tokens': 38_000,
  'gateway.cost': 61_000,
  'gateway.latency': 5200,
  'control.lag': 1.2,
  'control.memory': 96e6,
};

/** The same figure at the same time is the same value, whoever asks. */
const noise = (seed: string, at: number): number => {
  let hash = at | 0;
  for (let i = 0; i < seed.length; i += 1) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  return ((hash >>> 8) % 1000) / 1000;
};

function entries(services: readonly Service[]): SeriesEntry[] {
  const make = (name: string, target: string): SeriesEntry => {
    const { title, unit, subject } = seriesKind(name);
    return { name, target, title, unit, subject };
  };
  return [
    ...services.flatMap(({ name, kind }) =>
      (kind === 'watched' ? ['latency', 'certificate.days'] : ['latency', 'memory', 'cpu', 'fds']).map(
        (each) => make(each, name),
      ),
    ),
    ...hosts.map((name) => make(name, 'host')),
    ...ofProviders.flatMap((name) => providers.map((target) => make(name, target))),
    ...ofControl.map((name) => make(name, 'control')),
  ];
}

const column = (count: number, value: (at: number) => number | null) =>
  Array.from({ length: count }, (_, at) => value(at));

function line(name: string, target: string, start: number, step: number, buckets: number): SeriesLine {
  const size = sizes[name] ?? 1;
  const slot = (at: number) => Math.floor((start + at * step) / step);
  // A gap in the middle: nothing was looked at while the machine slept.
  const slept = (at: number) => at > buckets * 0.42 && at < buckets * 0.46;
  const base = (at: number): number =>
    size * (0.8 + 0.3 * Math.sin((start + at * step) / 4e6) + 0.25 * noise(name + target, slot(at)));
  const known = (factor: number) =>
    column(buckets, (at) =>
      slept(at) ? null : base(at) * factor * (name === 'gateway.errors' && at % 37 ? 0 : 1),
    );
  const avg = known(1);
  const values = avg.filter((value) => value !== null);
  const sum = values.reduce((all, value) => all + value, 0);
  const isLook = name === 'latency';
  const up = column(isLook ? buckets : 0, (at) =>
    slept(at) ? null : noise(`${target}up`, slot(at)) < 0.015 ? 0.4 : 1,
  );
  return {
    name,
    target,
    unit: seriesKind(name).unit,
    avg,
    min: known(0.7),
    max: known(1.5),
    p50: known(0.95),
    p95: known(1.8),
    p99: known(2.6),
    sum: avg,
    up,
    summary: {
      samples: values.length,
      min: Math.min(...values) * 0.7,
      max: Math.max(...values) * 1.5,
      avg: sum / values.length,
      p50: size * 0.95,
      p95: size * 1.8,
      p99: size * 2.6,
      sum,
      last: values.at(-1) ?? null,
      looks: { up: isLook ? values.length : 0, down: isLook ? 2 : 0, unknown: 0, planned: 0 },
      uptime: isLook ? 0.9968 : null,
    },
  };
}

/** The history's routes, made up; undefined: another path. */
export function answerSeries(services: readonly Service[], path: string, query: URLSearchParams): unknown {
  if (!path.startsWith('/api/v1/series')) return undefined;
  const all = services.length === 0 ? [] : entries(services);
  if (path.endsWith('/names'))
    return { series: all.filter(({ name }) => !query.get('name') || name === query.get('name')), next: null };
  if (path.endsWith('/sparklines')) {
    const start = Math.floor(Date.now() / 60_000) * 60_000 - 45 * 60_000;
    return {
      lines: services.map(({ name }) => ({
        target: name,
        values: line('latency', name, start, 60_000, 45).avg,
      })),
    };
  }
  const from = Number(query.get('from'));
  const to = Number(query.get('to'));
  const points = Number(query.get('points') ?? 240);
  const step = Math.max(5000, Math.ceil((to - from) / points / 5000) * 5000);
  const start = Math.floor(from / step) * step;
  const buckets = Math.ceil((to - start) / step);
  const names = query.getAll('name');
  const targets = query.getAll('target');
  const found = all.filter(
    ({ name, target }) => names.includes(name) && (targets.length === 0 || targets.includes(target)),
  );
  return {
    from,
    to,
    start,
    step_ms: step,
    buckets,
    resolution: step < 60_000 ? 'raw' : step < 3_600_000 ? '1m' : '1h',
    lines: found.map(({ name, target }) => line(name, target, start, step, buckets)),
  } satisfies SeriesAnswer;
}
