import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GatewayUnderTest {
  port: number;
  pid: number;
  token: string;
  /** Milliseconds from starting control to its first healthy answer. */
  controlStartMs: number;
  stop(): void;
}

async function poll<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await sleep(10);
  }
  throw new Error(`waited in vain for ${what}`);
}

/**
 * The product as it is started by a person, with auth, limits and ledger on. Control is then killed: the gateway serves
 * on alone, and what is measured is the gateway.
 */
export async function startGatewayUnderTest(upstreamOrigin: string): Promise<GatewayUnderTest> {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-'));
  writeFileSync(
    join(home, 'vigiles.yaml'),
    `server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  requests_per_minute: 1000000000
  concurrent_turns: 100000
  max_body_mb: 16
  providers:
    - { id: bench, type: openai-compatible, base_url: "${upstreamOrigin}/v1", models: [bench, idle] }
`,
  );
  const startedAt = performance.now();
  const control = spawn(
    process.execPath,
    ['packages/cli/src/main.ts', 'start', '--no-interactive', '--home', home],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const runFile = join(home, 'run', 'control.json');
  const door = await poll('control', async () => {
    if (!existsSync(runFile)) return null;
    const written = JSON.parse(readFileSync(runFile, 'utf8')) as { url: string; token: string };
    const health = await fetch(`${written.url}/health`);
    return health.ok ? written : null;
  });
  const controlStartMs = performance.now() - startedAt;
  const call = async <T>(path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${door.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { gateway } = await poll('the gateway', async () => {
    const status = await call<{ gateway: { url: string } }>('/api/v1/status');
    const health = await fetch(`${status.gateway.url}/health`);
    return health.ok ? status : null;
  });
  const pairing = await call<{ code: string }>('/api/v1/devices/pairings', {
    name: 'bench',
    scopes: ['gateway'],
  });
  const paired = await fetch(`${door.url}/auth/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: pairing.code, name: 'bench' }),
  });
  const { token } = (await paired.json()) as { token: string };
  const health = (await (await fetch(`${gateway.url}/health`)).json()) as { pid: number };
  control.kill('SIGKILL');
  return {
    port: Number(new URL(gateway.url).port),
    pid: health.pid,
    token,
    controlStartMs,
    stop() {
      try {
        process.kill(health.pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}
