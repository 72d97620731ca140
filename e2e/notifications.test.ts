import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

let browser: RunningBrowser;
let vigiles: Vigiles;
let page: Page;
let receiver: Server;
const taken: Record<string, unknown>[] = [];

const config = (port: number): string => `
server: { port: 0 }
gateway: { enabled: true, port: 0, discover_local: false }
egress: { allow_private: [127.0.0.1] }
notifications:
  group_wait_s: 0
  channels:
    # the one that works
    - type: webhook
      name: hook
      url: http://127.0.0.1:${port}/in
      min_severity: info
    - type: gotify
      name: phone
      server: http://127.0.0.1:${port}/refuses
      token: a-wrong-token
      min_severity: info
`;

before(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      if (request.url === '/in') taken.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(request.url === '/in' ? 204 : 401).end();
    });
  });
  await new Promise<void>((done) => void receiver.listen(0, '127.0.0.1', done));
  vigiles = await startVigiles({ config: config((receiver.address() as AddressInfo).port) });
  browser = await startBrowser();
  page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  await page.goto(link.url);
  await page.waitForURL((url) => url.pathname === '/');
});

after(async () => {
  await browser.close();
  await vigiles.stop();
  receiver.closeAllConnections();
  receiver.close();
});

const say = (body: object) => vigiles.api('/api/v1/notifications', { method: 'POST', body });

test('what is said is shown at once, kept with what became of it, and hostile text stays text', async () => {
  await page.goto(`${vigiles.url}/notifications`);
  await page.waitForSelector('text=Nothing was said so far');
  await say({
    type: 'warning',
    title: '<img src=x onerror="document.title=1">',
    message: 'The disk of api fills.',
  });
  await page.waitForSelector('[data-sonner-toast] >> text=The disk of api fills.');
  const row = page.locator('a[data-row-link]:has-text("onerror")');
  await row.waitFor();
  // It is also told that the other channel fails.
  const said = await waitFor('the receiver to have it', () =>
    taken.find(({ message }) => message === 'The disk of api fills.'),
  );
  assert.equal(said['severity'], 'warning');
  await row.click();
  await page.waitForSelector('dialog >> text=Delivered');
  await page.waitForSelector('dialog >> text=HTTP 204');
  await page.waitForSelector('dialog >> text=/refused it with 401/');
});

test('a channel is tested, and what it answers is told', async () => {
  await page.goto(`${vigiles.url}/notifications?view=channels`);
  await page.click('button[aria-label="Send a test to hook"]');
  await page.waitForSelector('[data-sonner-toast] >> text=hook took it');
  assert.ok(taken.some(({ title }) => title === 'Test from Vigiles'));
  await page.waitForSelector('text=Fails');
});

test('a channel is added from its form, refused where it is wrong, and written beside the comments', async () => {
  await page.click('button:text-is("Add channel") >> nth=0');
  const form = page.locator('dialog form');
  await form.locator('select >> nth=0').selectOption('ntfy');
  await form.getByLabel('Name *').fill('my phone');
  await form.getByLabel('Topic *').fill('alerts');
  await form.getByRole('button', { name: 'Add channel' }).click();
  await form.locator('text=lower-case letters').waitFor();
  await form.getByLabel('Name *').fill('my-phone');
  await form.getByRole('button', { name: 'Add channel' }).click();
  await page.waitForSelector('button[aria-label="Settings of my-phone"]');
  const file = readFileSync(join(vigiles.home, 'vigiles.yaml'), 'utf8');
  assert.match(file, /# the one that works/);
  assert.match(file, /name: my-phone/);
});

test('quiet hours are added and removed', async () => {
  await page.click('button:text-is("Add quiet hours")');
  await page.click('form button:text-is("Add quiet hours")');
  await page.waitForSelector('text=/22:00 to 07:00, every day/');
  assert.match(readFileSync(join(vigiles.home, 'vigiles.yaml'), 'utf8'), /from: "?22:00/);
  await page.click('button[aria-label^="Remove 22:00"]');
  await page.waitForSelector('text=No quiet hours');
});
