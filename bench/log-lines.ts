import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLogBench } from './log-reader.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const targetBytes = 64 << 20;
const rounds = 3;
const least = 100;
const title = 'log lines with the whole catalogue: MB/s of one core';

/** What the first watchdog of this kind looked for, line by line. */
const seedLiterals = [
  'parsed_tool_calls=0',
  '[STUCK-RECOVERY]',
  'suspicious cmd',
  'empty cmd recovered',
  'HTTP 429',
  'HTTP 500',
  'HTTP 502',
  'HTTP 503',
  'HTTP 401',
  'HTTP 403',
  'Connection refused',
  'Address already in use',
  'Broken pipe',
  'Connection reset',
  'timed out',
];

/** Lines as services and gateways write them: text and JSON; one in 200 says that something is wrong. */
function realisticLog(): Buffer {
  const kinds = [
    (at: number) =>
      `2026-11-21T06:${String(at % 60).padStart(2, '0')}:01.${at % 1000}Z INFO  [http] GET /api/v1/services/${at % 97} 200 ${at % 40}ms user=4f${at % 999} bytes=${at % 4096}`,
    (at: number) =>
      `{"level":30,"time":1795244${at % 1000000},"pid":4711,"name":"gateway","provider":"openai","model":"gpt-6","turn":"01a1fced-${at % 9999}","msg":"A turn was settled","input_tokens":${at % 20000},"output_tokens":${at % 900}}`,
    (at: number) =>
      `Nov 21 06:12:${String(at % 60).padStart(2, '0')} host nginx[812]: 10.0.${at % 256}.7 - - "POST /v1/responses HTTP/1.1" 200 ${at % 9000} "-" "codex_exec/0.169.0"`,
    (at: number) =>
      `[worker-${at % 8}] DEBUG cache lookup key=session:${at} hit=${at % 3 !== 0} ttl=${at % 3600} shard=${at % 16}`,
  ];
  const wrong = [
    'upstream said HTTP 503',
    'connect ECONNREFUSED: Connection refused',
    'listen EADDRINUSE: address already in use 127.0.0.1:3000',
    'Session exhausted: read timed out after 30 s',
  ];
  const lines: string[] = [];
  let bytes = 0;
  for (let at = 0; bytes < targetBytes; at += 1) {
    const line =
      at % 200 === 199
        ? `2026-11-21T06:00:00Z ERROR gateway ${wrong[Math.floor(at / 200) % wrong.length]} turn=${at}`
        : (kinds[at % 4] ?? kinds[0])!(at);
    lines.push(line);
    bytes += line.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** readline and a loop of `includes`, as the seed does it. */
async function seedLoop(path: string): Promise<number> {
  let found = 0;
  for await (const line of createInterface({ input: createReadStream(path) }))
    if (seedLiterals.some((literal) => line.includes(literal))) found += 1;
  return found;
}

/** Follower and matcher together, from the file, against two baselines on the same file in the same run. */
export async function logLineRows(wanted: (title: string) => boolean): Promise<Row[]> {
  if (!wanted(title)) return [];
  const folder = mkdtempSync(join(tmpdir(), 'log-bench-'));
  try {
    const path = join(folder, 'app.log');
    const bytes = realisticLog();
    writeFileSync(path, bytes);
    const bench = createLogBench();
    const mb = bytes.length / 1e6;
    const speeds = { ours: [] as number[], readline: [] as number[], grep: [] as number[] };
    const measure = async (into: number[], work: () => Promise<unknown>): Promise<void> => {
      const before = cpuMs();
      await work();
      into.push(mb / ((cpuMs() - before) / 1000));
    };
    let lines = 0;
    const literals = join(folder, 'literals');
    writeFileSync(
      literals,
      bench.patterns
        .filter(({ kind }) => kind === 'literal')
        .map((one) => one.pattern)
        .join('\n'),
    );
    await bench.run(path);
    for (let round = 0; round < rounds; round += 1) {
      await measure(speeds.ours, async () => (lines = await bench.run(path)));
      await measure(speeds.readline, () => seedLoop(path));
      speeds.grep.push(mb / grepSeconds(literals, path));
    }
    const ours = median(speeds.ours);
    const baselines = `readline and the seed’s 15 includes ${median(speeds.readline).toFixed(0)}, grep -F -f ${median(speeds.grep).toFixed(0)}`;
    return [
      {
        title,
        measured: ours,
        target: `≥ ${least}`,
        met: ours >= least,
        detail: `${bench.ofCatalogue} patterns of the catalogue and ${bench.patterns.length - bench.ofCatalogue} of users, ${mb.toFixed(0)} MB from a file, ${lines} matches; by CPU time; ${baselines}`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds that grep needs with our literals, by the clock: it works on one core. */
function grepSeconds(literals: string, path: string): number {
  const before = performance.now();
  execFileSync('grep', ['-c', '-F', '-f', literals, path]);
  return (performance.now() - before) / 1000;
}
