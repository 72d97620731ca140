import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { VigilesConfig } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import { startNotion } from '../packages/server/src/features/integrations/notion/testing/notion-stand-in.ts';
import { startMailServer } from '../packages/server/src/features/mail/testing/mail-server.ts';
import { plugin } from '../packages/server/src/features/plugins/testing/plugin-calls.ts';
import { readyForAxe, violationsEverywhere } from './a11y/walk.ts';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

const literal = 'literal-key-of-nobody-77';
const [smtp, notion] = await Promise.all([startMailServer({ password: literal }), startNotion()]);
const kept = mkdtempSync(join(tmpdir(), 'vigiles-kept-'));
const notionPage = notion.page([]);
const config = `# Ours: the door of the office.
server:
  port: 0   # the system chooses
gateway:
  port: 0
  discover_local: false
  providers:
    # never asked
    - { id: idle, type: openai, api_key: ${literal}, base_url: "http://127.0.0.1:1/v1" }
egress: { allow_private: [127.0.0.1, localhost] }
mail:
  enabled: true
  from: vigiles@ok.example
  approval: always
  recipients: [{ device: '*', allow: ['@ok.example'] }]
  transport: { type: smtp, host: localhost, port: ${smtp.port}, verify_certificate: false, username: me, password: ${literal} }
backups:
  targets: [{ type: folder, name: shelf, path: ${kept}, passphrase: ${literal} }]
notion: { enabled: true, api_url: "${notion.url}", token: ${notion.token}, poll_minutes: 0, pages: [{ page: "${notionPage}", file: a.md }] }
limits:
  standard: { per_minute: 1000, cooldown_s: 0 }
  heavy: { per_minute: 1000, per_hour: 1000, per_day: 1000, cooldown_s: 0 }
`;

let vigiles: Vigiles;
let running: RunningBrowser;
let page: Page;
let squatter: ChildProcess | undefined;
const asked: string[] = [];
const file = (): string => readFileSync(join(vigiles.home, 'vigiles.yaml'), 'utf8');
const inForce = async (): Promise<VigilesConfig> =>
  (await vigiles.api<{ config: VigilesConfig }>('/api/v1/config')).config;

before(async () => {
  [vigiles, running] = await Promise.all([startVigiles({ config }), startBrowser()]);
  const context = await running.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
  context.setDefaultTimeout(60_000);
  await readyForAxe(context);
  page = await context.newPage();
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  await page.goto(link.url);
  await page.waitForURL((url) => url.pathname === '/');
});
after(async () => {
  squatter?.kill('SIGKILL');
  await running?.close();
  await vigiles?.stop();
  await Promise.all([smtp.close(), notion.close()]);
  rmSync(kept, { recursive: true, force: true });
});

test('a setting is changed in the browser: its line is shown, written with the comments kept, and in force', async () => {
  await page.goto(`${vigiles.url}/settings?part=sessions`);
  const days = page.locator('[data-setting="sessions.keep_days"]');
  await days.locator('text=default').waitFor();
  await days.locator('input').fill('soon');
  await page.click('button:text-is("Review")');
  // What would be refused is told with its line, there and beside the setting, and nothing can be written.
  await page.waitForSelector('dialog:modal >> text=This would be refused');
  assert.equal(await page.locator('dialog:modal >> button:text-is("Write")').isDisabled(), true);
  await page.keyboard.press('Escape');
  await days.locator('[role=alert]').waitFor();
  await days.locator('input').fill('41');
  await page.click('button:text-is("Review")');
  await page.waitForSelector('dialog:modal pre >> text=keep_days: 41');
  // Somebody else is faster: nothing is written, and both changes are shown.
  writeFileSync(join(vigiles.home, 'vigiles.yaml'), config.replace('office.', 'other office.'));
  await page.click('dialog:modal >> button:text-is("Write")');
  await page.waitForSelector('dialog:modal >> text=changed by somebody else meanwhile');
  await page.waitForSelector('dialog:modal pre[aria-label*="Changed meanwhile"] >> text=other office');
  assert.ok(!file().includes('keep_days'));
  await page.click('dialog:modal >> button:text-is("Write")');
  await days.locator('text=/line \\d+/').waitFor();
  assert.equal(file(), `${config.replace('office.', 'other office.')}sessions:\n  keep_days: 41\n`);
  assert.equal((await inForce()).sessions.keep_days, 41);
});

