import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../../../../kernel/log.ts';
import { identify } from '../../../../platform/process/index.ts';
import type { Signal } from '../../core/detect/signal.ts';
import { createStateFiles } from './state-files.ts';

test('what is wrong in files of state is said, and once that it is right again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'state-files-'));
  const path = (name: string) => join(folder, name);
  const signals: Signal[] = [];
  const now = Date.parse('2026-11-21T00:00:00Z');
  const filesThatSettle = (settleMs: number) =>
    createStateFiles({
      clock: { now: () => now, monotonic: () => performance.now() },
      log: silentLog,
      files: [
        { path: path('provider-caps.json'), kind: 'provider_caps' },
        { path: path('pids.json'), kind: 'pids' },
        { path: path('config.toml'), kind: 'codex_config' },
        { path: path('oauth_creds.json'), kind: 'token' },
      ],
      gatewayPort: () => 8766,
      signal: (signal) => void signals.push(signal),
      settleMs,
      everyMs: 3_600_000,
    });
  // Looks only when told to: announcements would look in the middle of the changes.
  const files = filesThatSettle(3_600_000);
  const eager = filesThatSettle(5);
  t.after(async () => {
    await files.stop();
    await eager.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const seen = async () => {
    signals.length = 0;
    await files.look();
    return signals.map(({ fields, cleared }) => `${String(fields?.['predicate'])}${cleared ? ' over' : ''}`);
  };
  assert.deepEqual(await seen(), []);
  const start = identify(process.pid)?.startTime;
  await writeFile(path('provider-caps.json'), '{"zai":{"fields":[{"content_type":"array"}]}}');
  await writeFile(path('pids.json'), JSON.stringify({ proxy: { pid: 999_999_999 }, pids: [process.pid] }));
  await writeFile(
    path('config.toml'),
    'model_provider = "vigiles"\n[model_providers.vigiles]\nbase_url = "http://127.0.0.1:9999/v1"\n',
  );
  await writeFile(path('oauth_creds.json'), JSON.stringify({ access_token: 'x', expiry_date: now - 1000 }));
  assert.deepEqual(await seen(), ['content_type_array', 'dead_pids', 'stale_port', 'expired']);
  assert.ok(!JSON.stringify(signals).includes('access_token'));
  await writeFile(path('provider-caps.json'), '{"zai":');
  await writeFile(path('pids.json'), JSON.stringify([{ pid: process.pid, start_time: start }]));
  await writeFile(
    path('config.toml'),
    'model_provider = "vigiles"\n[model_providers.vigiles]\nbase_url = "http://localhost:8766/v1"\n',
  );
  await rm(path('oauth_creds.json'));
  assert.deepEqual(await seen(), ['unparseable', 'dead_pids over', 'stale_port over', 'expired over']);
  // A pid that another process has now is as dead as one that nobody has.
  await eager.look();
  signals.length = 0;
  await writeFile(path('pids.json'), JSON.stringify([{ pid: process.pid, start_time: 'boot:1' }]));
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline && !signals.some(({ fields }) => fields?.['predicate'] === 'dead_pids'))
    await sleep(5);
  assert.ok(
    signals.some(({ fields }) => fields?.['predicate'] === 'dead_pids'),
    'a change announces itself',
  );
});
