import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import {
  PluginDetail,
  PluginList,
  PluginPlan,
  type ErrorEnvelope,
  type InstalledPlugin,
  type PluginOutcome,
  type PluginRegistryStatus,
  type SignedPluginIndex,
} from '@vigiles/contract';
import { startTestControl } from '../../testing/test-control.ts';
import { goodFiles, packageOf, rawEntry } from './testing/make-tar.ts';
import {
  failure,
  get,
  install,
  installedOf,
  noLimits,
  plugin,
  post,
  publish,
  secretsIn,
  sha512,
  upload,
} from './testing/plugin-calls.ts';

const values = new Map<string, string>();
/** The other Vigiles, that publishes. */
const shop = await startTestControl({ yaml: noLimits, secrets: secretsIn(values) });
after(() => shop.close());

const keyBefore = { kept: values.size, told: (await get<{ key: string | null }>(shop, 'key')).body.key };
await publish(shop, 'seeded', '1.0.0');
const { body: keyed } = await get<{ key: string }>(shop, 'key');

/** A Vigiles at home, that installs from the other one. */
const home = await startTestControl({
  secrets: secretsIn(new Map()),
  yaml: `${noLimits}
egress: { allow_private: ["${new URL(shop.url).host}"] }
plugins:
  registries: [{ name: shop, url: "${shop.url}", keys: ["${keyed.key}"], token: "${await shop.token('read')}" }]
`,
});
after(() => home.close());
const refresh = (): Promise<unknown> => post(home, 'registries/shop/refresh');

test('a republished version is refused, and neither package nor metadata change', async () => {
  const first = plugin('stays', '1.0.0');
  await upload(shop, first);
  const before = {
    detail: (await get(shop, 'stays')).body,
    index: (await get<SignedPluginIndex>(shop, 'index')).body,
    page: (await get(shop, 'index/0')).body,
  };
  for (const again of [first, plugin('stays', '1.0.0', { description: 'Another one.' }, 'evil')]) {
    const { status, body } = await upload(shop, again);
    assert.equal(`${status} ${body.code}`, '409 plugin_version_exists');
  }
  assert.deepEqual((await get(shop, 'stays')).body, before.detail);
  assert.deepEqual((await get(shop, 'index')).body, before.index);
  assert.deepEqual((await get(shop, 'index/0')).body, before.page);
  const bytes = await fetch(`${shop.url}/api/v1/plugin/stays/download`, {
    headers: { authorization: `Bearer ${shop.admin}` },
  });
  assert.deepEqual(Buffer.from(await bytes.arrayBuffer()), first);
});

