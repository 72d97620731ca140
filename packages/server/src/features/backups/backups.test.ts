import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { ActionRun, BackupFile, BackupList } from '@vigiles/contract';
import { BackupTargetConfig, EgressConfig } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { restoreRelayed } from '../../app/restore-relayed.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { startTestControl, until } from '../../testing/test-control.ts';
import { nameOf } from './core/name.ts';
import { openTarget } from './target.ts';
import { startDav, startS3 } from './testing/backup-peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-backups-'));
const place = join(folder, 'drive');
mkdirSync(place);
const s3 = await startS3(join(folder, 's3'));
const dav = await startDav(folder);
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);
const far = '{ per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 }';
const targets = `
backups:
  targets:
    - { name: drive, type: folder, path: '${place}', recipients: ['${recipient}'], keep: 2 }
    - { name: store, type: s3, endpoint: 'http://127.0.0.1:${s3.port}', bucket: backups, access_key_id: ${s3.accessKeyId}, secret_access_key: ${s3.secretAccessKey}, recipients: ['${recipient}'] }
    - { name: wrong, type: s3, endpoint: 'http://127.0.0.1:${s3.port}', bucket: backups, access_key_id: ${s3.accessKeyId}, secret_access_key: not-the-secret, recipients: ['${recipient}'] }
    - { name: dav, type: webdav, url: 'http://127.0.0.1:${dav.port}/', username: me, password: dav-password, passphrase: correct horse battery }
    - { name: open, type: folder, path: '${place}' }
`;
const egressText = `egress: { allow_private: ['127.0.0.1:${s3.port}', '127.0.0.1:${dav.port}'] }`;
const home = await startTestControl({
  yaml: `gateway: { enabled: false }
watchdog: { enabled: false }
limits: { light: ${far}, standard: ${far}, heavy: ${far} }
${egressText}
${targets}`,
  extend: [healing],
});
after(async () => {
  await home.close();
  await Promise.all([s3.close(), dav.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function run(target: string): Promise<ActionRun> {
  const asked = await home.call<ActionRun>('POST', `/api/v1/backups/${target}/run`, { body: {} });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  let seen = asked.body;
  await until(`the run of ${target} ends`, async () => {
    seen = (await home.call<ActionRun>('GET', `/api/v1/actions/runs/${asked.body.id}`)).body;
    return seen.state === 'finished';
  });
  return seen;
}
const files = async (target: string): Promise<BackupFile[]> =>
  (await home.call<{ files: BackupFile[] }>('GET', `/api/v1/backups/${target}/files`)).body.files;

/** Restores into a home of its own, and says how many devices came back. */
async function restored(target: string, key?: string): Promise<number> {
  const fresh = mkdtempSync(join(tmpdir(), 'vigiles-restored-'));
  try {
    writeFileSync(join(fresh, 'vigiles.yaml'), `${egressText}\n${targets}`);
    const { rows } = await restoreRelayed(
      { home: fresh, env: {} },
      { target, ...(key === undefined ? {} : { key }) },
    );
    assert.ok(existsSync(join(fresh, 'vigiles.db')));
    return rows;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

test('a backup goes into a folder encrypted, is read back, and restores', async () => {
  const done = await run('drive');
  assert.equal(done.outcome, 'fixed', done.message);
  const [name = ''] = readdirSync(place);
  const bytes = readFileSync(join(place, name));
  assert.match(bytes.subarray(0, 40).toString('latin1'), /^age-encryption\.org\/v1\n-> X25519 /);
  const { body } = await home.call<BackupList>('GET', '/api/v1/backups');
  const drive = body.targets.find((one) => one.name === 'drive');
  assert.deepEqual([drive?.last?.state, drive?.last?.file, drive?.last?.bytes], ['done', name, bytes.length]);
  assert.ok((await restored('drive', identity)) > 0);
  const other = await generateX25519Identity();
  await assert.rejects(restored('drive', other));
  // A byte that fell over is noticed before anything is restored.
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(join(place, name), bytes);
  await assert.rejects(restored('drive', identity));
});

test('only the newest are kept, and what is not ours stays', async () => {
  writeFileSync(join(place, 'family.jpg'), 'x');
  for (const day of [1, 2, 3]) writeFileSync(join(place, nameOf(day * 86_400_000, `bak_${day}`)), 'old');
  await run('drive');
  const left = readdirSync(place);
  assert.equal(left.filter((name) => name.startsWith('vigiles-')).length, 2);
  assert.ok(left.includes('family.jpg'));
});

test('an S3 store takes it by signed requests, and refuses a wrong secret', async () => {
  const done = await run('store');
  assert.equal(done.outcome, 'fixed', done.message);
  assert.equal((await files('store')).length, 1);
  assert.ok((await restored('store', identity)) > 0);
  const wrong = await run('wrong');
  assert.equal(wrong.outcome, 'not_fixed');
  assert.match(wrong.message, /answered 403 \(SignatureDoesNotMatch\)/);
  assert.doesNotMatch(JSON.stringify(wrong), /not-the-secret/);
  const told = await home.control.events.read({
    afterSeq: 0,
    limit: 50,
    types: ['alert.raised'],
    subject: 'backup:wrong',
  });
  assert.equal(told.length, 1);
});

test('what is large goes to the S3 store in parts, and comes back as it was', async () => {
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private: [`127.0.0.1:${s3.port}`] }),
  });
  const { place: bucket } = openTarget(
    BackupTargetConfig.parse({
      name: 'parts',
      type: 's3',
      endpoint: `http://127.0.0.1:${s3.port}`,
      bucket: 'backups',
      prefix: 'parts/',
      access_key_id: s3.accessKeyId,
      secret_access_key: s3.secretAccessKey,
      recipients: [recipient],
      part_mb: 5,
    }),
    { egress, now: () => Date.now() },
    (text) => text,
  );
  const bytes = Buffer.alloc(11 * 1_048_576, 'abcdefg');
  const file = join(folder, 'large');
  writeFileSync(file, bytes);
  const { signal } = new AbortController();
  const name = nameOf(Date.now(), 'bak_large');
  await bucket.put(name, file, { bytes: bytes.length, sha256: '' }, signal);
  const chunks: Buffer[] = [];
  await bucket.read(name, (chunk) => void chunks.push(Buffer.from(chunk)), signal);
  assert.ok(Buffer.concat(chunks).equals(bytes));
  await bucket.remove(name, signal);
  assert.deepEqual(await bucket.list(signal), []);
  await egress.close();
});

test('a WebDAV server takes it, closed with a passphrase, and it restores', async () => {
  const done = await run('dav');
  assert.equal(done.outcome, 'fixed', done.message);
  const [file] = await files('dav');
  assert.ok(file);
  assert.equal(file.bytes, dav.read(file.name).length);
  assert.match(
    dav.read(file.name).subarray(0, 60).toString('latin1'),
    /^age-encryption\.org\/v1\n-> scrypt /,
  );
  assert.ok((await restored('dav')) > 0);
});

test('without a recipient or a passphrase nothing leaves', async () => {
  const refused = await home.call('POST', '/api/v1/backups/open/run', { body: {} });
  assert.equal(refused.body.code, 'action_refused');
  assert.match(refused.body.error, /nothing leaves unencrypted/);
});
