import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import jsqr from 'jsqr';
import type { Page } from 'playwright-core';
import {
  PairingQr,
  type Device,
  type IssuedToken,
  type OauthConnection,
} from '../packages/contract/src/index.ts';
import { openOidc, type OidcRig } from '../packages/server/src/features/oauth/testing/oidc-rig.ts';
import { createRedactor, openSecrets } from '../packages/server/src/platform/secrets/index.ts';
import { startTestControl, type TestControl } from '../packages/server/src/testing/test-control.ts';
import { readyForAxe, violationsEverywhere } from './a11y/walk.ts';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';

const dashboard = fileURLToPath(new URL('../packages/dashboard/dist', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'vigiles-devices-'));
let oidc: OidcRig;
let rig: TestControl;
let running: RunningBrowser;
let page: Page;

before(async () => {
  oidc = await openOidc(() => `${rig.url}/oauth/callback`);
  rig = await startTestControl({
    dashboard,
    secrets: openSecrets({ home, redactor: createRedactor() }),
    yaml: `
egress: { allow_private: ['${new URL(oidc.issuer).host}'] }
oauth:
  providers:
    - id: home
      preset: oidc
      issuer: ${oidc.issuer}
      client_id: ${oidc.clientId}
      client_secret: ${oidc.clientSecret}
      proxy: { base_url: '${oidc.issuer}/api', allow: [{ path: /me }] }
`,
  });
  running = await startBrowser();
  const context = await running.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    colorScheme: 'dark',
    // Axe is put into the page, which the page's own policy rightly forbids.
    bypassCSP: true,
  });
  context.setDefaultTimeout(60_000);
  await readyForAxe(context);
  page = await context.newPage();
  await page.goto(await rig.control.signInLink());
  await page.waitForSelector('#main');
});
after(async () => {
  await running?.close();
  await rig?.close();
  await oidc?.close();
  rmSync(home, { recursive: true, force: true });
});

/** What a camera makes of the code on the screen. */
async function scanned(): Promise<string> {
  const png = await page.locator('svg[data-qr]').screenshot({ scale: 'css' });
  const drawn = await page.evaluate(`(async () => {
    const image = await createImageBitmap(
      await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob(),
    );
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    return { data: [...data], width, height };
  })()`);
  const { data, width, height } = drawn as { data: number[]; width: number; height: number };
  const found = jsqr.default(new Uint8ClampedArray(data), width, height);
  assert.ok(found, 'no camera would read it');
  return found.data;
}

test('a device is paired by its QR code, and the page tells when it is', async () => {
  await page.goto(`${rig.url}/devices`);
  await page.click('button:has-text("Pair a device")');
  await page.fill('label:has-text("Name") + input', 'Ada’s phone');
  await page.click('button:has-text("Show the code")');
  await page.waitForSelector('svg[data-qr]');
  const qr = PairingQr.parse(JSON.parse(await scanned()));
  assert.equal(qr.wizard, rig.url);
  assert.ok(Date.parse(qr.expires) > Date.now());
  assert.match(await page.locator('[role=timer]').innerText(), /left/);
  const { body } = await rig.call<IssuedToken>('POST', '/auth/pair', {
    token: null,
    body: { code: qr.code },
  });
  assert.equal(body.device.name, 'Ada’s phone');
  await page.waitForSelector('dialog >> text=Ada’s phone is paired');
  await page.click('button:has-text("Done")');
  await page.waitForSelector('li:has-text("Ada’s phone")');
});

test('a program that shows a code is let in with what the person chose', async () => {
  const ask = await fetch(`${rig.url}/oauth/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'vigiles-cli',
      client_name: 'Build server',
      scope: 'read operate',
    }),
  });
  const asked = (await ask.json()) as {
    device_code: string;
    user_code: string;
    verification_uri_complete: string;
  };
  await page.goto(asked.verification_uri_complete);
  await page.waitForSelector('dd:has-text("Build server")');
  assert.deepEqual(await violationsEverywhere(page), []);
  await page.uncheck('text=run actions, answer and acknowledge');
  await page.click('button:has-text("Approve")');
  await page.waitForSelector('text=Build server is let in');
  const answer = await fetch(`${rig.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: 'vigiles-cli',
      device_code: asked.device_code,
    }),
  });
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read');
});

test('a token is rotated and shown once, and a device is revoked after its name was typed', async () => {
  await page.goto(`${rig.url}/devices`);
  await page.click('[aria-label="Rotate the token of Ada’s phone"]');
  await page.selectOption('select', '3600');
  await page.click('button:has-text("New token")');
  const token = await page.locator('dialog code').innerText();
  assert.equal((await rig.call('GET', '/api/v1/me', { token })).status, 200);
  await page.click('dialog button:has-text("Done")');
  await page.click('[aria-label="Revoke Ada’s phone"]');
  const revoke = page.locator('dialog button[type=submit]');
  assert.equal(await revoke.isDisabled(), true);
  await page.fill('dialog input', 'Ada’s phone');
  await revoke.click();
  await page.waitForSelector('li:has-text("Ada’s phone")', { state: 'detached' });
  assert.equal((await rig.call('GET', '/api/v1/me', { token })).status, 401);
  const { body } = await rig.call<{ devices: Device[] }>('GET', '/api/v1/devices');
  assert.ok(!body.devices.some(({ name }) => name === 'Ada’s phone'));
});

test('an account is connected at its provider’s page and disconnected again', async () => {
  await page.goto(`${rig.url}/devices`);
  await page.click('[aria-label="Connect home"]');
  await page.waitForSelector('li:has-text("ada@example.org")');
  assert.equal(page.url(), `${rig.url}/devices`, 'the code does not stay in the address');
  assert.deepEqual(await violationsEverywhere(page), []);
  const { body } = await rig.call<{ connection: OauthConnection }>('GET', '/api/v1/oauth/home');
  assert.equal(body.connection.status, 'connected');
  await page.click('[aria-label="Disconnect home"]');
  await page.click('dialog button:has-text("Disconnect")');
  await page.waitForSelector('[aria-label="Connect home"]');
  assert.ok(oidc.events.includes('grant.revoked'));
});
