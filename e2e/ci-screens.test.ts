import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CiRun } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import { startStandIn } from '../packages/dashboard/dev/stand-in.ts';
import { runsForPerson } from '@vigiles/contract';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';

let server: Awaited<ReturnType<typeof startStandIn>>;
let running: RunningBrowser;

before(async () => {
  [server, running] = await Promise.all([startStandIn({ live: false }), startBrowser()]);
});
after(async () => {
  await running?.close();
  await server?.stop();
});

/** A signed-in page, and the paths of the API that it asked for, in order. */
async function openAt(path: string): Promise<{ page: Page; asked: string[] }> {
  const context = await running.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    // What is waited for is evaluated in the page, which the page's own policy rightly forbids.
    bypassCSP: true,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in#code=good`);
  await page.waitForSelector('#main');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.url + path);
  return { page, asked };
}

/** Actions, questions and incidents of the stand-in that wait for a person. */
const OTHERS = 5;

const first = (): CiRun => server.world.ci.runs[0] ?? assert.fail('no run');
const waiting = (): number => runsForPerson(server.world.ci.runs, Date.now()).length;

test('a run that fails is seen at once, in the list and in the inbox, and no list is asked for again', async () => {
  const { page, asked } = await openAt('/ci');
  await page.waitForSelector('text=Retry recovered');
  await page.waitForSelector('header >> text=Live');
  const before = OTHERS + waiting();
  await page.waitForFunction(`document.title.startsWith("(${before}) ")`);
  const asks = asked.filter((path) => path === '/api/v1/github/runs').length;
  const run: CiRun = {
    ...first(),
    id: '9999999999',
    workflow: 'Brand new',
    started_at: Date.now(),
    finished_at: Date.now(),
  };
  server.world.ci.runs.unshift(run);
  assert.equal(OTHERS + waiting(), before + 1);
  server.happen('ci.run_judged', 'ci:ada/analytical-engine/9999999999', { run });
  await page.waitForSelector('[role=row]:has-text("Brand new") >> text=TS2322');
  await page.waitForFunction(`document.title.startsWith("(${before + 1}) ")`);
  // Its rerun passes: the row changes where it is, and nobody is asked any more.
  server.happen('ci.retry_outcome', 'ci:ada/analytical-engine/9999999999', {
    run: { ...run, state: 'flaky', attempt: 2 },
    outcome: 'recovered',
    message: '',
  });
  await page.waitForSelector('[role=row]:has-text("Brand new") >> text=Flaky');
  await page.waitForFunction(`document.title.startsWith("(${before}) ")`);
  assert.equal(asked.filter((path) => path === '/api/v1/github/runs').length, asks);
  server.world.ci.runs.shift();
  await page.context().close();
});

test('a retry shows its plan and wants a reason before it can be asked for', async () => {
  const { page } = await openAt('/ci');
  await page.click(`[role=row] a:has-text("${first().workflow}")`);
  await page.waitForSelector('text=This line decided');
  await page.click('button:has-text("Retry failed jobs")');
  await page.waitForSelector('dialog:modal >> text=Wait for the next attempt');
  const ask = page.locator('dialog:modal >> button:text-is("Retry failed jobs")');
  assert.equal(await ask.isDisabled(), true);
  await page.fill('dialog:modal >> input[type=text]', 'the registry is back');
  const told = page.waitForRequest((request) => request.url().endsWith(`/runs/${first().id}/retry`));
  await ask.click();
  assert.deepEqual((await told).postDataJSON(), { reason: 'the registry is back' });
  await page.waitForSelector('text=Retry under way');
  assert.equal(
    await page.locator('button:has-text("Retry failed jobs")').getAttribute('aria-disabled'),
    'true',
  );
  assert.match(
    (await page.locator('button:has-text("Retry failed jobs")').getAttribute('data-tip')) ?? '',
    /still running/,
  );
  await page.context().close();
});

test('a failure is put aside in the inbox, and what logs say is only ever shown as text', async () => {
  const { page } = await openAt('/fleet');
  await page.click('[aria-label^="Needs you:"]');
  await page.click('dialog >> button[aria-label="Put aside: Nightly"]');
  await page.waitForSelector('dialog >> button[aria-label="Put aside: Nightly"]', { state: 'detached' });
  await page.keyboard.press('Escape');
  // By the keyboard alone: to the screen, to the first row, into it.
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL(/\/ci$/);
  await page.waitForSelector('text=Retry recovered');
  await page.goto(`${server.url}/ci/runs/${first().id}`);
  await page.waitForSelector('text=<img src=x onerror=alert(1)>');
  assert.equal(await page.locator('main img').count(), 0);
  // The palette finds runs by workflow and branch.
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog:modal input:focus');
  await page.keyboard.type('nightly main');
  await page.waitForSelector('dialog:modal [role=option][aria-selected=true]:has-text("Nightly")');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h2:text-is("Nightly")');
  await page.context().close();
});
