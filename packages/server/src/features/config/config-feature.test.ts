import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Identity, VigilesConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import type { RouteCall } from '../../kernel/route.ts';
import { loadConfig } from '../../platform/config/index.ts';
import { createFileLog } from '../../platform/log/index.ts';
import { createRedactor, openSecrets } from '../../platform/secrets/index.ts';
import { createConfigFeature } from './index.ts';

const marked = 'marked-value-9f3a';
const literal = 'literal-value-77';

const file = `gateway:
  providers:
    - { id: a, type: openai, api_key: "\${secret:a}", headers: { authorization: "Bearer \${env:B}" } }
    - { id: b, type: openai, api_key: ${literal}, base_url: "http://user:${literal}@127.0.0.1:1/v1" }
`;

const channels = `notifications:
  channels:
    - { type: slack, name: chat, webhook_url: "https://hooks.slack.com/services/T0/B0/${literal}" }
    - { type: webhook, name: hook, url: "https://in.example/${literal}", headers: { x-any: ${literal} } }
    - { type: apprise, name: rest, server: "https://apprise.example", urls: ["tgram://${literal}/1"] }
    - { type: plugin, name: own, plugin: chat/room, options: { token: ${literal}, room: here } }
    - { type: telegram, name: bot, chat_id: "1", token: "\${secret:a}" }
deadman: { url: "https://hc.example/${literal}" }
`;

const watched = `watchdog:
  scripts:
    - { name: queue, command: [/bin/true], env: { API_TOKEN: ${literal}, PLACE: here } }
  services:
    - name: nightly
      checks:
        - { type: heartbeat, token: a-long-${literal} }
        - { type: plugin, plugin: quota/credit, options: { api_key: ${literal}, place: here } }
`;

async function open() {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-config-feature-'));
  const redactor = createRedactor();
  const secrets = openSecrets({ home, redactor });
  await secrets.set('a', marked);
  writeFileSync(join(home, 'vigiles.yaml'), file + channels + watched);
  const loaded = await loadConfig({ home, env: { B: marked }, redactor, secrets });
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.fault.message);
  const sink = createFileLog({ home, level: 'debug', keep: { days: 1 }, redactor });
  const events: unknown[] = [];
  const audited: [string, unknown][] = [];
  const feature = createConfigFeature({
    home,
    clock: systemClock,
    configuration: loaded.value,
    events: { append: async (type, event) => void events.push([type, event]) },
    log: sink.log,
  });
  await feature.component.start?.();
  const identity: Identity = { kind: 'device', deviceId: 'dev_1', name: 'test', scopes: ['admin'] };
  const call = (operationId: string, body?: unknown): Promise<unknown> => {
    const route = feature.routes.find((each) => each.operationId === operationId);
    assert.ok(route);
    const input = route.body ? route.body.parse(body) : undefined;
    return route
      .handle({
        body: input,
        query: route.query?.parse({}),
        identity,
        about: (target: string, details?: unknown) => void audited.push([target, details]),
      } as unknown as RouteCall<never, never, never>)
      .then((answer) => route.success.parse(answer));
  };
  const close = async () => {
    await feature.component.stop?.();
    sink.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { home, configuration: loaded.value, events, audited, sink, call, close };
}