test('a download gives the very bytes with their digest, and facts where only JSON is taken', async () => {
  const bytes = plugin('downloaded', '1.0.0');
  await upload(shop, bytes);
  for (const path of [
    '/api/v1/plugin/downloaded/download',
    '/api/plugin/downloaded/download?version=1.0.0',
  ]) {
    const answer = await fetch(shop.url + path, { headers: { authorization: `Bearer ${shop.admin}` } });
    assert.equal(answer.headers.get('content-type'), 'application/gzip');
    assert.equal(answer.headers.get('content-length'), String(bytes.length));
    assert.equal(answer.headers.get('repr-digest'), `sha-512=:${sha512(bytes)}:`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
  }
  const facts = await shop.call<Record<string, unknown>>('GET', '/api/plugin/downloaded/download', {
    headers: { accept: 'application/json' },
  });
  assert.equal(facts.body['plugin_id'], 'downloaded');
  assert.equal(facts.body['filename'], 'downloaded-1.0.0.tgz');
  assert.equal(facts.body['size'], bytes.length);
  assert.equal((await shop.call('GET', '/api/v1/plugin/downloaded/download?version=9.9.9')).status, 404);
});

test('what is published must be what the publisher says, and a package at all', async () => {
  const bytes = plugin('promised', '1.0.0');
  const wrong = await upload(shop, bytes, {
    'repr-digest': `sha-512=:${sha512(Buffer.from('x'))}:`,
  });
  assert.equal(`${wrong.status} ${wrong.body.code}`, '400 plugin_digest_mismatch');
  const unreadable = await upload(shop, bytes, { 'repr-digest': 'md5=:abc=:' });
  assert.equal(unreadable.body.code, 'plugin_digest_invalid');
  const json = await upload(shop, Buffer.from('{}'), { 'content-type': 'application/json' });
  assert.equal(json.status, 400);
  const outside = await shop.call('POST', '/api/v1/plugin/stays/install', {
    headers: { 'content-type': 'application/gzip' },
    body: 'x',
  });
  assert.equal(outside.status, 415);
  const evil = packageOf(...goodFiles({ id: 'evil-one' }), rawEntry({ name: '../../evil.js', content: 'x' }));
  assert.equal((await upload(shop, evil)).body.code, 'plugin_archive_refused');
  const many = await upload(shop, packageOf(...goodFiles({ id: 'a/b', version: 'x', license: '' })));
  assert.equal(many.body.code, 'plugin_manifest_invalid');
  const problems = many.body.details?.['problems'] as { path: string }[];
  assert.deepEqual([...new Set(problems.map(({ path }) => path))], ['id', 'version', 'license']);
  assert.equal((await upload(shop, bytes, { 'repr-digest': `sha-512=:${sha512(bytes)}:` })).status, 201);
});

test('no id leads to another place, however it is encoded', async () => {
  for (const id of ['..', '%2e%2e', '%2e%2e%2fetc', 'a%2fb', '..%5c..', 'A', 'con', 'a%00b', '%252e%252e'])
    for (const [method, path] of [
      ['GET', `/api/v1/plugin/${id}`],
      ['GET', `/api/v1/plugin/${id}/download`],
      ['POST', `/api/v1/plugin/${id}/install`],
      ['POST', `/api/plugins/${id}/uninstall`],
    ] as const) {
      // As it stands: fetch would fold the dots away.
      const status = await new Promise<number>((done, failed) => {
        const sent = httpRequest(
          shop.url,
          { method, path, headers: { authorization: `Bearer ${shop.admin}` } },
          (answer) => {
            answer.resume();
            done(answer.statusCode ?? 0);
          },
        );
        sent.on('error', failed).end();
      });
      assert.ok([400, 404].includes(status), `${method} ${path}: ${status}`);
    }
});

test('a beta comes before its release, and nobody gets it without asking', async () => {
  for (const version of ['1.0.0-beta.10', '1.0.0', '1.0.0-beta.2', '0.9.0', '2.0.0-rc.1'])
    await publish(shop, 'ordered', version);
  const { body } = await get<PluginDetail>(shop, 'ordered');
  assert.deepEqual(
    PluginDetail.parse(body).versions.map(({ version }) => version),
    ['1.0.0', '0.9.0', '2.0.0-rc.1', '1.0.0-beta.10', '1.0.0-beta.2'],
  );
  assert.equal(body.latest?.version, '1.0.0');
});

test('lists are paged, searched and counted, with the fields of the earlier server', async () => {
  const { body } = await get<PluginList>(shop, 'list?limit=1');
  const list = PluginList.parse(body);
  assert.equal(list.plugins.length, 1);
  assert.ok(list.count > 3);
  const { body: next } = await get<PluginList>(shop, `list?limit=200&after=${list.next}`);
  assert.equal(next.plugins.length, list.count - 1);
  assert.equal(next.next, null);
  const found = await shop.call<PluginList>('GET', '/api/plugins/marketplace?search=ordered');
  assert.deepEqual(
    found.body.plugins.map(({ id }) => id),
    ['ordered'],
  );
  const [one] = found.body.plugins;
  for (const field of 'id name description version category license package_file package_size checksum author homepage documentation installed installed_version update_available enabled dependencies'.split(
    ' ',
  ))
    assert.ok(one && field in one, field);
  const before = await shop.call<PluginList>('GET', '/api/plugin/list?search=ordered');
  assert.equal(before.body.count, 1);
});

test('the key is made with the first publication, and is only ever told in its public half', async () => {
  assert.deepEqual(keyBefore, { kept: 0, told: null });
  assert.match(keyed.key, /^ed25519:/);
  assert.equal(values.size, 1);
  assert.equal((await get<{ key: string | null }>(home, 'key')).body.key, null);
  assert.equal((await get<ErrorEnvelope>(home, 'index')).body.code, 'plugin_index_empty');
});

test('a registry is read by its signed index, and what it has can be installed here', async () => {
  const { body } = await post<PluginRegistryStatus>(home, 'registries/shop/refresh');
  assert.equal(body.problem, null);
  assert.ok((body.version ?? 0) > 5);
  const done = await shop.call('GET', '/api/v1/plugin/ordered');
  assert.equal(done.status, 200);
  const first = await home.call<PluginOutcome>('POST', '/api/plugins/ordered/install', {
    body: { enable: false },
  });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.deepEqual(
    { success: first.body.success, plugin_id: first.body.plugin_id, status: first.body.status },
    { success: true, plugin_id: 'ordered', status: 'installed' },
  );
  const one = await installedOf(home, 'ordered');
  assert.equal(one?.version, '1.0.0');
  assert.equal(one.source, 'shop');
  assert.deepEqual(
    readdirSync(one.folder).toSorted((a, b) => (a < b ? -1 : 1)),
    ['extra.txt', 'main.js', 'plugin.json'],
  );
  assert.equal((await post(home, 'ordered/install')).body.status, 'already_installed');
});

test('permissions are agreed to before anything is installed, and agreed to as they were shown', async () => {
  await publish(shop, 'asking', '1.0.0', { permissions: { network: ['api.example.org'] } });
  await refresh();
  const refused = await post<ErrorEnvelope>(home, 'asking/install');
  assert.equal(`${refused.status} ${refused.body.code}`, '409 plugin_needs_consent');
  const plan = PluginPlan.parse(refused.body.details?.['plan']);
  assert.deepEqual(plan.steps[0]?.permissions.added.network, ['api.example.org']);
  assert.equal(await installedOf(home, 'asking'), undefined);
  assert.equal(await failure(home, 'asking/install', { consent: 'yes' }), '409 plugin_needs_consent');
  assert.equal(
    (await post(home, 'asking/install', { consent: plan.consent, enable: false })).body.status,
    'installed',
  );
  // A version that wants more than was granted.
  await publish(shop, 'asking', '1.1.0', {
    permissions: { network: ['api.example.org', '*.example.net'], processes: true },
  });
  await refresh();
  assert.deepEqual((await installedOf(home, 'asking'))?.update, { version: '1.1.0', needs_consent: true });
  const grows = await post<ErrorEnvelope>(home, 'asking/update', { consent: plan.consent });
  assert.equal(grows.body.code, 'plugin_needs_consent');
  const diff = PluginPlan.parse(grows.body.details?.['plan']).steps[0]?.permissions;
  assert.deepEqual(diff?.added.network, ['*.example.net']);
  assert.equal(diff.added.processes, true);
  const { body: shown } = await get<PluginPlan>(home, 'asking/plan?newer=true');
  const updated = await post(home, 'asking/update', { consent: shown.consent });
  assert.equal(updated.body.status, 'updated');
  assert.equal(updated.body.plugin?.previous_version, '1.0.0');
  assert.equal(updated.body.plugin.granted.processes, true);
  // One that wants less needs nobody's word.
  await publish(shop, 'asking', '1.2.0', { permissions: { network: ['a.example.net'] } });
  await refresh();
  assert.equal((await post(home, 'asking/update')).body.status, 'updated');
  assert.equal((await post(home, 'asking/update')).body.status, 'up_to_date');
});

test('rollback goes back to the files and permissions before, and is offered once', async () => {
  const left = await installedOf(home, 'asking');
  const { status, body } = await post(home, 'asking/rollback');
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.plugin?.version, '1.1.0');
  assert.equal(body.plugin.granted.processes, true);
  assert.equal(existsSync(join(body.plugin.folder, 'main.js')), true);
  assert.equal(existsSync(left?.folder ?? ''), false);
  assert.equal(body.plugin.update, null);
  assert.equal(await failure(home, 'asking/rollback'), '409 plugin_no_previous');
  assert.equal((await post(home, 'asking/update', { version: '1.2.0' })).body.plugin?.version, '1.2.0');
});

