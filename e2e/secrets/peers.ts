import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3 } from '../../packages/server/src/features/backups/testing/backup-peers.ts';
import { startGithubStandIn } from '../../packages/server/src/features/github/testing/github-stand-in.ts';
import { git, startGitServer } from '../../packages/server/src/features/github/testing/git-server.ts';
import { startNotion } from '../../packages/server/src/features/integrations/notion/testing/notion-stand-in.ts';
import { startMailServer } from '../../packages/server/src/features/mail/testing/mail-server.ts';
import { openOidc } from '../../packages/server/src/features/oauth/testing/oidc-rig.ts';
import { startEcho } from './echo-server.ts';
import type { Marks } from './marks.ts';

/** What stands on the other side of each service, knowing the marked secrets. @param base where Vigiles will be */
export async function startPeers(marks: Marks, base: () => string) {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-secrets-'));
  const copy = join(folder, 'copy');
  const drive = join(folder, 'drive');
  for (const path of [copy, drive]) mkdirSync(path);
  const [echo, github, repository, mail, oidc, notion, s3] = await Promise.all([
    startEcho(),
    startGithubStandIn({ token: marks['GitHub token'] }),
    startGitServer(marks['GitHub token']),
    startMailServer({ password: marks['SMTP password'] }),
    openOidc(() => `${base()}/oauth/callback`),
    startNotion(),
    startS3(join(folder, 's3'), marks['S3 secret key']),
  ]);
  repository.commit('first');
  git(copy, 'clone', '-q', repository.bare, '.');
  repository.commit('second');
  const page = notion.page([
    { type: 'paragraph', paragraph: { rich_text: [{ type: 'text', text: { content: 'Words' } }] } },
  ]);
  return {
    folder,
    copy,
    drive,
    echo,
    github,
    repository,
    mail,
    oidc,
    notion,
    page,
    s3,
    async close(): Promise<void> {
      echo.close();
      await Promise.all([
        github.close(),
        repository.close(),
        mail.close(),
        oidc.close(),
        notion.close(),
        s3.close(),
      ]);
    },
  };
}
export type Peers = Awaited<ReturnType<typeof startPeers>>;

/** Names of the environment under which the marks are handed to Vigiles; `plugin` and `notion` are in its secret store. */
export const envName = (mark: string): string => mark.toUpperCase().replace(/[^A-Z]+/g, '_');
const ref = (mark: keyof Marks): string => `'\${env:${envName(mark)}}'`;

/** Every service once with what its peer takes, and once with what it refuses. */
export function configOf({
  echo,
  github,
  repository,
  mail,
  oidc,
  notion,
  page,
  s3,
  copy,
  drive,
}: Peers): string {
  const places = [echo.url, github.url, repository.origin, oidc.issuer, notion.url].map(
    (url) => new URL(url).host,
  );
  const many = '{ per_minute: 6000, per_hour: 60000, per_day: 600000, cooldown_s: 0 }';
  const lock = `passphrase: ${ref('backup passphrase')}`;
  const store = `endpoint: 'http://127.0.0.1:${s3.port}', bucket: backups, access_key_id: ${s3.accessKeyId}`;
  const registryKey = `ed25519:${Buffer.alloc(32, 7).toString('base64')}`;
  return `
server: { port: 0 }
limits: { light: ${many}, standard: ${many}, heavy: ${many}, expensive: ${many} }
egress: { allow_private: [${[...places, `127.0.0.1:${s3.port}`, `localhost:${mail.port}`].map((at) => `'${at}'`).join(', ')}] }
gateway:
  port: 0
  discover_local: false
  retry_wait_max_s: 0
  providers:
    - { id: good, type: openai-compatible, base_url: '${echo.url}/good/v1', api_key: ${ref('provider key')}, models: [m] }
    - { id: bad, type: openai-compatible, base_url: '${echo.url}/bad/v1', api_key: ${ref('refused provider key')}, models: [m] }
    - { id: late, type: openai-compatible, base_url: '${echo.url}/late/v1', api_key: ${ref('refused provider key')}, models: [m] }
    - { id: raw, type: openai, protocol: openai-chat, base_url: '${echo.url}/late/v1', api_key: ${ref('refused provider key')}, models: [m] }
github:
  repositories: [octo/hello]
  token: ${ref('GitHub token')}
  use_gh: false
  api_url: ${github.url}
  web_url: ${repository.origin}
  poll_s: 0
  webhook: { secret: ${ref('webhook secret')} }
  sync: { path: '${copy}', repository: octo/hello }
mail:
  enabled: true
  from: vigiles@ok.example
  transport: { type: smtp, host: localhost, port: ${mail.port}, verify_certificate: false, username: me, password: ${ref('SMTP password')} }
  recipients: [{ device: '*', allow: ['@ok.example'] }]
oauth:
  providers:
    - { id: home, preset: oidc, issuer: '${oidc.issuer}', client_id: ${oidc.clientId}, client_secret: '\${env:OIDC_SECRET}', proxy: { base_url: '${oidc.issuer}/api', allow: [{ path: /me }] } }
    - { id: bad, preset: custom, client_id: me, client_secret: ${ref('refused OAuth client secret')}, authorization_url: '${echo.url}/bad/authorize', token_url: '${echo.url}/bad/token' }
notion:
  enabled: true
  api_url: ${notion.url}
  token: '\${secret:notion}'
  poll_minutes: 0
  pages: [{ page: '${page}', file: a.md }, { page: '${'0'.repeat(32)}', file: missing.md }]
backups:
  targets:
    - { name: drive, type: folder, path: '${drive}', ${lock} }
    - { name: s3, type: s3, ${store}, secret_access_key: ${ref('S3 secret key')}, ${lock} }
    - { name: bad-s3, type: s3, ${store}, secret_access_key: ${ref('refused S3 secret key')}, ${lock} }
    - { name: bad-dav, type: webdav, url: '${echo.url}/bad/dav/', username: me, password: ${ref('refused WebDAV password')}, ${lock} }
notifications:
  group_wait_s: 0
  channels:
    - { name: hook, type: webhook, url: '${echo.url}/good/\${env:CHANNEL_ADDRESS}', secret: ${ref('channel signing secret')}, headers: { x-key: ${ref('channel header')} }, min_severity: info }
    - { name: bad-hook, type: webhook, url: '${echo.url}/bad/\${env:REFUSED_CHANNEL_ADDRESS}', min_severity: info }
    - { name: bad-gotify, type: gotify, server: '${echo.url}/bad', token: ${ref('refused channel token')}, min_severity: info }
    - { name: bad-mail, type: email, host: localhost, port: ${mail.port}, verify_certificate: false, username: me, password: ${ref('refused SMTP password')}, from: a@ok.example, to: [me@ok.example], min_severity: info }
deadman: { url: '${echo.url}/bad/\${env:DEAD_MAN_S_ADDRESS}', interval_s: 5 }
plugins:
  registries: [{ name: shop, url: '${echo.url}/bad', keys: ['${registryKey}'], token: ${ref('registry token')} }]
watchdog:
  services:
    - { name: queue, failures_to_down: 1, auto_recover: false, checks: [{ type: plugin, plugin: talkative/finds, interval_s: 1 }] }
    - { name: line, failures_to_down: 1, auto_recover: false, checks: [{ type: plugin, plugin: talkative/throws, interval_s: 1 }] }
`;
}
