import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { startStandIn } from '../../packages/dashboard/dev/stand-in.ts';
import { startBrowser, type RunningBrowser } from '../harness/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const allRules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
const colours = { type: 'rule', values: ['color-contrast'] };
const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
/** For a machine that has much else to do. */
const patienceMs = 60_000;

export interface Screen {
  name: string;
  path: string;
  /** Text that says that the screen is there. */
  ready: string;
  /** What is done on it before it is looked at. */
  open?: (page: Page) => Promise<void>;
  /** A first start: nothing is watched, nothing happened. */
  isEmpty?: true;
}

type StandIn = Awaited<ReturnType<typeof startStandIn>>;
type Document = object;

/** Puts axe into every page of a context that may hold it (`bypassCSP`). */
export async function readyForAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: axeSource });
  // A change of theme is measured at its end, not on the way there.
  await context.addInitScript(`addEventListener('DOMContentLoaded', () => {
    const still = document.createElement('style');
    still.textContent = '*, *::before, *::after { transition: none !important }';
    document.head.append(still);
  })`);
}

/** Chromium and what serves the built dashboard with made-up data: every state of every screen is there at once. */
export function startRooms() {
  let full: StandIn | undefined;
  let empty: StandIn | undefined;
  let running: RunningBrowser | undefined;
  before(async () => {
    [full, empty, running] = await Promise.all([
      startStandIn({ live: false }),
      startStandIn({ live: false, empty: true }),
      startBrowser(),
    ]);
  });
  after(async () => {
    await running?.close();
    await Promise.all([full?.stop(), empty?.stop()]);
  });
  return {
    url: (isEmpty = false): string => (isEmpty ? empty : full)?.url ?? assert.fail('not started'),
    /**
     * Reduced motion: half-faded text would be measured as it fades.
     * @param asItIs nothing is put into the page
     */
    async openPage(colorScheme: 'dark' | 'light', asItIs = false): Promise<Page> {
      const context = await (running ?? assert.fail('not started')).browser.newContext({
        colorScheme,
        viewport: wide,
        locale: 'en-GB',
        reducedMotion: 'reduce',
        // Axe is put into the page, which the page's own policy rightly forbids.
        bypassCSP: true,
      });
      if (!asItIs) await readyForAxe(context);
      context.setDefaultTimeout(patienceMs);
      return await context.newPage();
    },
  };
}

async function violations(page: Page, runOnly: object): Promise<string[]> {
  return await page.evaluate(async (only) => {
    type Axe = { run(root: Document, options: unknown): Promise<{ violations: Violation[] }> };
    type Violation = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] };
    const { axe } = globalThis as unknown as { axe: Axe };
    const { document } = globalThis as unknown as { document: Document };
    const found = await axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return found.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes
          .slice(0, 4)
          .map((node) => `    ${node.html.slice(0, 160)}\n      ${node.failureSummary?.split('\n')[1] ?? ''}`)
          .join('\n')}`,
    );
  }, runOnly);
}

/** Two frames: what is drawn in code from the theme or the width has been drawn again. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(
    '(async () => { for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame); })()',
  );

/** In both themes and at both widths: layout depends on the width, and what the second theme changes is colours. */
export async function violationsEverywhere(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const viewport of [wide, phone]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await drawn(page);
      const here = await violations(page, colorScheme === 'dark' ? allRules : colours);
      found.push(...here.map((one) => `${viewport.width} px, ${colorScheme}: ${one}`));
    }
  }
  await page.setViewportSize(wide);
  return found;
}

/** Whether what is open above the page goes away when Escape is pressed, as all of it should. */
async function closesByKey(page: Page): Promise<boolean> {
  const open = 'document.querySelectorAll("dialog[open], [popover]:popover-open").length';
  for (let left = Number(await page.evaluate(open)); left > 0; left -= 1) await page.keyboard.press('Escape');
  return (await page.evaluate(open)) === 0;
}

/** Goes through the screens on one page, as a person would; each is a test. */
export function walk(rooms: ReturnType<typeof startRooms>, screens: readonly Screen[]): void {
  test('every screen is accessible in both themes and at both widths', { timeout: 600_000 }, async (t) => {
    const page = await rooms.openPage('dark');
    let at = '';
    for (const { name, path, ready, open, isEmpty = false } of screens) {
      await t.test(name, async () => {
        const url = rooms.url(isEmpty);
        if (at !== url) {
          await page.goto(`${url}/sign-in#code=good`);
          await page.waitForSelector('#main');
        }
        // The page is loaded anew only where the screen before left something open.
        if (at === url && (await closesByKey(page)))
          await page.evaluate((to) => (globalThis as never as Window).history.pushState({}, '', to), path);
        else await page.goto(url + path);
        at = url;
        await page.waitForSelector(`text=${ready} >> visible=true`);
        await open?.(page);
        assert.deepEqual(await violationsEverywhere(page), []);
      });
    }
    await page.context().close();
  });
}

interface Window {
  history: { pushState(state: object, unused: string, url: string): void };
}
