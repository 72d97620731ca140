import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readControlFile } from '../client/control-file.ts';

export const mainPath = fileURLToPath(new URL('../main.ts', import.meta.url));

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'vigiles-cli-'));
export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

/** Waits for a condition; fails with `what` when it does not come true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await delay(30);
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** The environment of a test: nothing of the machine's own Vigiles or Codex gets in. */
export const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  NO_COLOR: '1',
  ...more,
});

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command line to its end. */
export function vigiles(
  args: readonly string[],
  options: { home: string; env?: Record<string, string>; input?: string },
): Promise<Ran> {
  const child = spawn(process.execPath, [mainPath, ...args], {
    env: environment({ VIGILES_HOME: options.home, ...options.env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(options.input ?? '');
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

export interface Running {
  home: string;
  child: ChildProcess;
  exited: Promise<number | null>;
  run(args: readonly string[], input?: string): Promise<Ran>;
  close(): Promise<void>;
}

/** `vigiles start` in the background on a home of its own, with ports that are free. */
export async function startVigiles(env: Record<string, string> = {}, config?: string): Promise<Running> {
  const home = newFolder();
  if (config !== undefined) writeFileSync(join(home, 'vigiles.yaml'), config, { mode: 0o600 });
  const child = spawn(process.execPath, [mainPath, 'start', '--port', '0'], {
    env: environment({
      VIGILES_HOME: home,
      VIGILES_GATEWAY__PORT: String(await freePort()),
      VIGILES_GATEWAY__DISCOVER_LOCAL: 'false',
      ...env,
    }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until(`control starts (${said})`, () => {
    assert.equal(child.exitCode, null, said);
    return readControlFile(home) !== null;
  });
  return {
    home,
    child,
    exited,
    run: (args, input) => vigiles(args, { home, env, ...(input === undefined ? {} : { input }) }),
    async close() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
      removeFolder(home);
    },
  };
}