test('secrets are shown as references or not at all, and never reach log, event or error', async () => {
  const { home, configuration, events, sink, call, close } = await open();
  const output: unknown[] = [await call('getConfig')];
  assert.match(JSON.stringify(output), /\$\{secret:a\}.*Bearer \$\{env:B\}/);
  assert.equal(configuration.resolve('Bearer ${secret:a}'), `Bearer ${marked}`);

  writeFileSync(
    join(home, 'vigiles.yaml'),
    file.replace('type: openai, api_key', `tpye: ${marked}, ${marked}: 1, api_key`),
  );
  await assert.rejects(call('reloadConfig'), (thrown: unknown) => {
    assert.ok(thrown instanceof FaultError);
    output.push(thrown.message, thrown.fault.details);
    return true;
  });
  writeFileSync(join(home, 'vigiles.yaml'), `server: { debug: true }\n${file}`);
  output.push(await call('reloadConfig'));
  sink.log.info({ config: configuration.current(), text: `${marked} ${literal}` }, marked);
  sink.close();
  output.push(events, readFileSync(sink.path(), 'utf8'), configuration.state());
  const text = JSON.stringify(output);
  for (const secret of [
    marked,
    literal,
    encodeURIComponent(marked),
    Buffer.from(marked).toString('base64'),
  ]) {
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
  assert.deepEqual(
    events.map((event) => (event as string[])[0]),
    ['config.rejected', 'config.reloaded'],
  );
  await close();
});

test('of an address that is a secret only the host is shown, and the answer fits its schema', async () => {
  const { call, close } = await open();
  const text = JSON.stringify(await call('getConfig'));
  assert.ok(!text.includes(literal));
  assert.match(text, /https:\/\/hooks\.slack\.com\/\[redacted\]/);
  assert.match(text, /"token":"\$\{secret:a\}"/);
  await close();
});

test('secrets of checks, of scripts and of what is told a plugin are blotted out, and the answer fits its schema', async () => {
  const { call, close } = await open();
  const { config } = (await call('getConfig')) as { config: VigilesConfig };
  const { scripts, services } = config.watchdog;
  assert.deepEqual(scripts[0]?.env, { API_TOKEN: '[redacted]', PLACE: 'here' });
  assert.match(
    JSON.stringify(services[0]?.checks),
    /"token":"\[redacted\]".*"api_key":"\[redacted\]","place":"here"/,
  );
  assert.match(JSON.stringify(config.notifications.channels), /"token":"\[redacted\]","room":"here"/);
  await close();
});

test('a change by dotted path is written, told as an event, and answered with what changed', async () => {
  const { home, events, call, close } = await open();
  const answer = await call('changeConfig', {
    patch: [{ path: 'gateway.providers.1.enabled', value: false }],
  });
  assert.deepEqual((answer as { changed: string[] }).changed, ['gateway.providers']);
  assert.match(readFileSync(join(home, 'vigiles.yaml'), 'utf8'), /enabled: false/);
  assert.equal((events[0] as [string, { actor: string }])[1].actor, 'device:dev_1');
  await close();
});

test('a value that was blotted out is not written back', async () => {
  const { call, close } = await open();
  await assert.rejects(
    call('changeConfig', { patch: [{ path: 'gateway.providers.1.api_key', value: '[redacted]' }] }),
    FaultError,
  );
  await close();
});

test('a text can be checked without being used', async () => {
  const { call, configuration, close } = await open();
  const answer = await call('validateConfig', { text: 'server: { port: x }\n' });
  assert.deepEqual(answer, {
    valid: false,
    problems: [{ path: 'server.port', line: 1, column: 17, message: 'expected number, received string' }],
  });
  assert.equal(configuration.current().server.port, 8765);
  await close();
});

test('a reload says what waits for a restart, until the file says again what is in force', async () => {
  const { home, configuration, call, close } = await open();
  const path = join(home, 'vigiles.yaml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, `server: { port: 9123 }\nlog: { level: debug }\n${good}`);
  const reloaded = (await call('reloadConfig')) as { changed: string[]; needs_restart: string[] };
  assert.deepEqual([...reloaded.changed].sort(), ['log.level', 'server.port']);
  assert.deepEqual(reloaded.needs_restart, ['server.port']);
  assert.equal(configuration.current().log.level, 'debug');
  assert.deepEqual(((await call('getConfig')) as { needs_restart: string[] }).needs_restart, ['server.port']);
  writeFileSync(path, good);
  assert.deepEqual(((await call('reloadConfig')) as { needs_restart: string[] }).needs_restart, []);
  await close();
});

interface Planned {
  revision: string;
  before: string;
  after: string;
  problems: { path: string; line: number }[];
  changed: { path: string; before: unknown; after: unknown }[];
  needs_restart: string[];
}

test('the text is shown line for line with its comments, and without a literal secret', async () => {
  const { home, call, close } = await open();
  const shown = (await call('getConfigSource')) as { text: string; lines: Record<string, number> };
  const real = readFileSync(join(home, 'vigiles.yaml'), 'utf8');
  assert.ok(!shown.text.includes(literal), shown.text);
  assert.match(shown.text, /\$\{secret:a\}/);
  assert.equal(shown.text.split('\n').length, real.split('\n').length);
  assert.equal(shown.lines['gateway.providers.1.base_url'], 4);
  assert.equal(shown.lines['notifications.channels.2.urls'], 9);
  assert.equal(shown.lines['gateway.providers.1.enabled'], undefined);
  assert.deepEqual(await call('listSecretNames'), { names: ['a'] });
  await close();
});

test('a plan tells the lines, the values and what waits for a restart, and writes nothing', async () => {
  const { home, call, close } = await open();
  const path = join(home, 'vigiles.yaml');
  writeFileSync(path, `# ours\nserver:\n  port: 9001 # near the door\n${file}${channels}`);
  await call('reloadConfig');
  const before = readFileSync(path, 'utf8');
  const patch = [{ path: 'server.port', value: 9002 }];
  const plan = (await call('planConfig', { patch })) as Planned;
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.match(plan.after, /^# ours\nserver:\n  port: 9002 # near the door\n/);
  assert.equal(plan.before.replace('9001', '9002'), plan.after);
  assert.deepEqual(plan.changed, [{ path: 'server.port', before: 9001, after: 9002 }]);
  assert.deepEqual(plan.needs_restart, ['server.port']);
  assert.ok(!JSON.stringify(plan).includes(literal));
  const wrong = (await call('planConfig', { patch: [{ path: 'server.port', value: 'x' }] })) as Planned;
  assert.deepEqual(
    wrong.problems.map(({ path: at, line }) => [at, line]),
    [['server.port', 3]],
  );
  await close();
});

test('every version is kept with who made it and can be put back, unless the file is newer than what was seen', async () => {
  const { home, audited, call, close } = await open();
  const path = join(home, 'vigiles.yaml');
  const first = readFileSync(path, 'utf8');
  await call('changeConfig', { patch: [{ path: 'log.level', value: 'debug' }] });
  const { versions } = (await call('listConfigVersions')) as {
    versions: { id: string; actor: string; changed: string[]; current: boolean }[];
  };
  assert.deepEqual(
    versions.map(({ actor, changed, current }) => [actor, changed, current]),
    [
      ['device:dev_1', ['log.level'], true],
      ['file', [], false],
    ],
  );
  assert.ok(!JSON.stringify(versions).includes(literal));
  const [, oldest] = versions;
  assert.ok(oldest);
  const plan = (await call('planConfig', { version: oldest.id })) as Planned;
  assert.deepEqual(plan.changed, [{ path: 'log.level', before: 'debug', after: 'info' }]);
  await assert.rejects(
    call('revertConfig', { version: oldest.id, revision: '0'.repeat(16) }),
    (thrown: unknown) => thrown instanceof FaultError && thrown.fault.code === 'config_changed_meanwhile',
  );
  await call('revertConfig', { version: oldest.id, revision: plan.revision });
  assert.equal(readFileSync(path, 'utf8'), first);
  assert.deepEqual(audited.at(-1), [
    oldest.id,
    { changes: [{ path: 'log.level', before: 'debug', after: 'info' }] },
  ]);
  assert.equal(statSync(join(home, 'config-history')).mode & 0o777, 0o700);
  await close();
});
