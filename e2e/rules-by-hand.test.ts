import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Incident, VigilesConfig } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-rules-'));
const log = join(folder, 'shop.log');
const config = `# The shop and what belongs to it.
server: { port: 0 }
gateway: { port: 0, discover_local: false }
watchdog:
  services:
    # Asked of the night shift first.
    - name: shop
      checks:
        - { type: log, file: ${log}, contains: OUT OF STOCK } # the till writes it
  log_sources: [{ name: till, path: ${log}, service: shop }]
`;

let vigiles: Vigiles;
let running: RunningBrowser;
let page: Page;
const file = (): string => readFileSync(join(vigiles.home, 'vigiles.yaml'), 'utf8');
const field = (label: string) => page.locator('dialog').getByLabel(label, { exact: true });

before(async () => {
  writeFileSync(log, 'the till is open\n');
  [vigiles, running] = await Promise.all([startVigiles({ config }), startBrowser()]);
  const context = await running.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  await page.goto(link.url);
  await page.waitForURL((url) => url.pathname === '/');
  // Gone after a reload: whatever is seen from here on came by itself.
  await page.evaluate('window.sameDocument = true');
});
after(async () => {
  await running?.close();
  await vigiles?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a check is added by its form: it is in the list, it looks, and it stands in vigiles.yaml', async () => {
  await page.click('nav >> a:has-text("Fleet")');
  await page.click('[role=row] a:has-text("shop")');
  await page.click('dialog >> [role=tab]:has-text("Settings")');
  await page.click('dialog >> button:has-text("Add check")');
  await field('URL').fill(`${vigiles.url}/health`);
  await page.locator('dialog').getByLabel('Interval (s)', { exact: true }).last().fill('1');
  await page.click('dialog >> button:text-is("Save")');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.click('[role=row] a:has-text("shop")');
  await page.click('dialog >> [role=tab]:has-text("Summary")');
  await page.waitForSelector(`dialog >> li:has-text("HTTP") >> text=${vigiles.url}/health`);
  await page.waitForSelector('dialog >> li:has-text("HTTP") >> text=200');
  assert.match(file(), /^ {4}# Asked of the night shift first\.$/m);
  assert.match(file(), /contains: OUT OF STOCK \} # the till writes it$/m);
  assert.ok(file().includes(`${vigiles.url}/health`));
});

test('a rule is added by its form: it is in the list, stands in vigiles.yaml, and a line raises its incident', async () => {
  await page.click('nav >> a:has-text("Incidents")');
  await page.click('a:text-is("Fault catalogue")');
  await page.click('[aria-label=Category] >> button:text-is("Custom")');
  await page.waitForSelector('text=No fault of this kind');
  await page.click('button:has-text("Add rule")');
  await field('Id').fill('SHOP-1');
  await field('Title').fill('The till jams');
  await field('Literal').fill('PAPER JAM');
  await field('What it is').fill('No receipts are printed.');
  await field('What you can do').fill('Open the lid.');
  await field('Must match').fill('till 4: PAPER JAM');
  // What would be written is shown before it is.
  await page.waitForSelector('dialog pre >> text=PAPER JAM');
  await page.click('dialog >> button:text-is("Save rule")');
  await page.waitForSelector('[role=row]:has-text("SHOP-1") >> text=The till jams');
  await page.waitForSelector('dialog >> text=vigiles.yaml');
  assert.match(file(), /^# The shop and what belongs to it\.$/m);
  assert.match(file(), /^ {2}faults:\n {4}- id: SHOP-1$/m);
  const { config: inForce } = await vigiles.api<{ config: VigilesConfig }>('/api/v1/config');
  assert.deepEqual(
    inForce.watchdog.faults.map(({ id }) => id),
    ['SHOP-1'],
  );

  appendFileSync(log, 'till 4: PAPER JAM\n');
  const incident = await waitFor('the rule to act', async () => {
    const { incidents } = await vigiles.api<{ incidents: Incident[] }>('/api/v1/incidents?target=shop');
    return incidents[0] ?? null;
  });
  assert.match(incident.title, /the till jams/);
  await page.click('nav >> a:has-text("Incidents") >> nth=0');
  await page.waitForSelector('main >> text=The till jams');
  assert.equal(await page.evaluate('window.sameDocument'), true);
});
