import { once } from 'node:events';
import type { DashboardsJob, Followed } from './session-dashboards.ts';
import type { RoundTrips, RoundTripsJob } from './session-round-trips.ts';
import type { Singles, SinglesJob } from './session-singles.ts';
import type { ServerKind, ServerReady } from './session-server.ts';
import { startProcess } from './process.ts';
import { median, type Summary } from './statistics.ts';
import type { Row } from './table.ts';

interface Load {
  dashboards: number;
  perSecond: number;
  seconds: number;
  bytes: number;
  batches: boolean;
  stalled: boolean;
}
/** Before anything counts, of whichever server: what has just been loaded is compiled in this time. */
const warmSeconds = 3;
/** Each contestant in turn, so often; what is told is the median. */
const rounds = 3;

interface Measured {
  latency: Summary;
  unread: number;
  cpuMs: number;
  /** Of the dashboards' own process. */
  clientsMs: number;
}

/** One orchestrator, one server, many dashboards: each a process of its own. Throws when anything was lost. */
async function measure(kind: ServerKind, load: Load): Promise<Measured> {
  const { dashboards, perSecond, seconds, bytes, batches, stalled } = load;
  const warm = perSecond * warmSeconds;
  const counted = perSecond * seconds;
  const count = warm + counted;
  const server = await startProcess<ServerReady>('./session-server.ts', [kind]);
  const clients = await startProcess('./session-dashboards.ts');
  const generator = await startProcess('./session-generator.ts');
  try {
    const about = { ...server.ready, sessionId: 'bench' };
    if (kind === 'vigiles') await makeSession(server.ready);
    await clients.ask({ ...about, dashboards, count, warm, batches, stalled } satisfies DashboardsJob);
    const warmed = once(clients.child, 'message');
    generator.child.send({ ...about, count, perSecond, bytes });
    await warmed;
    const arrived = once(clients.child, 'message');
    const before = await server.ask<{ cpuMs: number }>('watch');
    const [{ latency, gaps, cpuMs: clientsMs }] = (await arrived) as [Followed];
    const after = await server.ask<{ cpuMs: number; unread: number }>('watch');
    if (gaps > 0 || latency.count !== counted * dashboards)
      throw new Error(`${kind}: ${latency.count} of ${counted * dashboards} deliveries, ${gaps} gaps`);
    return { latency, unread: after.unread, cpuMs: after.cpuMs - before.cpuMs, clientsMs };
  } finally {
    await Promise.all([server.stop(), clients.stop(), generator.stop()]);
  }
}

async function makeSession({ url, token }: ServerReady): Promise<void> {
  const answer = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: 'bench' }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const figures = (runs: readonly Measured[], of: (run: Measured) => number): string => {
  const values = runs.map(of);
  return `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)})`;
};

async function fanOut(
  load: Pick<Load, 'dashboards' | 'perSecond' | 'seconds'>,
  targetMs: number,
): Promise<Row> {
  const full = { ...load, bytes: 200, batches: false, stalled: false };
  const ours: Measured[] = [];
  const single: Measured[] = [];
  const bare: Measured[] = [];
  const ws: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure('vigiles', { ...full, batches: true }));
    single.push(await measure('vigiles', full));
    bare.push(await measure('socket.io', full));
    ws.push(await measure('ws', full));
  }
  const deliveries = load.dashboards * load.perSecond * load.seconds;
  const each = (runs: readonly Measured[]) =>
    `CPU ${median(runs.map(({ cpuMs }) => (cpuMs * 1000) / deliveries)).toFixed(1)} µs a delivery`;
  const told = (runs: readonly Measured[]) =>
    `p50 ${figures(runs, ({ latency }) => latency.p50)}, p99 ${figures(runs, ({ latency }) => latency.p99)}, ${each(runs)}`;
  const p99 = ({ latency }: Measured): number => latency.p99;
  const measured = median(ours.map(p99));
  const bound = targetMs / 2;
  const calm = ours.filter((_, round) => (ws[round]?.latency.p99 ?? Infinity) < bound);
  const byRound = ours.map((_, round) =>
    [ours, single, bare, ws].map((runs) => runs[round]?.latency.p99.toFixed(1)).join(' '),
  );
  const share = median(ours.map(({ clientsMs }) => clientsMs / load.seconds / 10)).toFixed(0);
  return {
    title: `session event due → dashboard, ${load.dashboards} × ${load.perSecond}/s: p99, ms`,
    measured,
    target: `< ${targetMs}`,
    met: measured < targetMs,
    detail:
      `medians of ${rounds} rounds in turn, each after ${warmSeconds} s that do not count; stored first, as the dashboard follows it: ${told(ours)}. ` +
      `An event a message, as the seed's clients get them: ${told(single)}; stored nowhere: bare Socket.IO ${told(bare)}; plain ws ${told(ws)}. ` +
      `p99 round by round, in this order: ${byRound.join('; ')}. In the ${calm.length} of ${rounds} rounds in which plain ws stayed under ` +
      `${bound} ms: ${calm.length === 0 ? 'none' : figures(calm, p99)}. Dashboards take ${share} % of a core`,
  };
}

