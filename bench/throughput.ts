import { cpuTime } from './cpu-time.ts';
import { abandonStreams } from './memory.ts';
import type { BenchProcess } from './process.ts';
import type { LoadResult } from './load.ts';
import type { LoadRequest } from './load-client.ts';
import type { Row } from './table.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { median } from './statistics.ts';

export interface Ends {
  load: BenchProcess;
  pipePort: number;
  pipePid: number;
  gateway: { port: number; pid: number; token: string };
}

const rounds = 5;
const roundMs = 2500;
const warmUpMs = 6000;

/** Load on one address; throws when a request failed. */
export async function load(
  ends: Ends,
  request: Partial<LoadRequest> & { port: number; body: string },
  connections: number,
  durationMs: number,
) {
  const answer = await ends.load.ask<{ result?: LoadResult; error?: string }>({
    request: { host: '127.0.0.1', path: '/v1/chat/completions', headers: {}, ...request },
    connections,
    durationMs,
  });
  if (!answer.result) throw new Error(answer.error ?? 'no result');
  if (answer.result.failures > 0)
    throw new Error(`${answer.result.failures} requests failed on port ${request.port}`);
  return answer.result;
}

type Spent = Awaited<ReturnType<typeof spending>>['spent'];

/** Runs a load and adds what each of its requests, those of the warm-up too, cost a process: microseconds of CPU. */
async function spending(pid: number, run: () => Promise<LoadResult>) {
  const before = cpuTime(pid);
  const result = await run();
  const after = cpuTime(pid);
  const spent = {
    main: (after.main - before.main) / result.all,
    all: (after.all - before.all) / result.all,
  };
  return { ...result, spent };
}

const cpuWords = (spent: readonly Spent[]): string =>
  `${median(spent.map(({ main }) => main)).toFixed(0)} µs (all threads ${median(spent.map(({ all }) => all)).toFixed(0)})`;

/** Bare pipe and gateway in turn, round by round, so that a machine that slows down slows both. */
async function measure(ends: Ends, scenario: Scenario): Promise<Row[]> {
  const baseline = { port: ends.pipePort, body: scenario.baselineBody };
  const subject = {
    port: ends.gateway.port,
    path: scenario.path,
    body: scenario.body,
    headers: { authorization: `Bearer ${ends.gateway.token}` },
  };
  // Both with their code compiled: the gateway has far more of it, and a server runs for days.
  for (const one of [baseline, subject]) await load(ends, one, scenario.connections, warmUpMs);
  const rates: number[] = [];
  const p50s: number[] = [];
  const loops: number[] = [];
  const seen = { pipe: [] as number[], gateway: [] as number[] };
  const spent = { pipe: [] as Spent[], gateway: [] as Spent[] };
  for (let round = 0; round < rounds; round += 1) {
    const pipe = await spending(ends.pipePid, () => load(ends, baseline, scenario.connections, roundMs));
    const gateway = await spending(ends.gateway.pid, () =>
      load(ends, subject, scenario.connections, roundMs),
    );
    loops.push(gateway.spent.main / pipe.spent.main);
    spent.pipe.push(pipe.spent);
    spent.gateway.push(gateway.spent);
    rates.push(gateway.requestsPerSecond / pipe.requestsPerSecond);
    p50s.push(gateway.latency.p50 / pipe.latency.p50);
    seen.pipe.push(pipe.requestsPerSecond);
    seen.gateway.push(gateway.requestsPerSecond);
  }
  const rows: Row[] = [
    {
      title: `${scenario.title}: requests/s ÷ bare pipe`,
      measured: median(rates),
      target: `≥ ${scenario.least}`,
      met: median(rates) >= scenario.least,
      detail: `${Math.round(median(seen.gateway))} vs ${Math.round(median(seen.pipe))} /s; rounds ${Math.min(...rates).toFixed(2)}–${Math.max(...rates).toFixed(2)}`,
    },
    {
      // What others do on the machine hardly moves this one: where the event loop is what limits, requests/s are its inverse.
      title: `${scenario.title}: CPU of the event loop a request ÷ bare pipe`,
      measured: median(loops),
      target: `≤ ${(1 / scenario.least).toFixed(2)}`,
      met: median(loops) <= 1 / scenario.least,
      detail: `${cpuWords(spent.gateway)} vs ${cpuWords(spent.pipe)}; rounds ${Math.min(...loops).toFixed(2)}–${Math.max(...loops).toFixed(2)}`,
    },
  ];
  if (scenario.mostP50 !== undefined)
    rows.push({
      title: `${scenario.title}: p50 ÷ bare pipe`,
      measured: median(p50s),
      target: `≤ ${scenario.mostP50}`,
      met: median(p50s) <= scenario.mostP50,
      detail: `rounds ${Math.min(...p50s).toFixed(2)}–${Math.max(...p50s).toFixed(2)}`,
    });
  if (scenario.mostAddedFirstByteMs !== undefined) {
    const added: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const pipe = await load(ends, baseline, 1, 1000);
      const gateway = await load(ends, subject, 1, 1000);
      added.push(gateway.firstByte.p50 - pipe.firstByte.p50);
    }
    rows.push({
      title: `${scenario.title}: first byte added at p50, ms`,
      measured: median(added),
      target: `≤ ${scenario.mostAddedFirstByteMs}`,
      met: median(added) <= scenario.mostAddedFirstByteMs,
      detail: 'one connection',
    });
  }
  return rows;
}

/** Measures the wanted scenarios and hands each one's rows over as soon as they are there. */
export async function measureScenarios(
  ends: Ends,
  wanted: (title: string) => boolean,
  show: (rows: Row[]) => void,
): Promise<void> {
  for (const scenario of scenarios) if (wanted(scenario.title)) show(await measure(ends, scenario));
}

/** Every scenario in turn, a few seconds each, and streams that are left after each, until the time is over. */
export async function mixedLoad(ends: Ends, durationMs: number): Promise<void> {
  const until = performance.now() + durationMs;
  while (performance.now() < until) {
    for (const scenario of scenarios) {
      if (performance.now() >= until) return;
      const headers = { authorization: `Bearer ${ends.gateway.token}` };
      await load(
        ends,
        { port: ends.gateway.port, path: scenario.path, body: scenario.body, headers },
        16,
        3000,
      );
      await abandonStreams(ends.gateway.port, headers);
    }
  }
}
