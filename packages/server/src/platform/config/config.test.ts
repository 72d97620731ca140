import assert from 'node:assert/strict';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRedactor, openSecrets } from '../secrets/index.ts';
import { loadConfig, type LoadOptions } from './load-config.ts';
import { newHome, open, until } from './testing/homes.ts';
import { watchConfig } from './watch-config.ts';

async function problemsOf(text: string, more: Partial<LoadOptions> = {}): Promise<string[]> {
  const loaded = await loadConfig({ home: newHome(text), env: {}, ...more });
  assert.equal(loaded.ok, false);
  const problems = loaded.ok
    ? []
    : (loaded.fault.details?.['problems'] as {
        line: number;
        column: number;
        path: string;
        message: string;
      }[]);
  return problems.map((problem) => `${problem.line}:${problem.column} ${problem.path} ${problem.message}`);
}

test('a first start writes a starter that is valid and names its schema', async () => {
  const configuration = await open(undefined);
  const text = readFileSync(configuration.path, 'utf8');
  assert.match(text, /^# yaml-language-server: \$schema=\.\/vigiles\.schema\.json\n/);
  assert.equal(configuration.current().server.port, 8765);
  assert.equal(statSync(configuration.path).mode & 0o777, 0o600);
});

test('an empty file is the defaults', async () => {
  assert.equal((await open('')).current().gateway.port, 8766);
});

test('environment stands above the file and flags above both', async () => {
  const configuration = await open('server:\n  port: 1001\n  host: 127.0.0.2\nlog:\n  level: warn\n', {
    env: { VIGILES_SERVER__PORT: '1002', VIGILES_SERVER__HOST: '127.0.0.3', VIGILES_NO_INTERACTIVE: '1' },
    flags: { port: 1003 },
  });
  const { server, log } = configuration.current();
  assert.deepEqual([server.port, server.host, log.level], [1003, '127.0.0.3', 'warn']);
});

test('every problem is told at once, in order, with line and column', async () => {
  const text = [
    'servr:', // 1
    '  port: 1', // 2
    'server:', // 3
    '  port: eighty', // 4
    '  porrt: 80', // 5
    'log:', // 6
    '  level: loud', // 7
    'gateway:', // 8
    '  default_provider: opnai', // 9
    '  providers:', // 10
    '    - { id: openai, type: openai, api_key: "${env:NOT_SET}" }', // 11
    '    - { id: openai, type: openai, api_key: "${secret:nope}" }', // 12
    '  routes:', // 13
    '    - { model: "gpt-*", provider: nobody }', // 14
    'watchdog:', // 15
    '  services:', // 16
    '    - name: a', // 17
    '      command: [a]', // 18
    '      depends_on: [b, zz]', // 19
    '    - name: b', // 20
    '      command: [b]', // 21
    '      depends_on: [a]', // 22
    '    - name: b', // 23
    '      checks:', // 24
    '        - { type: htp, url: x }', // 25
    '',
  ].join('\n');
  const problems = await problemsOf(text);
  const expected = [
    /^1:1 servr unknown key; did you mean "server"\?/,
    /^4:9 server\.port expected number, received string/,
    /^5:3 server\.porrt unknown key; did you mean "port"\?/,
    /^7:10 log\.level Invalid option/,
    /^9:21 gateway\.default_provider there is no provider "opnai"; did you mean "openai"\?/,
    /^11:\d+ gateway\.providers\.0\.api_key the environment variable NOT_SET is not set/,
    /^12:\d+ gateway\.providers\.1\.id provider "openai" is given twice/,
    /^12:\d+ gateway\.providers\.1\.api_key there is no secret "nope"; add it with: vigiles secret set nope/,
    /^14:\d+ gateway\.routes\.0\.provider there is no provider "nobody"/,
    /^19:19 watchdog\.services\.0\.depends_on services depend on each other in a circle: a → b → a/,
    /^19:23 watchdog\.services\.0\.depends_on\.1 there is no service "zz"/,
    /^23:13 watchdog\.services\.2\.name service "b" is given twice/,
    /^25:\d+ watchdog\.services\.2\.checks\.0\.type/,
  ];
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const [i, pattern] of expected.entries()) assert.match(problems[i] ?? '', pattern);
});

