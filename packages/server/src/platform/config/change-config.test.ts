import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from './load-config.ts';
import { newHome, open } from './testing/homes.ts';

const commented = `# top
server:   # where
  # the port
  port:   8080   # odd spacing

# between
log: { level: 'info', keep_days: 3 }
gateway:
  providers:
    - id: one   # first
      type: demo
    # second follows
    - id: two
      type: demo
# end
`;

test('a change of single values leaves every other byte as it was', async () => {
  const configuration = await open(commented);
  const result = await configuration.change(
    [
      { path: ['server', 'port'], value: 9090 },
      { path: ['log', 'level'], value: 'warn' },
      { path: ['gateway', 'providers', 1, 'type'], value: 'openai' },
    ],
    'test',
  );
  assert.ok(result.ok);
  assert.deepEqual(result.value.changed, ['gateway.providers', 'log.level', 'server.port']);
  const expected = commented
    .replace('8080', '9090')
    .replace("'info'", "'warn'")
    .replace(/(id: two\n {6}type: )demo/, '$1openai');
  assert.equal(readFileSync(configuration.path, 'utf8'), expected);
});

test('new keys, new list entries and removals keep the comments', async () => {
  const configuration = await open(commented);
  const result = await configuration.change(
    [
      { path: ['server', 'debug'], value: true },
      { path: ['budgets', 'daily_usd'], value: 3 },
      { path: ['gateway', 'providers', 2], value: { id: 'three', type: 'demo' } },
      { path: ['log', 'keep_days'], value: null },
    ],
    'test',
  );
  assert.ok(result.ok, result.ok ? '' : result.fault.message);
  const text = readFileSync(configuration.path, 'utf8');
  for (const comment of [
    '# top',
    '# where',
    '# the port',
    '# odd spacing',
    '# between',
    '# first',
    '# second follows',
    '# end',
  ]) {
    assert.ok(text.includes(comment), `${comment} is kept`);
  }
  assert.deepEqual(
    configuration.current().gateway.providers.map((provider) => provider.id),
    ['one', 'two', 'three'],
  );
  assert.equal(configuration.current().log.keep_days, 14);
});

test('a new key leaves the lines around it as they were, spacing and all', async () => {
  const before = `${commented}egress: { allow_private: [127.0.0.1] }   # ours\n`;
  const configuration = await open(before);
  const edits = [
    { path: ['sessions', 'keep_days'], value: 40 },
    { path: ['server', 'debug'], value: true },
  ];
  const result = await configuration.change(edits, 'test');
  assert.ok(result.ok, result.ok ? '' : result.fault.message);
  const expected = `${before.replace('# odd spacing\n', '# odd spacing\n  debug: true\n')}sessions:\n  keep_days: 40\n`;
  assert.equal(readFileSync(configuration.path, 'utf8'), expected);
});

test('text that looks like something else in YAML is quoted', async () => {
  const configuration = await open(
    'watchdog:\n  services:\n    - name: a\n      title: b\n      command: [x]\n',
  );
  for (const title of ['yes', '12', 'a: b', '# c', '', '"', "it's", 'two\nlines', '- x', 'é€😀']) {
    const result = await configuration.change(
      [{ path: ['watchdog', 'services', 0, 'title'], value: title }],
      'test',
    );
    assert.ok(result.ok, title);
    assert.equal(configuration.current().watchdog.services[0]?.title, title);
  }
});

test('a change that would be invalid is refused and the file stays', async () => {
  const configuration = await open(commented);
  const result = await configuration.change([{ path: ['server', 'port'], value: 'x' }], 'test');
  assert.equal(result.ok ? '' : result.fault.code, 'config_invalid');
  assert.equal(readFileSync(configuration.path, 'utf8'), commented);
});

test('a file that was broken on disk meanwhile is a conflict; a good one is built upon', async () => {
  const configuration = await open('log:\n  level: warn\n');
  writeFileSync(configuration.path, 'log:\n  level: loud\n');
  const refused = await configuration.change([{ path: ['server', 'debug'], value: true }], 'test');
  assert.equal(refused.ok ? '' : refused.fault.code, 'config_conflict');
  assert.equal(readFileSync(configuration.path, 'utf8'), 'log:\n  level: loud\n');
  writeFileSync(configuration.path, 'log:\n  level: error # mine\n');
  assert.ok((await configuration.change([{ path: ['server', 'debug'], value: true }], 'test')).ok);
  assert.equal(
    readFileSync(configuration.path, 'utf8'),
    'log:\n  level: error # mine\nserver:\n  debug: true\n',
  );
});