test('what a plugin needs comes with it, stays as long as it is needed, and goes last', async () => {
  await publish(shop, 'base-lib', '1.0.0');
  await publish(shop, 'base-lib', '1.5.0');
  await publish(shop, 'base-lib', '2.0.0');
  await publish(shop, 'middle', '1.0.0', { dependencies: { 'base-lib': '^1.0.0' } });
  await publish(shop, 'on-top', '1.0.0', { dependencies: { middle: '>=1', 'base-lib': '1.x' } });
  await publish(shop, 'newer', '1.0.0', { dependencies: { 'base-lib': '^2.0.0' } });
  await publish(shop, 'lonely', '1.0.0', { dependencies: { nowhere: '^1.0.0' } });
  await publish(shop, 'circle-a', '1.0.0', { dependencies: { 'circle-b': '*' } });
  await publish(shop, 'circle-b', '1.0.0', { dependencies: { 'circle-a': '*' } });
  await publish(shop, 'future', '1.0.0', { engine: '>=99' });
  await refresh();
  const done = await install(home, 'on-top');
  assert.deepEqual(done.also, ['base-lib', 'middle']);
  assert.equal((await installedOf(home, 'base-lib'))?.version, '1.5.0');
  const needed = await post<ErrorEnvelope>(home, 'base-lib/uninstall');
  assert.equal(needed.body.code, 'plugin_needed');
  assert.deepEqual(needed.body.details?.['needed_by'], ['middle', 'on-top']);
  assert.equal(await failure(home, 'base-lib/install', { version: '2.0.0' }), '409 plugin_unresolvable');
  for (const [id, why] of [
    ['lonely', /lonely needs nowhere \^1\.0\.0, which is not to be had/],
    ['circle-a', /circle-a needs circle-b needs circle-a: a circle/],
    ['future', /works with Vigiles >=99/],
    ['newer', /needs base-lib/],
  ] as const) {
    const { body } = await post<ErrorEnvelope>(home, `${id}/install`);
    assert.equal(body.code, 'plugin_unresolvable');
    assert.match(body.error, why);
    assert.equal(await installedOf(home, id), undefined);
  }
  for (const id of ['on-top', 'middle', 'base-lib'])
    assert.equal((await post(home, `${id}/uninstall`)).body.status, 'uninstalled');
  assert.equal(await failure(home, 'base-lib/uninstall'), '404 plugin_not_installed');
});

