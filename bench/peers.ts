import { cpuTime } from './cpu-time.ts';
import type { LoadResult } from './load.ts';
import { claudeCodeRouter } from './peer-claude-code-router.ts';
import { portkey } from './peer-portkey.ts';
import { residentBytes } from './resident-memory.ts';
import { scenarios } from './scenarios.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';
import { load, type Ends } from './throughput.ts';

/** Another gateway, as npm has it. */
export interface Peer {
  name: string;
  /** Title of what it is compared in: something that it can do. */
  scenario: string;
  /** Starts it in front of the provider. `headers` are what its clients send. */
  start(upstreamOrigin: string): Promise<RunningPeer>;
}

export interface RunningPeer {
  pid: number;
  port: number;
  headers: Record<string, string>;
  stop(): void;
}

const peers: readonly Peer[] = [portkey, claudeCodeRouter];
const rounds = 3;
const roundMs = 2500;
const warmUpMs = 5000;

/** The same request through each peer and through ours, round by round. */
export async function peerRows(ends: Ends, upstreamOrigin: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of peers) {
    const running = await peer.start(upstreamOrigin);
    try {
      rows.push(...(await compare(ends, peer, running)));
    } finally {
      running.stop();
    }
  }
  return rows;
}

/** A load, and what one of its requests cost a process: microseconds of CPU. */
async function spending(pid: number, run: () => Promise<LoadResult>) {
  const before = cpuTime(pid).all;
  const result = await run();
  return { ...result, micros: (cpuTime(pid).all - before) / result.all };
}

async function compare(ends: Ends, peer: Peer, running: RunningPeer): Promise<Row[]> {
  const scenario = scenarios.find(({ title }) => title === peer.scenario);
  if (!scenario) throw new Error(`there is no scenario “${peer.scenario}”`);
  const { path, body, connections } = scenario;
  const theirs = { port: running.port, path, body, headers: running.headers };
  const headers = { authorization: `Bearer ${ends.gateway.token}` };
  const ours = { port: ends.gateway.port, path, body, headers };
  for (const one of [theirs, ours]) await load(ends, one, connections, warmUpMs);
  const ratios = { rate: [] as number[], cpu: [] as number[], p50: [] as number[], p99: [] as number[] };
  const rates: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const their = await spending(running.pid, () => load(ends, theirs, connections, roundMs));
    const own = await spending(ends.gateway.pid, () => load(ends, ours, connections, roundMs));
    ratios.rate.push(own.requestsPerSecond / their.requestsPerSecond);
    ratios.cpu.push(their.micros / own.micros);
    ratios.p50.push(own.latency.p50 / their.latency.p50);
    ratios.p99.push(own.latency.p99 / their.latency.p99);
    rates.push(`${Math.round(own.requestsPerSecond)} vs ${Math.round(their.requestsPerSecond)}`);
  }
  const name = `÷ ${peer.name}, ${scenario.title}`;
  const below = (title: string, measured: number): Row => ({
    title: `${title} ${name}`,
    measured,
    target: '< 1',
    met: measured < 1,
    detail: `${connections} connections`,
  });
  const rate = median(ratios.rate);
  const memory = residentBytes(ends.gateway.pid) / residentBytes(running.pid);
  return [
    {
      title: `requests/s ${name}`,
      measured: rate,
      target: '≥ 12',
      met: rate >= 12,
      detail: `${rates.join(', ')} /s; a request costs it ${median(ratios.cpu).toFixed(1)} times our CPU`,
    },
    below('p50', median(ratios.p50)),
    below('p99', median(ratios.p99)),
    below('RSS under load', memory),
  ];
}
