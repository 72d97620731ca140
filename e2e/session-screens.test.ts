import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startStandIn } from '../packages/dashboard/dev/stand-in.ts';
import { runsForPerson } from '@vigiles/contract';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { waitFor } from './harness/wait-for.ts';

let server: Awaited<ReturnType<typeof startStandIn>>;
let running: RunningBrowser;

before(async () => {
  server = await startStandIn({ live: false });
  running = await startBrowser();
});
after(async () => {
  await running?.close();
  await server?.stop();
});

async function openAt(path: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
  const context = await running.browser.newContext({
    viewport,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    // What is waited for is evaluated in the page, which the page's own policy rightly forbids.
    bypassCSP: true,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(`${server.url}/sign-in#code=good`);
  await page.waitForSelector('#main');
  await page.goto(server.url + path);
  return page;
}

test('a log of a hundred thousand events shows its end at once, keeps few rows, and any place in it can be seen', async () => {
  const page = await openAt('/sessions/ses_long?tab=events');
  await page.waitForSelector('[data-seq="100000"] >> text=file:created');
  assert.ok((await page.locator('[data-seq]').count()) < 120);
  await page.evaluate(`document.querySelector('[aria-label="Events"]').scrollTo({ top: 0 })`);
  await page.waitForSelector('[data-seq="1"] >> text=Mend the failing parser test');
  // A burst while it is looked at: told, and nothing moves under the eye.
  for (let n = 0; n < 300; n += 1) server.happenIn('ses_long', 'skill:progress', { message: `step ${n}` });
  await page.waitForSelector('text=100,300 events');
  await page.waitForSelector('[data-seq="1"]');
  await page.click('button:has-text("Newest")');
  await page.waitForSelector('[data-seq="100300"] >> text=step 299');
  await page.click('button:has-text("Hold still")');
  server.happenIn('ses_long', 'skill:progress', { message: 'held back' });
  await page.waitForSelector('text=1 new');
  assert.equal(await page.locator('[data-seq="100301"]').count(), 0);
  await page.click('button:has-text("Go on")');
  await page.waitForSelector('[data-seq="100301"] >> text=held back');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number };
  assert.ok(usedSize < 250e6, `${usedSize} bytes of heap`);
  await page.context().close();
});

test('a command is seen from queued to applied, and a button that cannot work says why', async () => {
  const page = await openAt('/sessions/ses_watched');
  const inject = page.locator('[role=toolbar] button:has-text("Inject")');
  assert.equal(await inject.getAttribute('aria-disabled'), 'true');
  assert.match((await inject.getAttribute('data-tip')) ?? '', /only its hooks/);
  await page.click('[role=toolbar] button:has-text("Halt")');
  await page.waitForSelector('[aria-label="Commands"] [aria-current="step"]:has-text("delivered")');
  await page.waitForSelector('[role=toolbar] button[aria-disabled="false"]:has-text("Resume")');
  await page.context().close();
});

test('a question is answered in the inbox, and whoever comes late is told who was first', async () => {
  const page = await openAt('/fleet');
  const failedRuns = runsForPerson(server.world.ci.runs, Date.now()).length;
  await page.waitForFunction(`document.title.startsWith("(${5 + failedRuns}) ")`);
  const other = await openAt('/sessions/ses_parser');
  await other.waitForSelector('button:has-text("Yes, once")');
  await page.click('[aria-label^="Needs you:"]');
  await page.click('dialog >> button:has-text("Yes, once")');
  await page.waitForSelector('dialog >> text=Browser answered “Yes, once”');
  await page.waitForFunction(`document.title.startsWith("(${4 + failedRuns}) ")`);
  await other.click('button:text-is("No")');
  await other.waitForSelector('text=Browser answered “Yes, once”');
  await page.context().close();
  await other.context().close();
});

test('what is being said is seen while it is said, and once when it was said', async () => {
  const page = await openAt('/sessions/ses_shannon');
  await page.waitForSelector('text=Go on with part 2');
  server.sampleIn('ses_shannon', 'message:delta', { item_id: 'm1', delta: 'Half of a sen' });
  await page.waitForSelector('text=Half of a sen');
  server.happenIn('ses_shannon', 'message:assistant', {
    item_id: 'm1',
    text: 'Half of a sentence, and the rest.',
  });
  await page.waitForSelector('text=Half of a sentence, and the rest.');
  await waitFor(
    'the half to be gone',
    async () => (await page.locator('text=/Half of a sen$/').count()) === 0,
  );
  assert.match(await page.title(), /<img src=x onerror="document.title=1"> · Vigiles$/);
  await page.context().close();
});

test('what went wrong with its agent stands on the session and leads to the incident, which leads back', async () => {
  const page = await openAt('/sessions/ses_parser');
  const incidents = page.getByRole('region', { name: 'Incidents of the session' });
  await incidents.getByRole('link', { name: /crashed in the middle of its work/i }).click();
  await page.waitForURL(/\/incidents\/inc_session/);
  await page.getByRole('link', { name: 'session:ses_parser', exact: true }).click();
  await page.waitForURL(/\/sessions\/ses_parser/);
  await page.context().close();
});
