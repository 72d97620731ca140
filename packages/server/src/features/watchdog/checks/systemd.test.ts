import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { identify } from '../../../platform/process/index.ts';
import { look, reasonOf, tempFolder } from '../testing/check-rig.ts';

/** Takes what `systemctl show` takes and prints what it prints, by unit. */
const standIn = `#!/bin/sh
[ "$2" = show ] && [ "$4" = -- ] && [ $# -eq 5 ] || { echo "Unknown operation" >&2; exit 1; }
case "$1" in --system|--user) ;; *) exit 1;; esac
show() { printf 'LoadState=%s\\nActiveState=%s\\nSubState=%s\\nResult=%s\\nMainPID=%s\\nNRestarts=%s\\nExecMainStatus=%s\\nMemoryCurrent=%s\\n' "$@"; }
case "$5" in
  web.service) show loaded active running success ${process.pid} 2 0 73400320;;
  crash.service) show loaded failed failed exit-code 0 5 203 '[not set]';;
  loop.service) show loaded activating auto-restart exit-code 0 9 1 18446744073709551615;;
  backup.service) show loaded inactive dead success 0 0 0 '[not set]';;
  backup-failed.service) show loaded inactive dead exit-code 0 0 1 '[not set]';;
  bus.service) echo "Failed to connect to bus: No such file or directory" >&2; exit 1;;
  *) show not-found inactive dead success 0 0 0 '[not set]';;
esac
`;
const folder = tempFolder();
writeFileSync(join(folder, 'systemctl'), standIn);
chmodSync(join(folder, 'systemctl'), 0o755);
const kit = { baseEnv: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
const unit = (name: string, more: object = {}) => look({ type: 'systemd', unit: name, ...more }, kit);

it('follows the main process of an active unit and shows what it uses', async () => {
  const found = await unit('web.service');
  assert.ok(found.ok, JSON.stringify(found));
  assert.deepEqual(found.facts, {
    active: 'active',
    sub: 'running',
    restarts: 2,
    memory_mb: 70,
    pid: process.pid,
  });
  assert.deepEqual(found.identity, identify(process.pid));
});

it('tells a failed, a looping and an unknown unit apart', async () => {
  assert.equal(reasonOf(await unit('crash.service')), 'it is failed (exit-code, status 203)');
  assert.equal(reasonOf(await unit('loop.service')), 'it is activating, auto-restart (exit-code, status 1)');
  assert.equal(reasonOf(await unit('nothing.service')), 'there is no such unit');
});

it('lets a job rest that is known to rest, unless its last run failed', async () => {
  assert.equal(reasonOf(await unit('backup.service')), 'it is inactive, dead');
  assert.ok((await unit('backup.service', { accept: ['active', 'inactive'] })).ok);
  const failed = await unit('backup-failed.service', { accept: ['active', 'inactive'] });
  assert.match(reasonOf(failed), /exit-code, status 1/);
});

it('cannot tell when the manager does not answer or there is no systemd', async () => {
  const bus = await unit('bus.service', { user: true });
  assert.deepEqual(
    [reasonOf(bus), !bus.ok && bus.ours],
    ['Failed to connect to bus: No such file or directory', true],
  );
  const none = await look({ type: 'systemd', unit: 'web.service' }, { baseEnv: { PATH: tempFolder() } });
  assert.equal(!none.ok && none.ours, true);
});

it('takes no option for a unit', async () => {
  await assert.rejects(unit('--version'), /a unit’s name/);
});
