import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRun, BackupFile } from '../../packages/contract/src/index.ts';
import { startDav, startS3 } from '../../packages/server/src/features/backups/testing/backup-peers.ts';
import type { Seen, ServiceRow } from './service-row.ts';
import { waitFor } from '../harness/wait-for.ts';

export const row: ServiceRow = {
  service: 'backup relay',
  peer: 'S3 store (s3rver), WebDAV server, folder',
  async run(rig) {
    const folder = rig.folder();
    const drive = join(folder, 'drive');
    mkdirSync(drive);
    const s3 = await startS3(join(folder, 's3'));
    rig.later(() => s3.close());
    const dav = await startDav(folder);
    rig.later(() => dav.close());
    const lock = "passphrase: '${env:BACKUP_PASSPHRASE}'";
    const env = { BACKUP_PASSPHRASE: 'correct horse battery' };
    const config = `egress: { allow_private: ['127.0.0.1:${s3.port}', '127.0.0.1:${dav.port}'] }
backups:
  targets:
    - { name: drive, type: folder, path: '${drive}', ${lock} }
    - { name: s3, type: s3, endpoint: 'http://127.0.0.1:${s3.port}', bucket: backups, access_key_id: ${s3.accessKeyId}, secret_access_key: ${s3.secretAccessKey}, ${lock} }
    - { name: stolen, type: s3, endpoint: 'http://127.0.0.1:${s3.port}', bucket: backups, access_key_id: ${s3.accessKeyId}, secret_access_key: wrong-secret, ${lock} }
    - { name: dav, type: webdav, url: 'http://127.0.0.1:${dav.port}/', username: me, password: dav-password, ${lock} }
`;
    const home = rig.folder();
    const vigiles = await rig.start({ config, env, home });
    const seen: Seen[] = [];
    const run = async (target: string): Promise<ActionRun> => {
      const asked = await rig.call<ActionRun>(vigiles, 'POST', `/api/v1/backups/${target}/run`, { body: {} });
      return waitFor(
        `the backup to ${target}`,
        async () => {
          const { body } = await rig.call<ActionRun>(vigiles, 'GET', `/api/v1/actions/runs/${asked.body.id}`);
          return body.state === 'finished' ? body : null;
        },
        60_000,
      );
    };
    for (const target of ['drive', 's3', 'dav']) {
      const { outcome, message } = await run(target);
      const { files } = (
        await rig.call<{ files: BackupFile[] }>(vigiles, 'GET', `/api/v1/backups/${target}/files`)
      ).body;
      seen.push({
        ok: outcome === 'fixed' && files.length === 1,
        seen: `${target}: ${outcome}, ${files.length} file of ${files[0]?.bytes ?? 0} bytes, read back with the same digest ${message}`,
      });
    }
    const [name = ''] = readdirSync(drive);
    const head = readFileSync(join(drive, name)).subarray(0, 22).toString('latin1');
    seen.push({
      ok: head.startsWith('age-encryption.org/v1'),
      seen: `what lies there begins with “${head.trim()}”`,
    });
    const stolen = await run('stolen');
    seen.push({
      ok: stolen.outcome === 'not_fixed' && !JSON.stringify(stolen).includes('wrong-secret'),
      seen: `wrong secret: ${stolen.message}`,
    });
    await vigiles.stop();
    for (const target of ['drive', 's3', 'dav']) {
      const fresh = rig.folder();
      writeFileSync(
        join(fresh, 'vigiles.yaml'),
        config.replaceAll('${env:BACKUP_PASSPHRASE}', 'another one'),
      );
      const key = join(fresh, 'passphrase');
      writeFileSync(key, env.BACKUP_PASSPHRASE);
      const said = await rig.cli(
        { ...vigiles, home: fresh },
        'backups',
        'restore',
        target,
        '--identity',
        key,
      );
      seen.push({
        ok: said.code === 0 && /Restored [\d,.]+ rows/.test(said.out),
        seen: `restored from ${target} on a new machine: ${said.out.split('\n')[0] ?? ''}`,
      });
    }
    return seen;
  },
};
