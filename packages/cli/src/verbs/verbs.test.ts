import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readControlFile } from '../client/control-file.ts';
import {
  newFolder,
  removeFolder,
  startVigiles,
  until,
  vigiles,
  vigilesApart,
  type Running,
} from '../testing/vigiles.ts';

let running: Running;
before(async () => {
  running = await startVigiles();
});
after(() => running.close());

test('the file for the command line is for its owner only', () => {
  assert.equal(statSync(join(running.home, 'run', 'control.json')).mode & 0o777, 0o600);
});

test('--json prints exactly what the API answers', async () => {
  const { url, token } = readControlFile(running.home) ?? { url: '', token: '' };
  const { code, stdout } = await running.run(['config', '--json']);
  const answer = await fetch(`${url}/api/v1/config`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), await answer.json());
});

for (const verb of ['status', 'config', 'logs', 'reload', 'device list', 'secret list', 'sign-in']) {
  test(`${verb} answers people without colours when there is no terminal`, async () => {
    const { code, stdout, stderr } = await running.run(verb.split(' '));
    assert.equal(code, 0, stderr);
    assert.ok(stdout.length > 0 && !stdout.includes('\u001B'), stdout);
  });
}

test('exit code 2 is wrong usage, with a hint', async () => {
  for (const args of [
    ['nonsense'],
    ['logs', '--lines', 'x'],
    ['start', '--port', '70000'],
    ['device', 'pair', 'a', '--scopes', 'root'],
    ['completion', 'tcsh'],
  ]) {
    const { code, stderr } = await running.run(args);
    assert.equal(code, 2, args.join(' '));
    assert.ok(stderr.length > 0);
  }
});

test('exit code 3 is that nothing runs, and it says how to start it', async () => {
  const home = newFolder();
  const { code, stderr } = await vigilesApart(['status'], { home });
  assert.equal(code, 3);
  assert.match(stderr, /vigiles start/);
  removeFolder(home);
});

test('a file left by a dead process counts as not running', async () => {
  const home = newFolder();
  const dead = { url: 'http://127.0.0.1:1', token: 'x', pid: 4_000_000, start_time: 'x' };
  await vigiles(['secret', 'set', 'a'], { home, input: 'value' });
  mkdirSync(join(home, 'run'), { recursive: true });
  writeFileSync(join(home, 'run', 'control.json'), JSON.stringify(dead));
  assert.equal((await vigiles(['status'], { home })).code, 3);
  removeFolder(home);
});

test('a second start on the same home is refused and names the first', async () => {
  const { code, stderr } = await running.run(['start', '--port', '0']);
  assert.equal(code, 1);
  assert.match(stderr, /already runs .*http:\/\/127\.0\.0\.1/);
});

test('starting with a broken file tells every problem with its line and ends with 2', async () => {
  const home = newFolder();
  writeFileSync(join(home, 'vigiles.yaml'), 'server:\n  port: x\n  prot: 1\n');
  const { code, stderr } = await vigiles(['start'], { home });
  assert.equal(code, 2);
  assert.match(stderr, /vigiles\.yaml:2:9 server\.port: expected number/);
  assert.match(stderr, /vigiles\.yaml:3:3 server\.prot: unknown key; did you mean "port"\?/);
  removeFolder(home);
});

