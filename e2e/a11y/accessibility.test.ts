import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentScreens } from './agents.ts';
import { gatewayScreens } from './gateway.ts';
import { watchdogScreens } from './watchdog.ts';
import { drawn, startRooms, violationsEverywhere, walk } from './walk.ts';

// One browser for all of it: what a page has compiled once serves every screen.
const rooms = startRooms();

walk(rooms, [...watchdogScreens, ...gatewayScreens, ...agentScreens]);

test('the sign-in page is accessible in both themes and at both widths', async () => {
  const page = await rooms.openPage('dark');
  await page.goto(`${rooms.url()}/sign-in`);
  await page.waitForSelector('text=Sign in to Vigiles');
  assert.deepEqual(await violationsEverywhere(page), []);
  await page.context().close();
});

test('a person finds a service, opens it and comes back with the keyboard alone', async () => {
  const page = await rooms.openPage('dark');
  await page.goto(`${rooms.url()}/sign-in#code=good`);
  await page.waitForSelector('#main');
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.waitForSelector('text=PostgreSQL');
  await page.keyboard.press('/');
  await page.keyboard.type('redis');
  await page.waitForURL(/q=redis/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/service=redis/);
  await page.waitForSelector('dialog >> text=Last looks');
  await page.keyboard.press('Escape');
  await page.waitForFunction('!location.search.includes("service=")');
  await page.context().close();
});

test('a code that was used already is explained and not left in the address', async () => {
  const page = await rooms.openPage('light');
  await page.goto(`${rooms.url()}/sign-in#code=old`);
  await page.waitForSelector('text=used already');
  assert.equal(new URL(page.url()).hash, '');
  await page.context().close();
});

test('what was asked above a drawer stays above it when the window becomes narrow', async () => {
  const page = await rooms.openPage('dark');
  await page.goto(`${rooms.url()}/sign-in#code=good`);
  await page.waitForSelector('#main');
  await page.goto(`${rooms.url()}/fleet?service=gateway`);
  await page.click('dialog button:text-is("Restart")');
  await page.waitForSelector('dialog:modal >> text=Disruptive');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForSelector('dialog:modal:has-text("Last looks")');
  // Nothing lies over it: it can be pressed.
  await page.click('dialog:has-text("Disruptive") >> button:text-is("Close")');
  await page.waitForSelector('text=Disruptive', { state: 'detached' });
  assert.match(page.url(), /service=gateway/);
  await page.context().close();
});

test('where motion is unwanted, a change of theme starts no transition', async () => {
  const page = await rooms.openPage('dark', true);
  await page.goto(`${rooms.url()}/sign-in#code=good`);
  await page.waitForSelector('#main >> text=mcp-browser >> visible=true');
  await page.evaluate(
    "globalThis.started = 0; document.addEventListener('transitionrun', () => { globalThis.started += 1; })",
  );
  const colour = 'getComputedStyle(document.body).color';
  const dark = await page.evaluate(colour);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await drawn(page);
  assert.notEqual(await page.evaluate(colour), dark);
  assert.equal(await page.evaluate('globalThis.started'), 0);
  await page.context().close();
});
