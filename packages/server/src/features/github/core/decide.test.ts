import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GithubConfig, type Verdict } from '@vigiles/contract';
import { decide, isDeployLike, type Situation } from './decide.ts';
import type { RunFacts } from './run-facts.ts';

const day = 86_400_000;
const now = 1_800_000_000_000;
const run: RunFacts = {
  id: '1',
  repository: 'octo/hello',
  workflow: 'CI',
  path: '.github/workflows/ci.yml',
  branch: 'main',
  commit: 'abc',
  attempt: 1,
  number: 7,
  event: 'push',
  url: 'https://github.com/octo/hello/actions/runs/1',
  status: 'completed',
  conclusion: 'failure',
  createdAt: now - day,
  startedAt: now - day,
  updatedAt: now,
};
const verdict: Verdict = {
  kind: 'infrastructure',
  retry: true,
  confidence: 0.95,
  rule: 'runner-shutdown',
  line: null,
  reason: 'Its runner was shut down.',
  runner_up: null,
};
const { heal } = GithubConfig.parse({});

const answer = (change: Partial<Situation> & { facts?: Partial<RunFacts>; heal?: object } = {}) => {
  const { facts, heal: settings, ...rest } = change;
  const { kind, by_rule } = decide({
    run: { ...run, ...facts },
    verdict,
    superseded: false,
    historic: false,
    blind: null,
    used: 0,
    recent: 0,
    scriptRan: false,
    settings: { ...heal, ...settings },
    now,
    ...rest,
  });
  return `${kind} ${by_rule}`;
};

describe('what is done about a failed attempt', () => {
  it('is a re-run only where everything speaks for it', () => {
    assert.equal(answer(), 'retry retryable_failure');
    assert.equal(answer({ verdict: { ...verdict, retry: false, kind: 'build' } }), 'notify verdict_build');
    assert.equal(answer({ verdict: { ...verdict, confidence: 0.5 } }), 'notify not_sure');
    assert.equal(answer({ verdict: null }), 'notify not_judged');
    assert.equal(answer({ blind: 'no credentials' }), 'notify no_credentials');
    assert.equal(answer({ heal: { enabled: false } }), 'notify healing_off');
  });

  it('counts the age from when the attempt began, not from when the run was made', () => {
    assert.equal(answer({ facts: { startedAt: now - 31 * day } }), 'notify too_old');
    assert.equal(
      answer({ facts: { createdAt: now - 40 * day, startedAt: now - day } }),
      'retry retryable_failure',
    );
  });

  it('stops at two re-runs whatever the configuration says, at fifty attempts, and in a storm', () => {
    assert.equal(answer({ used: 1 }), 'retry retryable_failure');
    assert.equal(answer({ used: 2, heal: { max_retries: 9 } }), 'notify budget_spent');
    assert.equal(answer({ facts: { attempt: 50 } }), 'notify attempt_limit');
    assert.equal(answer({ recent: 10 }), 'notify storm_guard');
  });

  it('leaves other triggers, deploys and what a newer run replaced alone', () => {
    assert.equal(answer({ facts: { event: 'workflow_dispatch' } }), 'notify other_event');
    assert.equal(answer({ facts: { workflow: 'Deploy' } }), 'notify deploy_like');
    assert.equal(
      answer({ facts: { workflow: 'Deploy' }, heal: { allow_deploys: ['Deploy'] } }),
      'retry retryable_failure',
    );
    assert.equal(answer({ superseded: true }), 'none superseded');
    assert.equal(answer({ historic: true }), 'none before_watch');
    assert.equal(answer({ verdict: { ...verdict, kind: 'cancelled', retry: false } }), 'none cancelled');
  });

  it('runs the script of a pattern once, and never for a deploy', () => {
    const scripts = {
      fix_scripts: [{ script: 'clear-cache', kind: 'build' as const, workflow: 'CI', retry: true }],
    };
    const broken = { ...verdict, kind: 'build' as const, retry: false };
    assert.equal(answer({ verdict: broken, heal: scripts }), 'fix_script fix_script');
    assert.equal(answer({ verdict: broken, heal: scripts, scriptRan: true }), 'notify verdict_build');
    assert.equal(
      answer({ verdict: broken, heal: scripts, facts: { workflow: 'Nightly' } }),
      'notify verdict_build',
    );
    assert.equal(
      answer({ verdict: broken, heal: scripts, facts: { path: '.github/workflows/release.yml' } }),
      'notify verdict_build',
    );
  });

  it('takes the name of the file for a deploy as well as that of the workflow', () => {
    assert.equal(
      isDeployLike({ workflow: 'Ship it', path: '.github/workflows/deploy.yml@refs/heads/main' }, heal),
      true,
    );
    assert.equal(isDeployLike({ workflow: 'Tests', path: '.github/workflows/test.yml' }, heal), false);
  });

  it('finds a deploy within words and across separators, and would rather ask once too often', () => {
    const like = (workflow: string, more: object = {}) =>
      isDeployLike({ workflow, path: '' }, { ...heal, ...more });
    for (const name of [
      'Deploy',
      'redeploy docs',
      'AutoDeploy',
      'Deployment',
      'Roll-out',
      'roll out',
      'prerelease',
    ])
      assert.equal(like(name), true, name);
    assert.equal(like('Preproduction checks'), true);
    assert.equal(like('Preproduction checks', { allow_deploys: ['Preproduction checks'] }), false);
    for (const name of ['CI', 'Unit tests', 'Build and lint']) assert.equal(like(name), false, name);
    assert.equal(like('CI', { deploy_like: ['--'] }), false, 'a word without letters is in nothing');
  });
});