test('reload refuses a broken file with its lines, and takes the mended one', async () => {
  const path = join(running.home, 'vigiles.yaml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, 'log:\n  level: loud\n');
  const refused = await running.run(['reload']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /last good .*\n.*:2:10 log\.level/);
  assert.match((await running.run(['status'])).stdout, /1 problems? in the new file/);
  writeFileSync(path, good);
  assert.equal((await running.run(['reload'])).code, 0);
});

test('a secret comes from standard input and never from the command line', async () => {
  const set = await running.run(['secret', 'set', 'openai'], 'marked-value\n');
  assert.equal(set.code, 0, set.stderr);
  assert.ok(!set.stdout.includes('marked-value'));
  assert.match((await running.run(['secret', 'list'])).stdout, /^openai$/m);
  assert.equal((await running.run(['secret', 'set', 'openai'], '')).code, 2);
  assert.equal((await running.run(['secret', 'set', 'openai', 'value'])).code, 2);
  assert.equal((await running.run(['secret', 'remove', 'openai'])).code, 0);
  assert.equal((await running.run(['secret', 'remove', 'openai'])).code, 1);
});

test('a device is paired, listed, rotated and revoked', async () => {
  const { url } = readControlFile(running.home) ?? { url: '' };
  const paired = await running.run(['device', 'pair', 'probe', '--token', '--json']);
  const { device, token } = JSON.parse(paired.stdout) as { device: { id: string }; token: string };
  const ask = async (bearer: string) =>
    (await fetch(`${url}/api/v1/status`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  assert.equal(await ask(token), 200);
  const rotated = (await running.run(['device', 'rotate', device.id])).stdout.trim();
  assert.deepEqual([await ask(token), await ask(rotated)], [401, 200]);
  assert.equal((await running.run(['device', 'revoke', device.id])).code, 0);
  assert.equal(await ask(rotated), 401);
});

test('a port is reserved, exported, checked and released', async () => {
  const reserved = await running.run([
    'ports',
    'reserve',
    'web-ui',
    '--owner',
    'agent-1',
    '--from',
    '30000',
    '--json',
  ]);
  assert.equal(reserved.code, 0, reserved.stderr);
  const { port } = JSON.parse(reserved.stdout) as { port: number };
  assert.match(
    (await running.run(['ports', 'env'])).stdout,
    new RegExp(`^export WEB_UI_PORT='${port}'$`, 'm'),
  );
  assert.match((await running.run(['ports'])).stdout, /web-ui/);
  assert.equal((await running.run(['ports', 'check', 'web-ui'])).code, 0);
  assert.equal((await running.run(['ports', 'check', `:${port}`])).code, 5);
  assert.equal((await running.run(['ports', 'kill', 'nothing-of-the-kind'])).code, 1);
  assert.equal((await running.run(['ports', 'release', 'web-ui'])).code, 0);
  assert.equal((await running.run(['ports', 'check', '99999'])).code, 2);
});

test('a backup made while running can be restored into another home', async () => {
  const file = join(running.home, 'copy.backup');
  const made = await running.run(['backup', file]);
  assert.equal(made.code, 0, made.stderr);
  const home = newFolder();
  const restored = await vigiles(['restore', file], { home });
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(restored.stdout, /Restored \d+ rows/);
  assert.equal((await running.run(['restore', file])).code, 1);
  removeFolder(home);
});

for (const shell of ['bash', 'zsh', 'fish']) {
  test(`the completion for ${shell} knows verbs and what follows them`, async () => {
    const { stdout } = await running.run(['completion', shell]);
    for (const word of ['status', 'disconnect', 'rotate', '--follow', 'opencode', 'cline', '--apply'])
      assert.ok(stdout.includes(word), word);
  });
}

test('one press of Ctrl-C of which a terminal and npm both tell ends it in order, and so does a lost terminal', async () => {
  for (const signals of [
    ['SIGINT', 'SIGINT'],
    ['SIGHUP', 'SIGHUP', 'SIGTERM'],
  ] as const) {
    const other = await startVigiles();
    // Nobody reads any more.
    other.child.stderr?.destroy();
    for (const signal of signals) {
      other.child.kill(signal);
      await delay(20);
    }
    assert.equal(await other.exited, 0);
    assert.throws(() => statSync(join(other.home, 'run', 'control.json')));
    await other.close();
  }
});

test('SIGTERM ends it cleanly with exit code 0 and takes its file away', async () => {
  const other = await startVigiles();
  other.child.kill('SIGTERM');
  assert.equal(await other.exited, 0);
  assert.equal(readControlFile(other.home), null);
  assert.throws(() => statSync(join(other.home, 'run', 'control.json')));
  await other.close();
});

test('exit code 4 is that it runs but a service is down, and health names it', async () => {
  const other = await startVigiles();
  const config = [
    'gateway: { enabled: false }',
    'watchdog:',
    '  services:',
    '    - name: broken-thing',
    '      failures_to_down: 1',
    '      checks: [{ type: tcp, port: 1, interval_s: 0.2, timeout_s: 1 }]',
    '',
  ].join('\n');
  writeFileSync(join(other.home, 'vigiles.yaml'), config);
  await other.run(['reload']);
  let health = await other.run(['health']);
  await until('the service is seen as down', async () => {
    health = await other.run(['health']);
    return health.stdout.includes('down: broken-thing');
  });
  assert.equal(health.code, 4);
  await other.close();
});
