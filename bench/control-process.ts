import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Control in a process and a home folder of its own, as `vigiles start` makes it. */
export interface ControlProcess {
  url: string;
  pid: number;
  /** Milliseconds from starting the process to its first healthy answer. */
  startMs: number;
  call<T>(path: string, body?: unknown): Promise<T>;
  /** Ends control alone; a gateway it has started serves on. */
  kill(): void;
  /** Takes the home folder away. */
  remove(): void;
}

/** Asks every 5 ms until there is an answer. Throws after 30 s. */
export async function poll<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await sleep(5);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** @param gatewayYaml the configuration's `gateway`, indented by two */
export async function startControlProcess(gatewayYaml: string): Promise<ControlProcess> {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-'));
  writeFileSync(join(home, 'vigiles.yaml'), `server: { port: 0 }\ngateway:\n${gatewayYaml}`);
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['packages/cli/src/vigiles.mjs', 'start', '--no-interactive', '--home', home],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const runFile = join(home, 'run', 'control.json');
  const door = await poll('control', async () => {
    if (!existsSync(runFile)) return null;
    const written = JSON.parse(readFileSync(runFile, 'utf8')) as { url: string; token: string; pid: number };
    const health = await fetch(`${written.url}/health`);
    return health.ok ? written : null;
  });
  return {
    url: door.url,
    pid: door.pid,
    startMs: performance.now() - startedAt,
    async call<T>(path: string, body?: unknown): Promise<T> {
      const response = await fetch(`${door.url}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return (await response.json()) as T;
    },
    kill: () => void child.kill('SIGKILL'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The gateway that a control runs, once it is healthy. @param not a process that has died */
export function healthyGateway(control: ControlProcess, not = 0): Promise<{ url: string; pid: number }> {
  return poll('the gateway', async () => {
    const { gateway } = await control.call<{ gateway: { url: string } }>('/api/v1/status');
    return healthAt(gateway.url, not);
  });
}

/** Who answers there, unless it is the process that has died. */
export async function healthAt(url: string, not: number): Promise<{ url: string; pid: number } | null> {
  const health = await fetch(`${url}/health`);
  const { pid } = (await health.json()) as { pid: number };
  return health.ok && pid !== not ? { url, pid } : null;
}