test('a provider whose account is not in oauth.providers is refused with the name that was meant', async () => {
  const problems = await problemsOf(`oauth:
  providers:
    - { id: google, preset: google, client_id: c }
gateway:
  providers:
    - { id: a, type: openai-compatible, base_url: "https://a.example", oauth_account: google }
    - { id: b, type: openai-compatible, base_url: "https://b.example", oauth_account: gogle }
`);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(
    problems[0] ?? '',
    /^7:\d+ gateway\.providers\.1\.oauth_account there is no "gogle" in oauth\.providers; did you mean "google"\?/,
  );
});

test('a syntax error is told with its place and does not quote the line', async () => {
  const problems = await problemsOf(
    'server:\n  port: x\ngateway: {\n  key: "sk-marked-secret-value"\nlog: [',
  );
  assert.match(problems[0] ?? '', /^2:9 server\.port expected number/);
  assert.ok(problems.length >= 2);
  assert.ok(!problems.join('\n').includes('sk-marked'));
});

test('a key given twice is told together with the other problems', async () => {
  const problems = await problemsOf('server:\n  port: 1\n  port: 2\nlog:\n  level: loud\n');
  assert.match(problems[0] ?? '', /^3:3 {2}port is given twice/);
  assert.match(problems[1] ?? '', /^5:10 log\.level/);
});

