import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { InstalledPlugin } from '../../packages/contract/src/index.ts';
import {
  endOfTar,
  goodFiles,
  packageOf,
  paxEntry,
  rawEntry,
} from '../../packages/server/src/features/plugins/testing/make-tar.ts';
import { startVigiles, type Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Seen, ServiceRig, ServiceRow } from './service-row.ts';

/** A body that is no JSON; the rig sends JSON only. */
async function publish({ url, token }: Vigiles, bytes: Buffer): Promise<string> {
  const digest = createHash('sha512').update(bytes).digest('base64');
  const answer = await fetch(`${url}/api/v1/plugin/publish`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/gzip',
      'repr-digest': `sha-512=:${digest}:`,
    },
    body: new Uint8Array(bytes),
  });
  const { code } = (await answer.json()) as { code?: string };
  return `${answer.status}${code === undefined ? '' : ` ${code}`}`;
}

const plugin = (id: string, version: string, more: Record<string, unknown> = {}, weight = 0): Buffer =>
  packageOf(
    ...goodFiles({ id, name: id, version, ...more }),
    ...Array.from({ length: weight }, (_, i) =>
      rawEntry({ name: `part-${i}.txt`, content: `${version} ${i}\n` }),
    ),
  );

const withEntry = (...entries: Buffer[]): Buffer => packageOf(...goodFiles({ id: 'hostile' }), ...entries);
const hostile: Readonly<Record<string, Buffer>> = {
  'a path upwards': withEntry(rawEntry({ name: '../evil.js', content: 'x' })),
  'an absolute path': withEntry(rawEntry({ name: '/tmp/evil.js', content: 'x' })),
  'a drive letter': withEntry(rawEntry({ name: 'C:/evil.js', content: 'x' })),
  'a backslash': withEntry(rawEntry({ name: '..\\evil.js', content: 'x' })),
  'an encoded path': withEntry(rawEntry({ name: '%2e%2e/evil.js', content: 'x' })),
  'a path in its extended header': withEntry(paxEntry({ path: '../evil.js' }), rawEntry({ name: 'a.js' })),
  'a symbolic link': withEntry(rawEntry({ name: 'lib', type: '2', link: '/etc' })),
  'a hard link': withEntry(rawEntry({ name: 'lib', type: '1', link: '/etc/passwd' })),
  'a device': withEntry(rawEntry({ name: 'null', type: '3' })),
  'a twin in capitals': withEntry(rawEntry({ name: 'MAIN.js', content: 'x' })),
  'a bomb': withEntry(rawEntry({ name: 'zeros', content: Buffer.alloc(24 * 1_048_576) })),
  'a flood of entries': withEntry(...Array.from({ length: 5100 }, (_, i) => rawEntry({ name: `e${i}` }))),
  'a package in a package': gzipSync(packageOf(...goodFiles())),
  'an entry after its end': withEntry(endOfTar, rawEntry({ name: 'late.js' })),
};

const byId = async (rig: ServiceRig, vigiles: Vigiles, id: string): Promise<InstalledPlugin | undefined> =>
  (
    await rig.call<{ plugins: InstalledPlugin[] }>(vigiles, 'GET', '/api/v1/plugin/installed')
  ).body.plugins.find((one) => one.id === id);

async function hostileArchives(vigiles: Vigiles): Promise<Seen> {
  const taken: string[] = [];
  for (const [what, bytes] of Object.entries(hostile)) {
    const answer = await publish(vigiles, bytes);
    if (answer !== '400 plugin_archive_refused') taken.push(`${what}: ${answer}`);
  }
  const root = join(vigiles.home, 'plugins');
  const left = ['packages', 'installed', '.staging'].flatMap((name) =>
    existsSync(join(root, name)) ? readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }) : [],
  );
  // Those that come with Vigiles become packages too.
  const none = !left.some(
    (path) => path.includes('hostile') || (path.endsWith('.tgz') && !path.startsWith('bundled')),
  );
  return {
    ok: taken.length === 0 && none,
    seen: `${Object.keys(hostile).length - taken.length} of ${Object.keys(hostile).length} hostile archives refused ${taken.join('; ')}; files left of them: ${none ? 0 : left.join(' ')}`,
  };
}

