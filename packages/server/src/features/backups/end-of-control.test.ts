import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ActionRun, BackupList, Incident } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { startGate } from '../../testing/gate.ts';
import { startTestControl, until } from '../../testing/test-control.ts';
import { startDav } from './testing/backup-peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-backup-end-'));
const dav = await startDav(folder);
const front = await startGate(dav.port);
const home = join(folder, 'home');
const far = '{ per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 }';
const yaml = `gateway: { enabled: false }
limits: { light: ${far}, standard: ${far}, heavy: ${far} }
egress: { allow_private: ['127.0.0.1:${front.port}'] }
backups:
  targets:
    - { name: dav, type: webdav, url: 'http://127.0.0.1:${front.port}/', username: me, password: dav-password, passphrase: correct horse battery }
`;
const open = () => startTestControl({ yaml, extend: [healing], home });
type Home = Awaited<ReturnType<typeof open>>;
const incidents = async (at: Home): Promise<Incident[]> =>
  (await at.call<{ incidents: Incident[] }>('GET', '/api/v1/incidents?target=backup:dav')).body.incidents;
const records = async (at: Home) => (await at.call<BackupList>('GET', '/api/v1/backups')).body.records;
after(async () => {
  await front.close();
  await dav.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a backup that the end of control cuts off is no fault of its place: the next control makes it again', async () => {
  front.gate.open = false;
  const first = await open();
  const asked = await first.call<ActionRun>('POST', '/api/v1/backups/dav/run', { body: {} });
  assert.equal(asked.status, 202);
  await until('the place is asked', () => front.gate.held > 0);
  await first.close();
  front.gate.open = true;
  // As a killed process would have left it.
  const left = join(home, 'run', 'backup-killed');
  mkdirSync(left);
  writeFileSync(join(left, 'plain'), 'a copy of the store');
  const second = await open();
  try {
    await until('it is made', async () => (await records(second))[0]?.state === 'done');
    assert.deepEqual(
      (await records(second)).map(({ state }) => state),
      ['done', 'failed'],
    );
    assert.deepEqual(await incidents(second), []);
    const copies = readdirSync(join(home, 'run')).filter((name) => name.startsWith('backup-'));
    assert.deepEqual(copies, [], 'no copy of the store lies about');
  } finally {
    await second.close();
  }
});

test('one that is cut off a second time is a failure', async () => {
  front.gate.open = false;
  const before = front.gate.held;
  const first = await open();
  assert.equal((await first.call('POST', '/api/v1/backups/dav/run', { body: {} })).status, 202);
  await until('the place is asked', () => front.gate.held > before);
  const begun = front.gate.held;
  await first.close();
  const second = await open();
  await until('the place is asked again', () => front.gate.held > begun);
  await second.close();
  const third = await open();
  try {
    await until('an incident tells of it', async () => (await incidents(third)).length === 1);
  } finally {
    await third.close();
  }
});
