import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { EgressConfig, GithubConfig } from '@vigiles/contract';
import { createEgress, type Egress } from '../../../platform/egress/index.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { git, startGitServer, type GitServer } from '../testing/git-server.ts';
import { gitEnvironment } from './git-env.ts';
import { createSync } from './sync.ts';

const token = 'ghp_synctoken0123456789abcdefghijklm';
const base64 = Buffer.from(`x-access-token:${token}`).toString('base64');
let server: GitServer;
let egress: Egress;
let copy: string;
const told: unknown[] = [];

before(async () => {
  server = await startGitServer(token);
  server.commit('first');
  egress = createEgress({ config: () => EgressConfig.parse({ allow_private: ['127.0.0.1'] }) });
  copy = mkdtempSync(join(tmpdir(), 'vigiles-copy-'));
  git(copy, 'clone', '-q', server.bare, '.');
});
afterEach(() => void told.splice(0));
after(async () => {
  rmSync(copy, { recursive: true, force: true });
  await egress.close();
  await server.close();
});

function syncWith(sync: object, shown: string | null = token, repositories = ['octo/hello']) {
  const config = GithubConfig.parse({
    repositories,
    web_url: server.origin,
    sync: { path: copy, repository: 'octo/hello', ...sync },
  });
  const events = { append: async (...entry: unknown[]) => void told.push(entry) } as unknown as EventLog;
  return createSync({
    config: () => config,
    client: { token: async () => shown },
    egress,
    events,
    env: { PATH: process.env['PATH'] ?? '', HOME: copy },
  });
}

const clean = (value: unknown) => {
  const text = JSON.stringify(value);
  assert.ok(
    !text.includes(token) && !text.includes(base64) && !text.includes(base64.replace(/=+$/, '')),
    text,
  );
};

test('a pull fast-forwards the working copy, and the token is in no address, output or event', async () => {
  const head = server.commit('second');
  const done = await syncWith({}).sync('pull', 'device:test');
  assert.equal(done.success, true, JSON.stringify(done));
  assert.equal(git(copy, 'rev-parse', 'HEAD'), head);
  assert.deepEqual([done.repo, done.branch, done.action], ['octo/hello', 'main', 'pull']);
  clean([done, told, server.urls]);
  assert.ok(!git(copy, 'config', '--list').includes('extraheader'));
});

test('a dry run says what a pull would bring, and the working copy stays as it is', async () => {
  const head = git(copy, 'rev-parse', 'HEAD').trim();
  server.commit('third');
  const done = await syncWith({}).sync('pull', 'device:test', true);
  assert.deepEqual([done.success, done.detail], [true, 'would bring 1 commit']);
  assert.match(done.stdout, /third/);
  assert.equal(git(copy, 'rev-parse', 'HEAD').trim(), head);
  assert.deepEqual(told, []);
  clean(done);
  assert.equal((await syncWith({}).sync('pull', 'device:test')).success, true);
  assert.equal((await syncWith({}).sync('pull', 'device:test', true)).detail, 'nothing to pull');
});

test('what cannot be fast-forwarded is left as it is and said', async () => {
  git(copy, 'commit', '-q', '--allow-empty', '-m', 'mine');
  const mine = git(copy, 'rev-parse', 'HEAD');
  server.commit('theirs');
  const done = await syncWith({}).sync('pull', 'device:test');
  assert.equal(done.success, false);
  assert.match(done.detail, /not fast-forwarded/);
  assert.equal(git(copy, 'rev-parse', 'HEAD'), mine);
  const pushed = await syncWith({ push_enabled: true }).sync('push', 'device:test');
  assert.equal(pushed.success, false);
  assert.match(pushed.detail, /not pushed/);
  git(copy, 'reset', '-q', '--hard', 'HEAD~1');
});

test('a push needs its switch, and then pushes the one ref', async () => {
  const off = await syncWith({}).sync('push', 'device:test');
  assert.deepEqual([off.success, off.detail], [false, 'push disabled by policy']);
  assert.equal((await syncWith({}).sync('pull', 'device:test')).success, true);
  git(copy, 'commit', '-q', '--allow-empty', '-m', 'ours');
  const done = await syncWith({ push_enabled: true }).sync('push', 'device:test');
  assert.equal(done.success, true, JSON.stringify(done));
  assert.equal(git(server.bare, 'rev-parse', 'refs/heads/main'), git(copy, 'rev-parse', 'HEAD'));
  clean(done);
});

/** Arguments of every process of this machine that may be read, while git waits for the server. */
function argumentsEverywhere(): string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}

test('while git pulls and pushes, no process of the machine has the token among its arguments', async () => {
  const seen: string[] = [];
  server.atRequest(() => void seen.push(...argumentsEverywhere()));
  server.commit('to pull');
  assert.equal((await syncWith({}).sync('pull', 'device:test')).success, true);
  git(copy, 'commit', '-q', '--allow-empty', '-m', 'to push');
  assert.equal((await syncWith({ push_enabled: true }).sync('push', 'device:test')).success, true);
  server.atRequest(() => {});
  const gits = seen.filter((line) => line.includes('octo/hello.git'));
  if (existsSync('/proc/self/cmdline'))
    assert.ok(
      gits.some((line) => line.includes('push')),
      'git was seen',
    );
  clean(seen.filter((line) => line.includes('git')));
});