for (const [what, text] of [
  ['a list at the top', '- a\n- b\n'],
  ['a bare word', 'hello\n'],
  ['tabs', 'server:\n\tport: 1\n'],
  ['two documents', 'server: {}\n---\nlog: {}\n'],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
      .join('\n')}\n`,
  ],
  ['an unknown alias', 'server: *nowhere\n'],
  ['a prototype key', '__proto__:\n  polluted: true\n'],
  ['deep nesting', '['.repeat(20_000)],
] as const) {
  test(`${what} is refused with a place and without a crash`, async () => {
    const problems = await problemsOf(text);
    assert.match(problems[0] ?? '', /^[1-9]\d*:[1-9]\d* /);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
}

test('a bad environment variable is named, with a suggestion', async () => {
  const problems = await problemsOf('', { env: { VIGILES_SERVER__PROT: '1', VIGILES_SERVER__PORT: 'x' } });
  assert.ok(
    problems.some((problem) =>
      /VIGILES_SERVER__PROT sets an unknown key; did you mean "port"\?/.test(problem),
    ),
    problems.join('\n'),
  );
  assert.ok(
    problems.some((problem) => /server\.port VIGILES_SERVER__PORT: expected number/.test(problem)),
    problems.join('\n'),
  );
});

test('a broken file on reload keeps the last good one and says so once', async () => {
  const configuration = await open('log:\n  level: warn\n');
  const told: number[] = [];
  configuration.onRejected((problems) => told.push(problems.length));
  writeFileSync(configuration.path, 'log:\n  level: loud\nserver:\n  port: x\n');
  const reloaded = await configuration.reload('test');
  assert.equal(reloaded.ok, false);
  await configuration.reload('test');
  assert.deepEqual(told, [2]);
  assert.equal(configuration.current().log.level, 'warn');
  assert.equal(configuration.state().problems.length, 2);
  writeFileSync(configuration.path, 'log:\n  level: error\n');
  assert.ok((await configuration.reload('test')).ok);
  assert.deepEqual(configuration.state().problems, []);
});

test('a process that must come back starts with the last good configuration', async () => {
  const home = newHome('log:\n  level: warn\n');
  assert.ok((await loadConfig({ home, env: {} })).ok);
  writeFileSync(join(home, 'vigiles.yaml'), 'log: [');
  assert.equal((await loadConfig({ home, env: {} })).ok, false);
  const again = await loadConfig({ home, env: {}, allowLastGood: true });
  assert.ok(again.ok);
  assert.equal(again.value.current().log.level, 'warn');
  assert.ok(again.value.state().problems.length > 0);
});

test('saving the file, also by rename, takes effect and names what changed', async () => {
  const configuration = await open('log:\n  level: warn\n');
  const seen: string[][] = [];
  configuration.subscribe((_next, _previous, changed) => seen.push(changed));
  const end = watchConfig(configuration);
  try {
    writeFileSync(configuration.path, 'log:\n  level: error\n');
    await until(() => seen.length === 1);
    writeFileSync(`${configuration.path}.new`, 'log:\n  level: error\nserver:\n  debug: true\n');
    renameSync(`${configuration.path}.new`, configuration.path);
    await until(() => seen.length === 2);
    assert.deepEqual(seen, [['log.level'], ['server.debug']]);
  } finally {
    end();
  }
});

test('what was saved after it was read and before it is watched takes effect', async () => {
  const configuration = await open('log:\n  level: warn\n');
  const seen: string[][] = [];
  configuration.subscribe((_next, _previous, changed) => seen.push(changed));
  writeFileSync(configuration.path, 'log:\n  level: error\n');
  const end = watchConfig(configuration);
  try {
    await until(() => seen.length > 0);
    assert.deepEqual(seen, [['log.level']]);
  } finally {
    end();
  }
});

test('an editor that empties the file first does not bring the defaults into force', async () => {
  const configuration = await open('log:\n  level: warn\n');
  const seen: string[] = [];
  configuration.subscribe((next) => seen.push(next.log.level));
  const end = watchConfig(configuration);
  try {
    writeFileSync(configuration.path, '');
    await delay(200);
    writeFileSync(configuration.path, 'log:\n  level: debug\n');
    await until(() => seen.length > 0);
    assert.deepEqual(seen, ['debug']);
  } finally {
    end();
  }
});

test('a new value of a secret takes effect although the file stays as it is', async () => {
  const home = newHome('gateway:\n  providers:\n    - { id: a, type: openai, api_key: "${secret:a}" }\n');
  const secrets = openSecrets({ home, redactor: createRedactor() });
  await secrets.set('a', 'first-value');
  const loaded = await loadConfig({ home, env: {} });
  assert.ok(loaded.ok);
  const seen: string[][] = [];
  loaded.value.subscribe((_next, _previous, changed) => seen.push(changed));
  const end = watchConfig(loaded.value);
  try {
    await secrets.set('a', 'second-value');
    await until(() => seen.length === 1);
    assert.deepEqual(seen, [['gateway.providers.0.api_key']]);
    assert.equal(loaded.value.resolve('${secret:a}'), 'second-value');
  } finally {
    end();
  }
});

test('a file that was refused for a missing secret takes effect once the secret is there', async () => {
  const home = newHome('');
  const loaded = await loadConfig({ home, env: {} });
  assert.ok(loaded.ok);
  const configuration = loaded.value;
  const end = watchConfig(configuration);
  try {
    writeFileSync(
      configuration.path,
      'gateway:\n  providers:\n    - { id: a, type: openai, api_key: "${secret:a}" }\n',
    );
    await until(() => configuration.state().problems.length === 1);
    await openSecrets({ home, redactor: createRedactor() }).set('a', 'some-value');
    await until(() => configuration.current().gateway.providers.length === 1);
    assert.deepEqual(configuration.state().problems, []);
  } finally {
    end();
  }
});

test('wherever a setting says that it takes a reference, it takes one', async () => {
  const key = `ed25519:${Buffer.alloc(32, 1).toString('base64')}`;
  const home = newHome(`
plugins:
  signing_key: '\${env:SECRET}'
  registries: [{ name: shop, url: 'https://shop.example', keys: ['${key}'], token: '\${env:SECRET}' }]
notifications:
  channels: [{ name: chat, type: plugin, plugin: zulip/stream, options: { key: '\${env:SECRET}', more: ['\${env:SECRET}'] } }]
watchdog:
  services: [{ name: a, checks: [{ type: plugin, plugin: api-quota/credit, options: { key: '\${env:SECRET}' } }] }]
`);
  const loaded = await loadConfig({ home, env: { SECRET: 'value' } });
  assert.ok(loaded.ok, JSON.stringify(loaded));
});