/** Kills control while it updates, and looks at what the next one finds. */
async function killedInTheMiddle(rig: ServiceRig, vigiles: Vigiles): Promise<Seen> {
  await publish(vigiles, plugin('heavy', '1.0.0', {}, 1500));
  await rig.call(vigiles, 'POST', '/api/v1/plugin/heavy/install', { body: { enable: false } });
  const one = await byId(rig, vigiles, 'heavy');
  const root = dirname(dirname(dirname(one?.folder ?? '')));
  await publish(vigiles, plugin('heavy', '2.0.0', {}, 1500));
  const update = rig.call(vigiles, 'POST', '/api/v1/plugin/heavy/update').catch(() => null);
  await waitFor('files to be unpacked aside', () => {
    const staged = existsSync(join(root, '.staging'))
      ? readdirSync(join(root, '.staging'), { recursive: true, encoding: 'utf8' })
      : [];
    return staged.some((path) => path.includes('part-')) ? true : null;
  });
  vigiles.control.kill('SIGKILL');
  await update;
  const again = await startVigiles({ home: vigiles.home });
  rig.later(() => again.stop());
  const found = await waitFor('the plugin to be looked at', () =>
    byId(rig, again, 'heavy').then((all) => all ?? null),
  );
  const verified = await rig.call<InstalledPlugin>(again, 'POST', '/api/v1/plugin/heavy/verify');
  const words = readFileSync(join(found.folder, 'part-1499.txt'), 'utf8').trim();
  const folders = readdirSync(join(root, 'installed', 'heavy')).length;
  const whole = verified.body.state === 'ready' && words === `${found.version} 1499`;
  const staged = join(root, '.staging');
  const left = existsSync(staged) ? readdirSync(staged) : [];
  return {
    ok: whole && folders <= 2 && left.length === 0,
    seen: `kill -9 while it unpacked: ${found.version} is there, ${whole ? 'whole' : 'NOT whole'}, ${left.length === 0 ? 'nothing' : left.join(' ')} half-done beside it`,
  };
}

export const row: ServiceRow = {
  service: 'plugins',
  peer: 'another Vigiles, hostile archives',
  async run(rig) {
    const shop = await rig.start();
    const seen: Seen[] = [await hostileArchives(shop)];
    const first = await publish(shop, plugin('disk-watch', '1.0.0'));
    const again = await publish(shop, plugin('disk-watch', '1.0.0', { description: 'Another.' }));
    seen.push({
      ok: first === '201' && again === '409 plugin_version_exists',
      seen: `published: ${first}; the same version again: ${again}`,
    });
    await publish(shop, plugin('disk-watch', '1.1.0', { permissions: { network: ['api.example.org'] } }));
    const { body } = await rig.call<{ key: string }>(shop, 'GET', '/api/v1/plugin/key');
    const home = await rig.start({
      config: `egress: { allow_private: ["${new URL(shop.url).host}"] }
plugins: { registries: [{ name: shop, url: "${shop.url}", keys: ["${body.key}"], token: "${await shop.pairDevice('reader', ['read'])}" }] }
`,
    });
    await rig.cli(home, 'plugin', 'registries', '--refresh');
    const installed = await rig.cli(home, 'plugin', 'install', 'disk-watch@1.0.0', '--disabled');
    seen.push({
      ok: installed.code === 0 && /disk-watch 1\.0\.0: installed/.test(installed.out),
      seen: `from the other Vigiles, by its signed index: ${installed.out}`,
    });
    const refused = await rig.cli(home, 'plugin', 'update', 'disk-watch');
    const word = /--accept ([0-9a-f]+)/.exec(refused.out)?.[1] ?? '';
    const taken = await rig.cli(home, 'plugin', 'update', 'disk-watch', '--accept', word);
    seen.push({
      ok: refused.code === 5 && /reach api\.example\.org/.test(refused.out) && taken.code === 0,
      seen: `a version that wants more: code ${refused.code} with its permissions; agreed to: ${taken.out}`,
    });
    const back = await rig.cli(home, 'plugin', 'rollback', 'disk-watch');
    seen.push({ ok: back.code === 0 && /1\.0\.0/.test(back.out), seen: back.out });
    seen.push(await killedInTheMiddle(rig, home));
    return seen;
  },
};
