import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './control-process.ts';
import { residentBytes } from './resident-memory.ts';
import { scenarios } from './scenarios.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';
import { load, type Ends } from './throughput.ts';

const version = '1.15.2';
const rounds = 3;
const roundMs = 2500;

/** Portkey's gateway as npm has it, in a folder of its own that outlives the run. */
function install(): string {
  const folder = join(tmpdir(), 'vigiles-bench-peers');
  const entry = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  if (existsSync(entry)) return entry;
  const { npm_node_execpath: node = process.execPath, npm_execpath: npm } = process.env;
  if (!npm) throw new Error('Peers are fetched by npm: start this as `npm run bench -- --peers`.');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const done = spawnSync(node, [npm, 'install', '--ignore-scripts', `@portkey-ai/gateway@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) throw new Error('Portkey’s gateway could not be installed.');
  return entry;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The same Chat request through Portkey's gateway and through ours, round by round. */
export async function peerRows(ends: Ends, gatewayPid: number, upstreamOrigin: string): Promise<Row[]> {
  const scenario = scenarios.find(({ title }) => title === 'chat passed through, 1 KB');
  if (!scenario) throw new Error('the scenario is gone');
  const port = await freePort();
  const portkey: ChildProcess = spawn(process.execPath, [install(), '--headless', `--port=${port}`], {
    cwd: tmpdir(),
    stdio: 'ignore',
  });
  try {
    await poll('Portkey’s gateway', async () =>
      (await fetch(`http://127.0.0.1:${port}/`)).ok ? true : null,
    );
    const peer = {
      port,
      path: scenario.path,
      body: scenario.body,
      headers: {
        authorization: 'Bearer none',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `${upstreamOrigin}/v1`,
      },
    };
    const ours = {
      port: ends.gateway.port,
      path: scenario.path,
      body: scenario.body,
      headers: { authorization: `Bearer ${ends.gateway.token}` },
    };
    for (const one of [peer, ours]) await load(ends, one, scenario.connections, 5000);
    const ratios = { rate: [] as number[], p50: [] as number[], p99: [] as number[] };
    const rates: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const theirs = await load(ends, peer, scenario.connections, roundMs);
      const own = await load(ends, ours, scenario.connections, roundMs);
      ratios.rate.push(own.requestsPerSecond / theirs.requestsPerSecond);
      ratios.p50.push(own.latency.p50 / theirs.latency.p50);
      ratios.p99.push(own.latency.p99 / theirs.latency.p99);
      rates.push(`${Math.round(own.requestsPerSecond)} vs ${Math.round(theirs.requestsPerSecond)}`);
    }
    const memory = residentBytes(gatewayPid) / residentBytes(portkey.pid ?? 0);
    const name = `÷ Portkey’s gateway ${version}, 1 KB chat`;
    const below = (title: string, measured: number): Row => ({
      title: `${title} ${name}`,
      measured,
      target: '< 1',
      met: measured < 1,
      detail: `${scenario.connections} connections`,
    });
    const rate = median(ratios.rate);
    return [
      {
        title: `requests/s ${name}`,
        measured: rate,
        target: '≥ 12',
        met: rate >= 12,
        detail: `${rates.join(', ')} /s`,
      },
      below('p50', median(ratios.p50)),
      below('p99', median(ratios.p99)),
      below('RSS under load', memory),
    ];
  } finally {
    portkey.kill('SIGKILL');
  }
}