async function stalledClient(): Promise<Row[]> {
  const load = { dashboards: 20, perSecond: 500, seconds: 6, bytes: 4000, batches: true };
  const without: Measured[] = [];
  const beside: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    without.push(await measure('vigiles', { ...load, stalled: false }));
    beside.push(await measure('vigiles', { ...load, stalled: true }));
  }
  const megabytes = Math.max(...beside.map(({ unread }) => unread)) / 1e6;
  const p99 = ({ latency }: Measured): number => latency.p99;
  const ratio = median(beside.map((run, round) => p99(run) / p99(without[round] ?? run)));
  return [
    {
      title: 'a dashboard that does not read: MB kept for it at most',
      measured: megabytes,
      target: '< 5',
      met: megabytes < 5,
      detail: `beside ${load.dashboards} that read, ${load.perSecond} events/s of 4 KB`,
    },
    {
      title: 'a dashboard that does not read: p99 of the others ÷ without it',
      measured: ratio,
      target: '≤ 1.5',
      met: ratio <= 1.5,
      detail: `median of ${rounds} pairs; ms: ${figures(beside, p99)} vs ${figures(without, p99)}`,
    },
  ];
}

async function roundTrips(): Promise<Row[]> {
  const server = await startProcess<ServerReady>('./session-server.ts', ['vigiles']);
  const clients = await startProcess('./session-round-trips.ts');
  try {
    const job: RoundTripsJob = { ...server.ready, commands: 500, warmMs: warmSeconds * 1000, events: 10_000 };
    const { delivery, resumeMs } = await clients.ask<RoundTrips>(job);
    return [
      {
        title: 'session command sent → in its handler: p99, ms',
        measured: delivery.p99,
        target: '< 20',
        met: delivery.p99 < 20,
        detail: `accepted on disk and delivered over the long poll, after ${warmSeconds} s that do not count; p50 ${delivery.p50.toFixed(1)}, most ${delivery.max.toFixed(1)}, ${delivery.count} commands`,
      },
      {
        title: 'session resumed, 10,000 events behind: s until the last is there',
        measured: resumeMs / 1000,
        target: '< 1',
        met: resumeMs < 1000,
        detail: 'every event, from the store, over one Socket.IO connection',
      },
    ];
  } finally {
    await Promise.all([server.stop(), clients.stop()]);
  }
}

async function singles(): Promise<Row> {
  const events = 40_000;
  const server = await startProcess<ServerReady>('./session-server.ts', ['vigiles']);
  const producer = await startProcess('./session-singles.ts');
  try {
    const warmUntil = performance.now() + warmSeconds * 1000;
    while (performance.now() < warmUntil)
      await producer.ask({ ...server.ready, events: 5_000 } satisfies SinglesJob);
    const before = await server.ask<{ cpuMs: number }>('watch');
    const { ms } = await producer.ask<Singles>({ ...server.ready, events } satisfies SinglesJob);
    const after = await server.ask<{ cpuMs: number }>('watch');
    const perSecond = (events / ms) * 1000;
    const cpu = ((after.cpuMs - before.cpuMs) * 1000) / events;
    return {
      title: 'session events stored one by one over a socket: events/s',
      measured: perSecond,
      target: '≥ 20000',
      met: perSecond >= 20_000,
      detail: `each acknowledged when it is on disk, one session, one producer that does not wait, after ${warmSeconds} s that do not count; CPU ${cpu.toFixed(1)} µs an event`,
    };
  } finally {
    await Promise.all([server.stop(), producer.stop()]);
  }
}

/** Live sessions: events to dashboards, commands to agents, resuming, and what a client that does not read costs. */
export async function sessionRows(wanted: (title: string) => boolean): Promise<Row[]> {
  const rows: Row[] = [];
  if (wanted('session event due → dashboard, 50 × 500/s'))
    rows.push(await fanOut({ dashboards: 50, perSecond: 500, seconds: 6 }, 10));
  if (wanted('session event due → dashboard, 1000 × 20/s'))
    rows.push(await fanOut({ dashboards: 1000, perSecond: 20, seconds: 6 }, 100));
  if (wanted('session command sent, session resumed')) rows.push(...(await roundTrips()));
  if (wanted('session events stored one by one')) rows.push(await singles());
  if (wanted('a dashboard that does not read')) rows.push(...(await stalledClient()));
  return rows;
}