test('the file and its versions are shown without a secret, and an earlier one is put back', async () => {
  await page.goto(`${vigiles.url}/settings/file#line-3`);
  await page.waitForSelector('li#line-3 >> text=the system chooses');
  assert.ok(!(await page.content()).includes(literal));
  await page.goto(`${vigiles.url}/settings/history`);
  await page.waitForSelector('[role=row] >> text=sessions.keep_days');
  await page.locator('button:text-is("Compare")').last().click();
  await page.waitForSelector('dialog:modal pre >> text=keep_days: 41');
  assert.ok(!(await page.content()).includes(literal));
  await page.click('dialog:modal >> button:text-is("Put it back")');
  await page.waitForSelector('dialog:modal', { state: 'detached' });
  assert.equal(file(), config);
  assert.equal((await inForce()).sessions.keep_days, 90);
});

test('the audit tells what was before and after, grows by itself, and is verified', async () => {
  await page.goto(`${vigiles.url}/audit`);
  await page.click('[role=row] a:text-is("config.change")');
  await page.waitForSelector('dialog >> text=sessions.keep_days');
  await page.waitForSelector('dialog [aria-label="What changed"] >> text=41');
  await page.waitForSelector('header >> text=Live');
  const lists = asked.filter((path) => path === '/api/v1/config').length;
  await vigiles.api('/api/v1/ports/register', { method: 'POST', body: { name: 'seen-live' } });
  await page.waitForSelector('[role=row]:has-text("port.register") >> text=seen-live');
  assert.equal(asked.filter((path) => path === '/api/v1/config').length, lists);
  await page.click('button:text-is("Verify chain")');
  await page.waitForSelector('text=/Unbroken: \\d+ records fit/');
});

test('who sits on the port of another is ended through the plan, and only after it was confirmed', async () => {
  const program =
    'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))';
  squatter = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
  const ended = new Promise((done) => squatter?.once('exit', done));
  const port = await new Promise<number>((done) =>
    squatter?.stdout?.once('data', (text: Buffer) => done(Number(String(text)))),
  );
  await vigiles.api('/api/v1/ports/register', {
    method: 'POST',
    body: { name: 'front-end', port, folder: vigiles.home },
  });
  await page.goto(`${vigiles.url}/ports`);
  await page.waitForSelector('[aria-label=Conflicts] >> text=front-end');
  await page.click('[aria-label=Conflicts] >> button:has-text("End it")');
  await page.waitForSelector('dialog:modal ol li');
  assert.equal(squatter.exitCode ?? squatter.signalCode, null);
  await page.click('dialog:modal >> button:text-is("End it")');
  await ended;
  await page.waitForSelector('[aria-label=Conflicts]', { state: 'detached' });
});

test('a page that leads inwards is refused with its reason, and told among the refused', async () => {
  await page.goto(`${vigiles.url}/web`);
  await page.fill('input[inputmode=url]', `${vigiles.url}/health?key=hidden-77`);
  await page.click('button:text-is("Fetch")');
  await page.waitForSelector('[role=alert] >> text=egress_private_address');
  await page.click('[aria-label=View] >> button:text-is("Refused")');
  await page.waitForSelector('[role=row]:has-text("/health") >> text=A private address');
  assert.ok(!(await page.content()).includes('hidden-77'));
});

/** Publishes a good package, as `vigiles plugin publish` does. */
async function publish(version: string, network: string[]): Promise<void> {
  const bytes = plugin('disk-watch', version, { name: 'Disk watch', permissions: { network } });
  const answer = await fetch(`${vigiles.url}/api/v1/plugin/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${vigiles.token}`, 'content-type': 'application/gzip' },
    body: new Uint8Array(bytes),
  });
  assert.equal(answer.status, 201, await answer.text());
}

test('a plugin is installed once its permissions were agreed to, and an update shows what it asks for more', async () => {
  await publish('1.0.0', ['api.example.org']);
  await page.goto(`${vigiles.url}/plugins`);
  await page.click('[role=row] a:has-text("Disk watch")');
  await page.click('dialog >> button:text-is("Install…")');
  await page.waitForSelector('dialog:modal >> text=api.example.org');
  const install = page.locator('dialog:modal >> button:text-is("Install")');
  assert.equal(await install.isDisabled(), true);
  await page.check('dialog:modal >> input[type=checkbox]');
  await install.click();
  await page.waitForSelector('[role=row]:has-text("Disk watch") >> text=1.0.0');
  await page.waitForSelector('dialog >> button:text-is("Switch off")');
  // Published meanwhile: it is there by itself, and what it asks for more is shown before it is taken.
  await publish('1.1.0', ['api.example.org', 'cdn.example.org']);
  await page.click('dialog >> button:text-is("Update to 1.1.0")');
  await page.waitForSelector('dialog:modal >> text=It asks for more than before');
  await page.waitForSelector('dialog:modal >> text=cdn.example.org');
  await page.check('dialog:modal >> input[type=checkbox]');
  await page.click('dialog:modal >> button:text-is("Update")');
  await page.click('dialog >> button:text-is("Back to 1.0.0")');
  await page.waitForSelector('[role=row]:has-text("Disk watch") >> text=1.0.0');
});

