import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readControlFile } from '../client/control-file.ts';
import { runHereWith } from './run-here.ts';
import { pauses } from '../../../server/src/testing/pauses.ts';

/** What a person runs; from the bundle where that is made of these sources. */
export const programPath = fileURLToPath(new URL('../vigiles.mjs', import.meta.url));

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
  const pause = pauses(100);
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await pause();
  }
}

/** A port that nobody has, below those that the system gives away by itself: it is free still when a program takes it. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    const ask = () => probe.listen(10_240 + Math.floor(Math.random() * 22_000), '127.0.0.1');
    probe.on('error', ask);
    probe.once('listening', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
    ask();
  });

/** The environment of a test: nothing of the machine's own Vigiles or Codex gets in. */
export const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  NO_COLOR: '1',
  ...(process.env['NODE_COMPILE_CACHE'] ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } : {}),
  ...more,
});

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  home: string;
  env?: Record<string, string>;
  input?: string;
}

/** Verbs that end their process or load the whole server. */
const APART = new Set(['start', 'demo', 'backup', 'restore']);

/** Runs one command line to its end, in this process where the verb allows it. */
export function vigiles(args: readonly string[], options: RunOptions): Promise<Ran> {
  if (APART.has(args[0] ?? '')) return vigilesApart(args, options);
  const env = environment({ VIGILES_HOME: options.home, ...options.env });
  return runHereWith({ env, input: options.input }, args);
}

/** Runs one command line to its end, in a process of its own. */
export function vigilesApart(args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = spawn(process.execPath, [programPath, ...args], {
    env: environment({ VIGILES_HOME: options.home, ...options.env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(options.input ?? '');
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** A test asks faster than a person: what it may ask is not what it is about. */
const unlimited: Record<string, string> = {};
for (const tier of ['LIGHT', 'STANDARD', 'HEAVY']) {
  unlimited[`VIGILES_LIMITS__${tier}__COOLDOWN_S`] = '0';
  for (const per of ['MINUTE', 'HOUR', 'DAY']) unlimited[`VIGILES_LIMITS__${tier}__PER_${per}`] = '100000';
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
  const child = spawn(process.execPath, [programPath, 'start', '--port', '0'], {
    env: environment({
      VIGILES_HOME: home,
      VIGILES_GATEWAY__PORT: String(await freePort()),
      VIGILES_GATEWAY__DISCOVER_LOCAL: 'false',
      ...unlimited,
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
