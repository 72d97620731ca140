import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder, removeFolder, startVigiles, vigiles } from '../testing/vigiles.ts';
import { claudeCodeRouter, launcherEndpoints } from './testing/sources.ts';

const env = { OPENROUTER_API_KEY: 'x', ANTHROPIC_API_KEY: 'y' };

test('without --apply nothing changes; offline it is written with comments kept, keys encrypted, and again beside what is there', async (t) => {
  const home = newFolder();
  t.after(() => removeFolder(home));
  const [ccr, endpoints] = [join(home, 'config.json'), join(home, 'endpoints.json')];
  writeFileSync(ccr, claudeCodeRouter);
  writeFileSync(endpoints, launcherEndpoints);
  const config = join(home, 'vigiles.yaml');
  const yaml = '# mine\ngateway:\n  # The port.\n  port: 9000\n';
  writeFileSync(config, yaml);

  const shown = await vigiles(['import', ccr], { home, env });
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /\+ {4}- \{ id: deepseek/);
  assert.match(shown.stdout, /config\.json:2 APIKEY: /);
  assert.equal(readFileSync(config, 'utf8'), yaml);
  assert.equal((await vigiles(['secret', 'list'], { home })).stdout, 'No secrets yet.\n');

  for (const file of [ccr, endpoints]) {
    const applied = await vigiles(['import', file, '--apply'], { home, env });
    assert.equal(applied.code, 0, applied.stderr);
    assert.ok(!/marked/.test(applied.stdout + applied.stderr));
  }
  const after = readFileSync(config, 'utf8');
  assert.ok(
    after.startsWith('# mine\ngateway:\n  # The port.\n  port: 9000\n  providers:\n    - id: openrouter\n'),
  );
  assert.ok(!after.includes('marked'));
  assert.match(after, /id: opencode-zen/);
  assert.match(after, /default_provider: deepseek/);
  const { stdout } = await vigiles(['secret', 'list'], { home });
  assert.deepEqual(stdout.trim().split('\n'), ['deepseek', 'gemini', 'ollama', 'opencode-zen']);
});

test('while Vigiles runs the API writes it, and a refused change leaves no secret behind', async (t) => {
  const running = await startVigiles(env);
  t.after(() => running.close());
  const file = join(running.home, 'config.json');
  writeFileSync(file, claudeCodeRouter);
  const applied = await running.run(['import', file, '--apply']);
  assert.equal(applied.code, 0, applied.stderr);
  const { config } = JSON.parse((await running.run(['config', '--json'])).stdout) as {
    config: { gateway: { providers: { id: string }[]; routes: unknown[] } };
  };
  assert.deepEqual(
    config.gateway.providers.map(({ id }) => id),
    ['openrouter', 'deepseek', 'ollama', 'gemini'],
  );
  assert.equal(config.gateway.routes.length, 3);

  const yaml = join(running.home, 'vigiles.yaml');
  writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}nonsense: 1\n`);
  const before = (await running.run(['secret', 'list'])).stdout;
  const endpoints = join(running.home, 'endpoints.json');
  writeFileSync(endpoints, launcherEndpoints);
  const refused = await running.run(['import', endpoints, '--apply']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /nonsense/);
  assert.equal((await running.run(['secret', 'list'])).stdout, before);
});

test('what cannot be read is wrong usage, with its place', async (t) => {
  const home = newFolder();
  t.after(() => removeFolder(home));
  const file = join(home, 'x.yaml');
  writeFileSync(file, 'a: 1\na: 2\n');
  assert.match((await vigiles(['import', file], { home })).stderr, /x\.yaml:2: /);
  assert.equal((await vigiles(['import', join(home, 'none')], { home })).code, 2);
});
