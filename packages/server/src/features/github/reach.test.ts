import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EgressConfig, GithubConfig, type GithubHealth } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { createGithubClient } from './client/create-client.ts';
import { createGhLogin } from './client/gh-login.ts';
import { openGithubRig } from './testing/github-rig.ts';
import { startGithubStandIn, type GithubStandIn } from './testing/github-stand-in.ts';
import { shutdownLog, timeoutLog } from './testing/logs.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const otherPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();
const folder = mkdtempSync(join(tmpdir(), 'vigiles-gh-'));
let github: GithubStandIn;
const egress = createEgress({ config: () => EgressConfig.parse({ allow_private: ['127.0.0.1'] }) });

before(async () => {
  github = await startGithubStandIn({
    app: {
      id: 4711,
      installationId: 12,
      publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
  });
});
after(async () => {
  await egress.close();
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

function clientWith(settings: object, env: Record<string, string> = {}) {
  const config = GithubConfig.parse({ api_url: github.url, use_gh: false, ...settings });
  return createGithubClient({
    config: () => config,
    resolve: (text) => text,
    ghLogin: createGhLogin(env, () => performance.now()),
    egress,
    clock: systemClock,
    version: 'test',
    secondMs: 5,
  });
}

test('a GitHub App signs in with its key, and git gets the token of the installation', async () => {
  const run = github.addRun();
  const client = clientWith({ app: { id: 4711, private_key: pem, installation_id: 12 } });
  const found = await client.run('octo/hello', String(run.id));
  assert.ok(found.ok && found.value.commit === run.sha);
  assert.match((await client.token()) ?? '', /^ghs_/);
  assert.equal((await client.auth()).kind, 'app');
  // What is asked after that is asked with the token of the installation, which the App's own is not.
  const shown = github.seen.map(({ path, authorization = '' }) => [path, authorization.split(' ')[1] ?? '']);
  for (const [path = '', token = ''] of shown)
    assert.match(token, path.startsWith('/app/') ? /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ : /^ghs_/, path);
});

test('an App that is not known, or not installed there, is told as what it is, and nothing of its key', async () => {
  const run = github.addRun();
  for (const app of [
    { id: 4712, private_key: pem, installation_id: 12 },
    { id: 4711, private_key: pem, installation_id: 13 },
    { id: 4711, private_key: otherPem, installation_id: 12 },
    { id: 4711, private_key: 'no key at all', installation_id: 12 },
  ]) {
    const found = await clientWith({ app }).run('octo/hello', String(run.id));
    assert.ok(!found.ok);
    assert.match(found.fault.code, /^github_(?:unauthorized|not_found|refused|unreachable)$/);
    assert.ok(!JSON.stringify(found.fault).includes('PRIVATE KEY'));
    assert.ok(!/eyJ|no key at all/.test(found.fault.message), found.fault.message);
  }
});

test('where nothing else is set the login of gh is used, and without it nothing is asked', async () => {
  // As gh does: the token of that host out of hosts.yml in its folder, else an error on the other output.
  const script = join(folder, 'gh');
  writeFileSync(
    script,
    `#!/bin/sh
[ "$1 $2 $3" = "auth token --hostname" ] || exit 2
awk -v host="$4:" '$0 == host { on = 1; next } /^[^ ]/ { on = 0 } on && $1 == "oauth_token:" { print $2; found = 1 } END { exit !found }' \
  "\${GH_CONFIG_DIR:-\${XDG_CONFIG_HOME:-$HOME/.config}/gh}/hosts.yml" && exit 0
echo "no oauth token found for $4" >&2; exit 1
`,
  );
  chmodSync(script, 0o755);
  mkdirSync(join(folder, '.config', 'gh'), { recursive: true });
  writeFileSync(
    join(folder, '.config', 'gh', 'hosts.yml'),
    `ghe.example.com:\n    oauth_token: gho_ofanotherhost0123456789\ngithub.com:\n    user: octocat\n    oauth_token: ${github.token}\n`,
  );
  const run = github.addRun();
  const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder };
  const client = clientWith({ use_gh: true }, env);
  assert.ok((await client.run('octo/hello', String(run.id))).ok);
  assert.equal((await client.auth()).kind, 'gh');
  const before = github.seen.length;
  const none = await clientWith({ use_gh: true }, { PATH: join(folder, 'nothing') }).run(
    'octo/hello',
    String(run.id),
  );
  assert.ok(!none.ok && none.fault.code === 'github_no_credentials');
  const elsewhere = clientWith({ use_gh: true, web_url: 'https://ghe.other.example' }, env);
  assert.match((await elsewhere.auth()).message, /gh is not logged in to ghe\.other\.example/);
  assert.ok(!(await elsewhere.run('octo/hello', String(run.id))).ok);
  assert.equal(github.seen.length, before);
});

test('a rate limit is told with when it ends, and a server error is tried again', async () => {
  const run = github.addRun({ jobs: [{ name: 'a', conclusion: 'failure', log: 'x' }] });
  const client = clientWith({ token: github.token });
  github.failNext(1, 502);
  assert.ok((await client.run('octo/hello', String(run.id))).ok);
  github.setLimit({ remaining: 0, reset: Math.floor(Date.now() / 1000) + 600 });
  const limited = await client.run('octo/hello', String(run.id));
  github.setLimit({ remaining: 5000 });
  assert.ok(!limited.ok && limited.fault.code === 'github_rate_limited');
  assert.ok((limited.fault.retryAfterMs ?? 0) > 500_000);
  assert.equal(client.rateLimit()?.remaining, 0);
});

test('a log is read from its signed address without our credentials, and a long one keeps its ends and its numbers', async () => {
  const long = Array.from({ length: 120_000 }, (_, at) => `line ${at + 1} ${'x'.repeat(30)}`).join('\n');
  const run = github.addRun({ jobs: [{ name: 'a', conclusion: 'failure', log: long }] });
  const client = clientWith({ token: github.token });
  const jobs = await client.jobs('octo/hello', String(run.id), 1);
  const log = await client.jobLog('octo/hello', jobs.ok ? (jobs.value[0]?.id ?? '') : '');
  assert.ok(log.ok);
  const lines = log.value.split('\n');
  assert.equal(lines.length, 120_000);
  assert.match(lines.at(-1) ?? '', /^line 120000 /);
  assert.match(lines[0] ?? '', /^line 1 /);
  assert.ok(log.value.length < 2_600_000);
  assert.ok(
    github.seen
      .filter(({ path }) => path.startsWith('/_logs/'))
      .every(({ authorization }) => authorization === undefined),
  );
});

test('without credentials it observes: runs are seen, people are told, nothing is asked of GitHub', async () => {
  const rig = await openGithubRig({ token: null });
  try {
    const run = rig.github.addRun({ jobs: [{ name: 'a', conclusion: 'failure', log: shutdownLog }] });
    await rig.tell(run);
    assert.equal((await rig.answered(run)).run.action?.by_rule, 'no_credentials');
    assert.equal(rig.github.seen.length, 0);
    const health = (await rig.call<GithubHealth>('GET', '/api/github/health')).body;
    assert.equal(health.status, 'observing');
  } finally {
    await rig.close();
  }
});

test('where no webhook reaches, polling finds runs and the ends of re-runs; a script fixes its pattern', async () => {
  const seen = join(folder, 'seen');
  const command = JSON.stringify([
    '/bin/sh',
    '-c',
    `printf '%s %s %s' "$VIGILES_CI_WORKFLOW" "$VIGILES_CI_KIND" "$PWD" > ${seen}`,
  ]);
  const rig = await openGithubRig({
    polls: true,
    top: `watchdog:\n  veto_s: 0\n  scripts: [{ name: clear-cache, command: ${command}, risk: reversible }]`,
    github: '  heal: { fix_scripts: [{ script: clear-cache, kind: timeout, retry: true }] }',
  });
  try {
    const old = rig.github.addRun({
      jobs: [{ name: 'a', conclusion: 'failure', log: timeoutLog }],
      startedAt: Date.now() - 7_200_000,
    });
    const fresh = rig.github.addRun({
      jobs: [{ name: 'a', conclusion: 'failure', step: 'Run npm test', log: timeoutLog }],
    });
    assert.equal((await rig.answered(old)).run.action?.by_rule, 'before_watch');
    const judged = await rig.answered(fresh);
    assert.equal(judged.run.verdict?.kind, 'timeout');
    assert.equal(judged.run.action?.kind, 'fix_script');
    await rig.until(
      fresh,
      're-run after the script',
      ({ retries }) =>
        retries.some(({ state }) => state === 'asked') &&
        rig.github.count('POST', /rerun-failed-jobs$/) === 1,
    );
    assert.ok(existsSync(seen));
    const [workflow, kind, place = ''] = readFileSync(seen, 'utf8').split(' ');
    assert.deepEqual([workflow, kind], ['CI', 'timeout']);
    assert.ok(place.includes('vigiles-ci-') && !existsSync(place), place);
    rig.github.finish(fresh, 'success', [{ name: 'a', conclusion: 'success' }]);
    const over = await rig.until(fresh, 'recovered', ({ run }) => run.state === 'flaky');
    assert.ok(over.retries.every(({ state }) => state === 'recovered'));
  } finally {
    await rig.close();
  }
});