test('a mail that waits for a person is read and approved in the browser, and only then does it arrive', async () => {
  const token = await vigiles.pairDevice('Build agent', ['operate']);
  const answer = await fetch(`${vigiles.url}/api/v1/mail/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      to: ['ada@ok.example'],
      subject: 'Nightly build',
      body: '<b>All</b> is well',
      html: '<i>All is lost</i>',
      wait_s: 0,
    }),
  });
  assert.equal(answer.status, 202);
  await page.goto(`${vigiles.url}/mail?view=needs`);
  await page.click('[role=row] a:has-text("Nightly build")');
  await page.waitForSelector('dialog >> text=<b>All</b> is well');
  // What most programs show of it, too: it may say something else.
  await page.waitForSelector('dialog >> text=<i>All is lost</i>');
  assert.equal(smtp.arrived.length, 0);
  assert.deepEqual(await violationsEverywhere(page), []);
  await page.click('dialog >> button:text-is("Approve")');
  await waitFor('the mail to arrive', () => (smtp.arrived.length > 0 ? true : null));
  await page.waitForSelector('dialog >> text=Sent');
});

test('what is set in one of several forms is chosen by its kind, with the settings of that kind', async () => {
  await page.goto(`${vigiles.url}/settings?part=mail`);
  const transport = page.locator('[data-setting="mail.transport"]');
  await transport.locator('[data-setting="mail.transport.host"]').waitFor();
  await transport.locator('select').first().selectOption('gmail');
  await transport.locator('[data-setting="mail.transport.client_id"]').waitFor();
  await page.click('button:text-is("Review")');
  // What has to be said still is told at its place.
  await page.waitForSelector('dialog:modal >> text=This would be refused');
  await page.keyboard.press('Escape');
  await transport.locator('[role=alert]').first().waitFor();
  assert.deepEqual(await violationsEverywhere(page), []);
  await page.click('[aria-label="Undo the change of mail.transport"]');
  await transport.locator('[data-setting="mail.transport.host"]').waitFor();
});

test('a page that changed here and in Notion is shown with both versions, and the person’s choice is done', async () => {
  await mkdir(join(vigiles.home, 'notion'), { recursive: true });
  writeFileSync(join(vigiles.home, 'notion', 'a.md'), 'Written here\n');
  notion.type(notionPage, 'Written there');
  await page.goto(`${vigiles.url}/integrations`);
  await page.click('[aria-label="Notion"] >> button:text-is("Bring in step")');
  await page.click('[aria-label="Notion"] >> button:text-is("Look at the conflict")');
  await page.waitForSelector('dialog:modal pre >> text=Written here');
  await page.waitForSelector('dialog:modal pre >> text=Written there');
  assert.deepEqual(await violationsEverywhere(page), []);
  await page.click('dialog:modal >> button:text-is("Take the file’s")');
  await page.waitForSelector('dialog:modal >> text=None is left');
  assert.deepEqual(notion.texts(notionPage), ['Written here']);
  await page.keyboard.press('Escape');
  await page.click('[aria-label="Backup relay"] >> button:text-is("Back up now")');
  await waitFor('the backup on the shelf', () => (readdirSync(kept).length > 0 ? true : null));
});

test('the screens of the services are accessible in both themes and at both widths', async (t) => {
  const screens: [string, string, (() => Promise<unknown>)?][] = [
    ['/settings?part=gateway', 'gateway.providers', () => page.click('summary')],
    ['/settings?q=keep', 'sessions.keep_days'],
    ['/settings/file', 'the system chooses'],
    ['/settings/history', 'In force'],
    ['/audit?verb=config', 'config.change'],
    ['/ports', 'front-end'],
    ['/ports?view=listeners&q=gateway', 'gateway'],
    ['/web', 'Address'],
    ['/integrations', 'Back up now'],
    ['/mail', 'Nightly build'],
    ['/plugins?id=disk-watch', 'Disk watch'],
  ];
  for (const [path, ready, open] of screens) {
    await t.test(path, async () => {
      await page.goto(vigiles.url + path);
      await page.waitForSelector(`main >> text=${ready} >> visible=true`);
      await open?.();
      assert.deepEqual(await violationsEverywhere(page), []);
    });
  }
});

test('nothing that the screens asked for holds the literal secret', async () => {
  const answers = await Promise.all(
    ['config', 'config/source', 'config/history', 'audit?limit=500'].map((path) =>
      vigiles.api<unknown>(`/api/v1/${path}`),
    ),
  );
  assert.ok(!JSON.stringify(answers).includes(literal));
  await waitFor('the log to be quiet about it', () => (vigiles.output().includes(literal) ? null : true));
});
