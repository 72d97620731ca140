import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../platform/process/free-port.ts';
import { unpackedPackages } from './debian-packages.ts';

/** A MariaDB server for tests, with the user `watch` and this password. */
export interface MysqlServer {
  host: string;
  port: number;
  user: string;
  password: string;
  stop(): Promise<void>;
}

const PACKAGES = ['mariadb-server-core', 'liburing2', 'libaio1', 'libpcre2-8-0', 'libsystemd0'];
/** Full of what means something in an address. */
const PASSWORD = 'pw@/:1';
const startWithinMs = 60_000;

/**
 * One of our own from Debian's package, unpacked beside the system and not installed. null: there is none to be had; then the
 * test is skipped, which is a failure where `CI` is set.
 */
export async function startMysql(): Promise<MysqlServer | null> {
  const root = unpackedPackages('mariadb', PACKAGES, 'usr/sbin/mariadbd');
  if (root) return startOwn(root);
  if (process.env['CI']) throw new Error('No MariaDB: apt-get could not download it');
  process.stderr.write('NO MARIADB: tests of MySQL are skipped.\n');
  return null;
}

async function startOwn(root: string): Promise<MysqlServer> {
  const data = mkdtempSync(join(tmpdir(), 'vigiles-mariadb-data-'));
  const share = join(root, 'usr/share/mysql');
  const libraries = [join(root, 'usr/lib'), join(root, 'lib')]
    .filter((library) => existsSync(library))
    .flatMap((library) => readdirSync(library).map((name) => join(library, name)));
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
  const program = join(root, 'usr/sbin/mariadbd');
  const common = [
    '--no-defaults',
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    '--innodb=OFF',
    '--default-storage-engine=Aria',
    '--skip-log-bin',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
  const tables = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql'];
  const script = [
    'create database mysql;',
    'use mysql;',
    ...tables.map((name) => readFileSync(join(share, name), 'utf8')),
    'flush privileges;',
    `create user 'watch'@'127.0.0.1' identified by '${PASSWORD}';`,
    "grant all on *.* to 'watch'@'127.0.0.1';",
  ];
  const made = spawnSync(program, [...common, '--bootstrap'], { env, input: script.join('\n') });
  if (made.status !== 0)
    throw new Error(`mariadbd --bootstrap failed: ${made.stderr.toString().slice(-500)}`);
  const port = await freePort();
  const listening = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(data, 's.sock')}`];
  const server = spawn(program, [...common, ...listening], { env, stdio: 'ignore' });
  server.unref();
  const kill = () => void server.kill('SIGKILL');
  process.once('exit', kill);
  const place = { host: '127.0.0.1', port, user: 'watch', password: PASSWORD };
  await untilReady(place);
  return {
    ...place,
    async stop() {
      process.off('exit', kill);
      const gone = new Promise((resolve) => server.once('exit', resolve));
      kill();
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function untilReady(place: Omit<MysqlServer, 'stop'>): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  for (;;) {
    try {
      const connection = await createConnection(place);
      await connection.end();
      return;
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await delay(30);
    }
  }
}
