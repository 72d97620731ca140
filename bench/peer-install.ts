import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './control-process.ts';

/**
 * A package as npm has it, in a folder of its own that outlives the run.
 * @param name of the folder
 * @param wanted the package with its version
 * @param file within `node_modules`
 * @returns the file's path
 */
export function installPeer(name: string, wanted: string, file: string): string {
  const folder = join(tmpdir(), `vigiles-bench-${name}`);
  const entry = join(folder, 'node_modules', file);
  if (existsSync(entry)) return entry;
  const { npm_node_execpath: node = process.execPath, npm_execpath: npm } = process.env;
  if (!npm) throw new Error('Peers are fetched by npm: start this as `npm run bench -- --peers`.');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const done = spawnSync(node, [npm, 'install', '--ignore-scripts', wanted], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`${wanted} could not be installed.`);
  return entry;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits for the first answer of a peer; one that gives none is ended. */
export async function untilAnswers(name: string, port: number, child: ChildProcess): Promise<void> {
  try {
    await poll(name, async () => ((await fetch(`http://127.0.0.1:${port}/`)).ok ? true : null));
  } catch (thrown) {
    child.kill('SIGKILL');
    throw thrown;
  }
}