test('work that is not committed is never overwritten, and hooks of the copy are not run', async () => {
  const file = join(copy, 'file.txt');
  server.commit('a file', 'one');
  assert.equal((await syncWith({}).sync('pull', 'device:test')).success, true);
  const hook = join(copy, '.git', 'hooks', 'post-merge');
  writeFileSync(hook, `#!/bin/sh\ntouch ${join(copy, '.git', 'hook-ran')}\n`);
  chmodSync(hook, 0o755);
  writeFileSync(file, 'mine, not committed');
  server.commit('the same file', 'two');
  const done = await syncWith({}).sync('pull', 'device:test');
  assert.equal(done.success, false);
  assert.match(done.detail, /not fast-forwarded/);
  assert.equal(readFileSync(file, 'utf8'), 'mine, not committed');
  git(copy, 'checkout', '-q', '--', 'file.txt');
  assert.equal((await syncWith({}).sync('pull', 'device:test')).success, true);
  assert.equal(readFileSync(file, 'utf8'), 'two');
  assert.ok(!existsSync(join(copy, '.git', 'hook-ran')));
});

test('whoever writes into the copy’s own settings cannot have the token sent elsewhere', async () => {
  const stolen: string[] = [];
  const thief = createServer((request, response) => {
    stolen.push(`${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((ready) => void thief.listen(0, '127.0.0.1', ready));
  const elsewhere = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;
  const settings = [
    ['http.proxy', elsewhere],
    [`http.${server.origin}/octo/hello.git.proxy`, elsewhere],
    [`url.${elsewhere}/.insteadOf`, `${server.origin}/`],
    [`url.${elsewhere}/.pushInsteadOf`, `${server.origin}/`],
  ] as const;
  for (const [name, value] of settings) {
    git(copy, 'config', name, value);
    await syncWith({ push_enabled: true }).sync('pull', 'device:test');
    await syncWith({ push_enabled: true }).sync('push', 'device:test');
    git(copy, 'config', '--unset', name);
  }
  await new Promise((closed) => void thief.close(closed));
  clean(stolen);
});

test('the whole ref counts: feature/main is not main', async () => {
  git(copy, 'checkout', '-q', '-b', 'feature/main');
  const done = await syncWith({ push_enabled: true }).sync('push', 'device:test');
  assert.equal(done.success, false);
  assert.match(done.detail, /refs\/heads\/feature\/main, not on refs\/heads\/main/);
  git(copy, 'checkout', '-q', 'main');
  assert.equal(GithubConfig.safeParse({ sync: { ref: 'main' } }).success, false);
  assert.equal(GithubConfig.safeParse({ sync: { ref: '--upload-pack=x' } }).success, false);
  assert.equal(GithubConfig.safeParse({ sync: { ref: 'refs/heads/feature/main' } }).success, true);
});

test('a server that repeats what it was shown does not bring the token into the answer', async () => {
  const wrong = 'ghp_wrongtoken0123456789abcdefghijkl';
  const done = await syncWith({}, wrong).sync('pull', 'device:test');
  assert.equal(done.success, false);
  const text = JSON.stringify([done, told]);
  assert.ok(
    !text.includes(wrong) &&
      !text.includes(Buffer.from(`x-access-token:${wrong}`).toString('base64').replace(/=+$/, '')),
  );
});

test('the token is in no argument, and goes to no other origin than GitHub’s', async () => {
  const env = gitEnvironment({}, `${server.origin}/octo/hello.git`, token);
  assert.ok(
    Object.entries(env).every(
      ([name, value]) =>
        !value.includes(token) && (!value.includes(base64) || name.startsWith('GIT_CONFIG_VALUE_')),
    ),
  );
  let asked = false;
  const config = GithubConfig.parse({
    repositories: ['octo/hello'],
    sync: { path: copy, repository: 'octo/hello', url: `${server.origin}/octo/hello.git` },
  });
  const events = { append: async () => undefined } as unknown as EventLog;
  const elsewhere = createSync({
    config: () => config,
    client: {
      token: async () => {
        asked = true;
        return token;
      },
    },
    egress,
    events,
    env: { PATH: process.env['PATH'] ?? '', HOME: copy },
  });
  assert.equal((await elsewhere.sync('pull', 'device:test')).success, false);
  assert.equal(asked, false);
});

test('names of repositories and refs that mean something else to a shell, a path or git are no configuration', () => {
  for (const repository of [
    'octo/..',
    'octo/.',
    '../octo',
    'octo/hello/x',
    '-x/hello',
    'octo/he llo',
    'octo/$(id)',
    'octo/a;b',
    'octo/hello\n',
    'octo@evil.example/x',
    'octo',
  ])
    assert.equal(GithubConfig.safeParse({ sync: { repository } }).success, false, repository);
  for (const ref of [
    'refs/heads/../x',
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/+x:refs/heads/main',
    'refs/heads/a@{1}',
    'refs/heads/',
    'refs/tags/v1',
    '+refs/heads/main',
    'refs/heads/main.lock',
    'refs/heads/ma\u0000in',
    'HEAD',
  ])
    assert.equal(GithubConfig.safeParse({ sync: { ref } }).success, false, ref);
});

test('a repository that is not on the list, and an address with credentials, are refused', async () => {
  await assert.rejects(syncWith({}, token, []).sync('pull', 'x'), /not one of github\.repositories/);
  await assert.rejects(
    syncWith({ url: `http://a:${token}@127.0.0.1/x.git` }).sync('pull', 'x'),
    (thrown: Error) => {
      clean(thrown.message);
      return thrown.message.includes('credentials');
    },
  );
});
