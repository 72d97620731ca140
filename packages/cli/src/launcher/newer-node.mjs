import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that runs TypeScript as it is, with all that we use of it. */
const oldest = 24;

/** Whether this Node is new enough. Plain JavaScript for Node 20, as everything here. */
export const isNewEnough = () => Number(process.versions.node.split('.')[0]) >= oldest;

/** The Node that came with the dependencies of the folder `root`, or this one where it is new enough; null: neither. */
export function newerNode(root) {
  const [platform, binary] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const installed = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', binary);
  if (existsSync(installed)) return installed;
  return isNewEnough() ? process.execPath : null;
}

/** Runs this same command in that Node, and ends as it ends. */
export async function runInNewerNode(root) {
  const node = newerNode(root);
  if (node === null) {
    const { node: version } = process.versions;
    console.error(
      `vigiles: this is Node ${version}, and Vigiles needs Node ${oldest}; run npm start once, which brings one, or install it`,
    );
    process.exitCode = 1;
    return;
  }
  // Only here: to load it is a tenth of a process that becomes another at once.
  const { spawn } = await import('node:child_process');
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal tells both by itself; what only we are told is handed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`vigiles: ${node} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