test('a plugin shows what its author wrote, as text, from the package alone', async () => {
  const words = `# Told\n\u001b[2J<img src=x onerror=alert(1)>\n${'word '.repeat(9000)}`;
  const bytes = packageOf(
    ...goodFiles({ id: 'told', name: 'told', version: '1.0.0' }),
    rawEntry({ name: 'README.md', content: words }),
  );
  assert.equal((await upload(shop, bytes)).status, 201);
  const { readme } = PluginDetail.parse((await get(shop, 'told')).body);
  assert.match(readme?.text ?? '', /^# Told\n\[2J<img src=x onerror=alert\(1\)>\nword word/);
  assert.equal(readme?.truncated, true);
  assert.equal(PluginDetail.parse((await get(shop, 'seeded')).body).readme, null);
  // It lies at the registry until it is installed.
  await refresh();
  assert.equal(PluginDetail.parse((await get(home, 'told')).body).readme, null);
  await install(home, 'told');
  assert.deepEqual(PluginDetail.parse((await get(home, 'told')).body).readme, readme);
});

test('what a plugin kept stays when it is uninstalled, and says so, unless it is to go as well', async () => {
  const bytes = packageOf(...goodFiles({ id: 'keeper', name: 'keeper', version: '1.0.0' }));
  assert.equal((await upload(shop, bytes)).status, 201);
  await refresh();
  const { plugin: one } = await install(home, 'keeper');
  const data = join(dirname(one?.folder ?? ''), '..', '..', '..', 'plugin-data', 'keeper');
  const uninstall = async (body?: object) =>
    (await post(home, 'keeper/uninstall', body)).body.data?.kept ?? null;
  assert.equal(await uninstall(), null);
  for (const body of [undefined, { purge: false }]) {
    await install(home, 'keeper');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'notes.txt'), 'kept');
    assert.equal(await uninstall(body), true);
    assert.ok(existsSync(join(data, 'notes.txt')));
  }
  await install(home, 'keeper');
  assert.equal(await uninstall({ purge: true }), false);
  assert.ok(!existsSync(data));
  assert.ok(existsSync(dirname(data)));
});

