import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FaultCase } from '../fault-case.ts';
import { refuse } from '../sick-provider.ts';
import type { World } from '../world.ts';

const caps = '.cache/codex-proxy/provider-caps.json';
const pids = '.cache/codex-proxy/pids.json';
const codexConfig = '.codex/config.toml';
const token = '.gemini/oauth_creds.json';

function write({ folder }: World, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text, { mode: 0o600 });
}

/** E: state on disk, and what every route depends on. The home folder is that of this world. */
export const stateCases: readonly FaultCase[] = [
  {
    fault: 'E1',
    how: 'a cache of schemas with content_type: "array"',
    target: `file:~/${caps}`,
    action: 'delete_provider_caps',
    ends: 'fixed',
    withinS: 60,
    happen: async (world) => write(world, caps, '{"zai":{"fields":[{"content_type":"array"}]}}'),
  },
  {
    fault: 'E2',
    how: 'a pid file with a process that is dead',
    target: `file:~/${pids}`,
    action: 'cleanup_stale',
    ends: 'fixed',
    withinS: 60,
    happen: async (world) =>
      write(world, pids, JSON.stringify({ proxy: { pid: spawnSync('/bin/true').pid } })),
  },
  {
    fault: 'E3',
    how: 'a config.toml that points to the port of an old gateway',
    target: `file:~/${codexConfig}`,
    action: 'regenerate_config',
    ends: 'fixed',
    withinS: 90,
    async happen(world) {
      await world.command('connect', 'codex');
      const text = readFileSync(join(world.folder, codexConfig), 'utf8');
      const port = new URL(world.vigiles.gatewayUrl).port;
      write(world, codexConfig, text.replaceAll(`:${port}/`, ':9/'));
    },
  },
  {
    fault: 'E4',
    how: 'a sign-in that ran out a minute ago',
    target: `file:~/${token}`,
    action: 'alert_user',
    ends: 'told',
    withinS: 60,
    happen: async (world) =>
      write(world, token, JSON.stringify({ access_token: 'not-a-secret', expiry_date: Date.now() - 60_000 })),
  },
  {
    fault: 'E5',
    how: 'both providers of a route answer 503',
    target: 'model:any/only-e5',
    actsOn: ['provider:e5', 'provider:e5b'],
    action: 'alert_user',
    ends: 'told',
    async happen({ sick, turns }) {
      const full = refuse(503, { message: 'overloaded', type: 'overloaded' });
      for (const id of ['e5', 'e5b']) sick.falls(id, full);
      await turns('e5', 12, { route: 'only-e5' });
      return {
        mend() {
          for (const id of ['e5', 'e5b']) sick.recovers(id);
        },
      };
    },
  },
  {
    fault: 'E6',
    how: 'the disk that backups go to is not mounted',
    target: 'backup:drive',
    action: 'alert_user',
    ends: 'told',
    withinS: 60,
    happen: ({ vigiles }) => vigiles.api('/api/v1/backups/drive/run', { method: 'POST', body: {} }),
  },
];
