import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { StatusPage } from '@vigiles/contract';
import { pageHtml } from '../packages/server/src/features/watchdog/status-page/html.ts';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const days = Array.from({ length: 90 }, (_, at) => ({
  day: `2026-0${1 + Math.floor(at / 31)}-${String(1 + (at % 31)).padStart(2, '0')}`,
  uptime: at % 17 === 0 ? null : at % 23 === 0 ? 0.91 : 1,
}));
const at = Date.parse('2026-03-31T12:00:00Z');
const states = ['operational', 'down', 'recovering', 'maintenance', 'unknown'] as const;

/** Every state at once, and a title of somebody who means no good. */
const everything: StatusPage = {
  title: 'Our services <script>alert(1)</script>',
  description: 'How they do.',
  state: 'down',
  updated_at: at,
  groups: [
    {
      title: 'Agents',
      services: states.map((state) => ({ title: `One that is ${state}`, state, uptime: 0.998, days })),
    },
  ],
  incidents: [{ services: ['One that is down'], began_at: at - 3_600_000, ended_at: null }],
  maintenance: [{ services: [], from: at + 3_600_000, to: at + 7_200_000, open: false }],
};

let running: RunningBrowser;
before(async () => {
  running = await startBrowser();
});
after(() => running?.close());

for (const width of [1280, 390]) {
  for (const colorScheme of ['dark', 'light'] as const) {
    test(`the public status page is accessible at ${width} px, ${colorScheme}`, async () => {
      const context = await running.browser.newContext({
        colorScheme,
        viewport: { width, height: 844 },
        bypassCSP: true,
      });
      const page = await context.newPage();
      await page.setContent(pageHtml(everything));
      await page.evaluate(axeSource);
      const found = await page.evaluate(
        'axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] } }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 140)).join(" | ")))',
      );
      assert.deepEqual(found, []);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
      await context.close();
    });
  }
}