test('a revision that is no longer the file’s is a conflict', async () => {
  const configuration = await open('');
  const { revision } = configuration.state();
  const edit = { path: ['server', 'debug'], value: true };
  assert.ok((await configuration.change([edit], 'test', revision)).ok);
  const second = await configuration.change([edit], 'test', revision);
  assert.equal(second.ok ? '' : second.fault.code, 'config_changed_meanwhile');
});

test('a written file keeps its mode, and a link stays a link', async () => {
  const home = newHome();
  const real = join(home, 'elsewhere.yaml');
  writeFileSync(real, 'log:\n  level: warn\n');
  chmodSync(real, 0o640);
  symlinkSync(real, join(home, 'vigiles.yaml'));
  const loaded = await loadConfig({ home, env: {} });
  assert.ok(loaded.ok);
  assert.ok((await loaded.value.change([{ path: ['log', 'level'], value: 'debug' }], 'test')).ok);
  assert.equal(readFileSync(real, 'utf8'), 'log:\n  level: debug\n');
  assert.equal(statSync(real).mode & 0o777, 0o640);
});

test('what an override hides is written and said to be hidden', async () => {
  const configuration = await open('', { env: { VIGILES_SERVER__PORT: '7000' } });
  const result = await configuration.change([{ path: ['server', 'port'], value: 7001 }], 'test');
  assert.ok(result.ok);
  assert.deepEqual(result.value.overridden, ['server.port']);
  assert.equal(configuration.current().server.port, 7000);
});

test('an entry that is moved takes its comments along', async () => {
  const configuration = await open(commented);
  const move = (path: (string | number)[], moveTo: number) =>
    configuration.change([{ path, value: null, moveTo }], 'test');
  const result = await move(['gateway', 'providers', 1], 0);
  assert.ok(result.ok, result.ok ? '' : result.fault.message);
  const text = readFileSync(configuration.path, 'utf8');
  assert.match(text, /# second follows\n\s*- id: two\n\s*type: demo\n\s*- id: one +# first/);
  const beyond = await move(['gateway', 'providers', 0], 2);
  assert.ok(!beyond.ok);
  assert.equal(beyond.fault.code, 'config_path_invalid');
  assert.equal(readFileSync(configuration.path, 'utf8'), text);
});

test('the comment above the first entry goes with it, and one above the list stays', async () => {
  const configuration = await open(`gateway:
  providers:
    # of all providers

    # the first
    - id: one
      type: demo
    - id: two
      type: demo
`);
  const edit = { path: ['gateway', 'providers', 0], value: null, moveTo: 1 };
  const result = await configuration.change([edit], 'test');
  assert.ok(result.ok, result.ok ? '' : result.fault.message);
  assert.match(
    readFileSync(configuration.path, 'utf8'),
    /# of all providers\n\s*- id: two\n\s*type: demo\n\s*# the first\n\s*- id: one\n/,
  );
});

test('what a feature says of the meaning keeps a text from being written, and never from being read', async () => {
  const configuration = await open('server: { port: 8080 }\nlog: { keep_days: 3 }\n');
  const done = configuration.addCheck(({ log }, text) =>
    log.keep_days < 3
      ? [{ path: 'log.keep_days', line: text.split('\n').length, column: 1, message: 'is too few for us' }]
      : [],
  );
  assert.deepEqual(configuration.validate('log: { keep_days: 2 }\n'), [
    { path: 'log.keep_days', line: 2, column: 1, message: 'is too few for us' },
  ]);
  const fewer = [{ path: ['log', 'keep_days'], value: 2 }];
  const planned = await configuration.plan(fewer);
  assert.ok(planned.ok);
  assert.deepEqual(
    planned.value.wrong.map(({ message }) => message),
    ['is too few for us'],
  );
  const refused = await configuration.change(fewer, 'test');
  assert.equal(!refused.ok && refused.fault.code, 'config_invalid');
  assert.match(readFileSync(configuration.path, 'utf8'), /keep_days: 3/);

  // Somebody wrote it by hand: it is in force, and a change of something else is not refused for it.
  writeFileSync(configuration.path, 'server: { port: 8080 }\nlog: { keep_days: 2 }\n');
  assert.ok((await configuration.reload('file')).ok);
  assert.equal(configuration.current().log.keep_days, 2);
  const other = await configuration.change([{ path: ['server', 'port'], value: 9090 }], 'test');
  assert.ok(other.ok);

  done();
  assert.deepEqual(configuration.validate('log: { keep_days: 1 }\n'), []);
});
