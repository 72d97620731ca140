/**
 * Makes a fresh clone ready: installs what the lockfile names, builds the dashboard and bundles the server,
 * each only when it changed.
 * Plain JavaScript for Node 20, because it runs before anything is installed. Run by `prestart` and `pretest`;
 * the scripts themselves then find Node 24 in node_modules/.bin.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newerNode } from '../packages/cli/src/launcher/newer-node.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Hash of every file below the given paths, names included. */
function hashOf(paths) {
  const hash = createHash('sha256');
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== 'dist') walk(child);
      } else
        hash
          .update(`${child.slice(root.length)}\0`)
          .update(readFileSync(child))
          .update('\0');
    }
  };
  for (const path of paths) {
    if (!existsSync(path)) continue;
    try {
      walk(path);
    } catch (error) {
      if (error.code !== 'ENOTDIR') throw error;
      hash.update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}

function run(title, command, args) {
  console.log(`vigiles: ${title}`);
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) {
    console.error(`vigiles: ${title} failed${done.error ? `: ${done.error.message}` : ''}`);
    process.exit(done.status ?? 1);
  }
}

function install() {
  const stamp = join(root, 'node_modules', '.vigiles-installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readIfThere(stamp) === lock) return;
  const npm = process.env.npm_execpath;
  if (!npm) {
    console.error('vigiles: run this through npm (npm start, npm test)');
    process.exit(1);
  }
  run(
    'installing dependencies (first start, about a minute)',
    process.env.npm_node_execpath ?? process.execPath,
    [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
  );
  writeFileSync(stamp, lock);
}

/** The Node that runs TypeScript as it is. */
function modernNode() {
  const node = newerNode(root);
  if (node !== null) return node;
  console.error(
    `vigiles: no Node 24 for ${process.platform}-${process.arch} came with the dependencies; install Node 24 or newer and try again`,
  );
  process.exit(1);
}

function buildDashboard() {
  const dashboard = join(root, 'packages', 'dashboard');
  const stamp = join(dashboard, 'dist', '.vigiles-built');
  const sources = hashOf([
    join(dashboard, 'src'),
    join(dashboard, 'index.html'),
    join(dashboard, 'vite.config.ts'),
    join(dashboard, 'package.json'),
    join(root, 'packages', 'contract', 'src'),
  ]);
  if (readIfThere(stamp) === sources) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  run('building the dashboard', modernNode(), [vite, 'build', '--logLevel', 'error', dashboard]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

/** Only for speed: without it control and gateway run from source. */
function bundleServer() {
  const packages = join(root, 'packages');
  const stamp = join(packages, 'server', 'dist', 'control', '.vigiles-built');
  const sources = hashOf([
    join(packages, 'server', 'src'),
    join(packages, 'cli', 'src'),
    join(packages, 'wire', 'src'),
    join(packages, 'contract', 'src'),
    join(root, 'package-lock.json'),
    join(root, 'tools', 'bundle'),
    join(root, 'tools', 'bundle.mjs'),
  ]);
  if (readIfThere(stamp) === sources) return;
  run('bundling the server', modernNode(), [join(root, 'tools', 'bundle.mjs')]);
  writeFileSync(stamp, sources);
}

install();
buildDashboard();
bundleServer();
if (process.env.npm_lifecycle_event === 'build') console.log('vigiles: dashboard and gateway are built');
