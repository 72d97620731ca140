import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../platform/process/free-port.ts';
import { unpackedPackages } from './debian-packages.ts';

/** A Redis server for tests. One of our own can be halted and started again. */
export interface RedisServer {
  url: string;
  /** Ends it as a crash would; what it held is gone. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** What the server of Debian and Ubuntu consists of; libraries that the system has are not looked for in ours. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const startWithinMs = 10_000;

/**
 * The server in `TEST_REDIS_URL`, left running; else one of our own: `redis-server` or `valkey-server` from PATH, else
 * Debian's package, unpacked beside the system and not installed. null: there is none to be had; then the test
 * is skipped, which is a failure where `CI` is set.
 * @param own one of our own in any case, for a test that halts it
 */
export async function startRedis({ own = false } = {}): Promise<RedisServer | null> {
  const given = process.env['TEST_REDIS_URL'];
  if (given && !own) {
    const notOurs = () => Promise.reject(new Error('Not our server: ask for one of our own'));
    return { url: given, halt: notOurs, resume: notOurs, stop: () => Promise.resolve() };
  }
  const binary = onPath('redis-server') ?? onPath('valkey-server') ?? unpacked();
  if (binary) return startOwn(binary);
  if (process.env['CI']) throw new Error('No Redis: set TEST_REDIS_URL or install redis-server');
  process.stderr.write(
    'NO REDIS: tests of several gateways are skipped. Set TEST_REDIS_URL or install redis-server.\n',
  );
  return null;
}

interface Binary {
  path: string;
  libraries: string;
}

function onPath(name: string): Binary | undefined {
  const found = spawnSync(name, ['--version'], { stdio: 'ignore' });
  return found.status === 0 ? { path: name, libraries: '' } : undefined;
}

function unpacked(): Binary | undefined {
  const root = unpackedPackages('redis', PACKAGES, 'usr/bin/redis-server');
  if (!root) return undefined;
  const library = join(root, 'usr/lib');
  const nested = readdirSync(library).map((name) => join(library, name));
  return { path: join(root, 'usr/bin/redis-server'), libraries: [library, ...nested].join(':') };
}

async function startOwn(binary: Binary): Promise<RedisServer> {
  const data = mkdtempSync(join(tmpdir(), 'vigiles-redis-data-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  const launch = async (): Promise<void> => {
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      data,
    ];
    const env = binary.libraries === '' ? process.env : { ...process.env, LD_LIBRARY_PATH: binary.libraries };
    server = spawn(binary.path, settings, { env, stdio: 'ignore' });
    server.unref();
    await untilReady(url);
  };
  const halt = async (): Promise<void> => {
    const leaving = server;
    server = null;
    if (!leaving || leaving.exitCode !== null) return;
    const gone = new Promise((resolve) => leaving.once('exit', resolve));
    leaving.kill('SIGKILL');
    await gone;
  };
  process.once('exit', () => server?.kill('SIGKILL'));
  await launch();
  return {
    url,
    halt,
    resume: launch,
    async stop() {
      await halt();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (;;) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await delay(30);
    } finally {
      client.disconnect();
    }
  }
}
