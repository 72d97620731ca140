import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { CiRunDetail } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import {
  startGithubStandIn,
  type GithubStandIn,
  type StandInRun,
} from '../packages/server/src/features/github/testing/github-stand-in.ts';
import { compileLog, shutdownLog } from '../packages/server/src/features/github/testing/logs.ts';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

const secret = 'the-webhook-secret-0123456789';
let github: GithubStandIn;
let vigiles: Vigiles;
let running: RunningBrowser;
let page: Page;

before(async () => {
  [github, running] = await Promise.all([startGithubStandIn(), startBrowser()]);
  vigiles = await startVigiles({
    config: `
server: { port: 0 }
gateway: { port: 0, discover_local: false }
egress: { allow_private: ['127.0.0.1:${new URL(github.url).port}'] }
github:
  repositories: [octo/hello]
  token: ${github.token}
  use_gh: false
  api_url: ${github.url}
  web_url: ${github.url}
  poll_s: 0
  webhook: { secret: ${secret} }
`,
  });
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  const context = await running.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    // What is waited for is evaluated in the page, which the page's own policy rightly forbids.
    bypassCSP: true,
  });
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  await page.goto(link.url);
  await page.waitForSelector('#main');
});
after(async () => {
  await running?.close();
  await vigiles?.stop();
  await github?.close();
});

const tell = (run: StandInRun, action = 'completed') =>
  github.deliver(
    `${vigiles.url}/api/v1/github/webhook`,
    secret,
    'workflow_run',
    github.payloadOf(run, action),
  );
const row = (workflow: string): string => `[role=row]:has-text("${workflow}")`;

test('a failed run is seen at once, asks for a person, and is run again by one, with a reason', async () => {
  await page.goto(`${vigiles.url}/ci`);
  await page.waitForSelector('text=No run was seen yet');
  await page.waitForSelector('header >> text=Live');
  const run = github.addRun({
    workflow: 'Compile',
    jobs: [{ name: 'build', conclusion: 'failure', step: 'npm run build', log: compileLog }],
  });
  assert.equal((await tell(run)).status, 200);
  await page.waitForSelector(`${row('Compile')} >> text=Failed`);
  await page.waitForSelector(`${row('Compile')} >> text=Told a person`);
  await page.waitForFunction('/^\\([1-9]\\d*\\) /.test(document.title)');
  assert.equal(github.count('POST', /rerun-failed-jobs$/), 0);

  await page.click(`${row('Compile')} a`);
  await page.waitForSelector('text=step 2, npm run build');
  github.onRerun((again) => {
    github.finish(again, 'success', [{ name: 'build', conclusion: 'success', minutes: 3 }]);
    void tell(again);
  });
  await page.click('button:has-text("Retry failed jobs")');
  await page.fill('dialog:modal >> input[type=text]', 'the type was mended upstream');
  await page.click('dialog:modal >> button:text-is("Retry failed jobs")');
  await page.waitForSelector('text=Recovered');
  await page.waitForSelector('text=the type was mended upstream');
  assert.equal(github.count('POST', /rerun-failed-jobs$/), 1);
  await page.waitForFunction('!document.title.startsWith("(")');
});

test('a run that failed for no fault of the code is healed while one looks, and stays known as flaky', async () => {
  await page.goto(`${vigiles.url}/ci`);
  await page.waitForSelector(row('Compile'));
  github.onRerun((again) => {
    github.finish(again, 'success', [{ name: 'test', conclusion: 'success', minutes: 2 }]);
    void tell(again);
  });
  const run = github.addRun({
    workflow: 'Shaky',
    jobs: [{ name: 'test', conclusion: 'failure', step: 'npm test', log: shutdownLog }],
  });
  await tell(run);
  await page.waitForSelector(`${row('Shaky')} >> text=Flaky`);
  await page.waitForSelector(`${row('Shaky')} >> text=Retry recovered`);
  // The line that decided, by its number and its words.
  await page.waitForSelector(`${row('Shaky')} >> text=has received a shutdown signal`);
  const detail = await waitFor('the retry to be written down', async () => {
    const found = await vigiles.api<CiRunDetail>(`/api/v1/github/runs/${run.id}`);
    return found.retries[0]?.state === 'recovered' ? found : null;
  });
  assert.equal(detail.run.state, 'flaky');
  // The code was at fault in the first: it passed without a change of it. The runner was in this one.
  await page.click('nav[aria-label="CI"] >> text=Flaky tests');
  await page.waitForSelector(row('Compile'));
  await page.click('nav[aria-label="CI"] >> text=Patterns');
  await page.waitForSelector(row('Shaky'));
});

test('a failed run waits among what needs a person on the command line, and “retry” runs its failed jobs again', async () => {
  const cli = async (...args: string[]): Promise<string> => {
    const words = ['packages/cli/src/vigiles.mjs', ...args, '--home', vigiles.home];
    return (await promisify(execFile)(process.execPath, words)).stdout;
  };
  github.onRerun((again) => {
    github.finish(again, 'success', [{ name: 'build', conclusion: 'success', minutes: 3 }]);
    void tell(again);
  });
  const run = github.addRun({
    workflow: 'Package',
    jobs: [{ name: 'build', conclusion: 'failure', step: 'npm run build', log: compileLog }],
  });
  const asked = github.count('POST', /rerun-failed-jobs$/);
  await tell(run);
  const shown = await waitFor('the run to need a person', async () => {
    const list = await cli('needs');
    return list.includes('Package') ? list : null;
  });
  assert.match(
    shown,
    new RegExp(`CI failed Package of octo/hello [\\s\\S]*answer 1 with: retry  \\(${run.id}\\)`),
  );
  assert.match(await cli('answer', String(run.id), 'retry'), /the failed jobs of Package run again/);
  await waitFor('the run to pass', async () => {
    const { retries } = await vigiles.api<CiRunDetail>(`/api/v1/github/runs/${run.id}`);
    return retries[0]?.state === 'recovered';
  });
  assert.equal(github.count('POST', /rerun-failed-jobs$/), asked + 1);
  assert.match(await cli('needs'), /Nothing waits for you/);
});

test('what is missing before CI can be seen is told with what to paste where', async () => {
  const bare = await startVigiles({
    config: 'server: { port: 0 }\ngateway: { port: 0, discover_local: false }\n',
  });
  try {
    const link = await bare.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
    await page.goto(link.url);
    await page.waitForSelector('#main');
    await page.goto(`${bare.url}/ci`);
    await page.waitForSelector(`text=${bare.url}/api/v1/github/webhook`);
    await page.waitForSelector('text=repositories:');
  } finally {
    await bare.stop();
  }
});