test('a plugin is switched off and on, and one whose files were changed is not switched on', async () => {
  assert.equal((await post(home, 'ordered/disable')).body.plugin?.enabled, false);
  const one = await installedOf(home, 'ordered');
  writeFileSync(join(one?.folder ?? '', 'main.js'), 'evil()');
  const refused = await post<ErrorEnvelope>(home, 'ordered/enable');
  assert.equal(refused.body.code, 'plugin_damaged');
  assert.match(refused.body.error, /main\.js was changed/);
  assert.equal((await post<InstalledPlugin>(home, 'ordered/verify')).body.state, 'damaged');
  const repaired = await post(home, 'ordered/install');
  assert.equal(repaired.body.plugin?.state, 'ready');
  assert.notEqual(repaired.body.plugin.folder, one?.folder);
  assert.equal(existsSync(one?.folder ?? ''), false);
  assert.equal((await post(home, 'ordered/enable')).body.plugin?.enabled, true);
  assert.equal((await post<InstalledPlugin>(home, 'ordered/verify')).body.state, 'ready');
});

test('a plugin that two sources offer is installed only from the one that is named', async () => {
  await publish(home, 'base-lib', '9.0.0');
  const { status, body } = await post<ErrorEnvelope>(home, 'base-lib/install');
  assert.equal(`${status} ${body.code}`, '409 plugin_ambiguous');
  assert.deepEqual(body.details?.['sources'], ['local', 'shop']);
  assert.equal(
    (await post(home, 'base-lib/install', { source: 'shop', enable: false })).body.plugin?.version,
    '2.0.0',
  );
  // Its updates come from there too: a higher number elsewhere does not lure it away.
  assert.equal((await post(home, 'base-lib/update')).body.status, 'up_to_date');
});

test('every change is in the event log, and in the audit with who did it', async () => {
  const events = await home.control.events.read({ afterSeq: 0, limit: 500, types: ['plugin.changed'] });
  const told = new Set(
    events.map(({ data }) => `${(data as { id: string }).id} ${(data as { change: string }).change}`),
  );
  for (const each of [
    'ordered installed',
    'asking updated',
    'asking rolled_back',
    'ordered damaged',
    'middle uninstalled',
    'base-lib published',
  ])
    assert.ok(told.has(each), each);
  assert.ok(events.every(({ actor }) => actor.startsWith('device:') || actor === 'plugins'));
});

test('who may only read changes nothing', async () => {
  const token = await home.token('read');
  for (const path of ['ordered/install', 'ordered/uninstall', 'ordered/rollback', 'publish'])
    assert.equal((await home.call('POST', `/api/v1/plugin/${path}`, { token })).status, 403);
  assert.equal((await home.call('GET', '/api/v1/plugin/list', { token: null })).status, 401);
});

test('switched off, nothing is served or installed', async () => {
  const off = await startTestControl({ yaml: 'plugins: { enabled: false }' });
  after(() => off.close());
  assert.equal((await get<ErrorEnvelope>(off, 'list')).body.code, 'plugins_disabled');
  assert.equal(await failure(off, 'ordered/install'), '503 plugins_disabled');
});
