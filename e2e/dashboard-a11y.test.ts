import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startStandIn } from '../packages/dashboard/dev/stand-in.ts';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Server {
  url: string;
  /** A path that signs a browser in. */
  signIn: string;
  stop(): Promise<void>;
}

/** What serves the built dashboard. Made-up data: every state of every screen is there at once. */
async function startServer(): Promise<Server> {
  const { url, stop } = await startStandIn({ live: false });
  return { url, signIn: '/sign-in#code=good', stop };
}

interface Screen {
  name: string;
  path: string;
  /** Text that says that the screen is there. */
  ready: string;
  open?: (page: Page) => Promise<void>;
}

const screens: Screen[] = [
  { name: 'overview', path: '/', ready: 'Browser MCP server is down' },
  { name: 'fleet', path: '/fleet', ready: 'PostgreSQL' },
  { name: 'a service', path: '/fleet?service=mcp-browser', ready: 'Waits for approval' },
  { name: 'a log', path: '/fleet?service=gateway&tab=logs', ready: 'duration_ms' },
  { name: 'adding a service', path: '/fleet?service=%2B', ready: 'Kind of check' },
  { name: 'figures of a service', path: '/fleet?service=redis&tab=metrics&span=24h', ready: 'Open files' },
  { name: 'history', path: '/history?span=24h', ready: 'Event loop lag' },
  { name: 'sessions', path: '/sessions', ready: 'Mend the failing parser test' },
  { name: 'no session', path: '/sessions?q=nothing-like-it', ready: 'No session matches' },
  { name: 'a session and its questions', path: '/sessions/ses_parser', ready: 'May it run this command?' },
  {
    name: 'a tool and a change in the transcript',
    path: '/sessions/ses_long',
    ready: 'Changed src/parser.ts',
    async open(page) {
      await page.click('summary:has-text("Changed src/parser.ts") >> nth=-1');
      await page.waitForSelector('text=simplify(tree) >> visible=true');
    },
  },
  {
    name: 'a hundred thousand events',
    path: '/sessions/ses_long?tab=events',
    ready: '100,000 events',
    async open(page) {
      await page.click('[data-seq="100000"]');
      await page.waitForSelector('[aria-label="Event 100000"]');
    },
  },
  {
    name: 'files of a session',
    path: '/sessions/ses_long?tab=files',
    ready: 'src/parser.ts',
    async open(page) {
      await page.click('summary:has-text("src/parser.ts")');
    },
  },
  {
    name: 'a way back and what it would change',
    path: '/sessions/ses_parser?tab=checkpoints',
    ready: 'Before part 6',
    async open(page) {
      await page.click('text=See what going back would change');
      await page.waitForSelector('dialog >> text=2 files in /home/ada/app would change');
    },
  },
  { name: 'a session that can be steered little', path: '/sessions/ses_watched', ready: 'Claude Code' },
  {
    name: 'something more to do',
    path: '/sessions/ses_shannon',
    ready: 'No agent named',
    async open(page) {
      await page.click('[role=toolbar] button:has-text("Inject")');
      await page.waitForSelector('text=Parameters (JSON');
    },
  },
  { name: 'a session that is gone', path: '/sessions/ses_none', ready: 'There is no such session' },
  { name: 'a filter that finds nothing', path: '/fleet?q=nothing-like-it', ready: 'No service matches' },
  { name: 'incidents', path: '/incidents', ready: 'Needs you' },
  { name: 'AI monitoring', path: '/incidents/ai', ready: 'Address already in use' },
  { name: 'an incident', path: '/incidents/inc_05', ready: 'Tier 1' },
  { name: 'an incident that is gone', path: '/incidents/inc_none', ready: 'There is no such incident' },
  { name: 'faults', path: '/incidents/faults', ready: 'Its port is taken' },
  { name: 'a fault', path: '/incidents/faults?fault=A2', ready: 'Seen in 2 episodes' },
  {
    name: 'a rule of one’s own',
    path: '/incidents/faults',
    ready: 'Its port is taken',
    async open(page) {
      await page.click('button:has-text("Add rule")');
      await page.fill('dialog >> label:text-is("Id") >> xpath=.. >> input', 'OURS-2');
      await page.fill('dialog >> label:text-is("Literal") >> xpath=.. >> input', 'lost');
      await page.waitForSelector('dialog >> text=Must match');
    },
  },
  { name: 'notifications', path: '/notifications', ready: 'Browser MCP server is down' },
  { name: 'no notification', path: '/notifications?q=nothing-like-it', ready: 'No notification matches' },
  { name: 'a notification', path: '/notifications?id=ntf_1', ready: 'refused with 401' },
  { name: 'channels', path: '/notifications?view=channels', ready: 'It refused with 401' },
  {
    name: 'a new channel',
    path: '/notifications?view=channels&channel=%2B',
    ready: 'Add channel',
    async open(page) {
      await page.selectOption('dialog >> label:text-is("Type") >> xpath=.. >> select', 'webhook');
      await page.waitForSelector('dialog >> text=Where it goes');
    },
  },
  { name: 'gateway', path: '/gateway', ready: 'Recent turns' },
  { name: 'a turn', path: '/gateway?turn=trn_000690', ready: 'Lost in translation' },
  { name: 'a turn on its own page', path: '/gateway/turns/trn_000690', ready: 'tried, and failed' },
  {
    name: 'what was said in a turn',
    path: '/gateway/turns/trn_000690',
    ready: 'Show what was said',
    async open(page) {
      await page.click('button:text-is("Show what was said")');
      await page.click('summary:has-text("Asked")');
    },
  },
  { name: 'a turn that is gone', path: '/gateway/turns/trn_none', ready: 'There is no such turn' },
  { name: 'usage and budgets', path: '/gateway/usage?span=168', ready: 'used up' },
  { name: 'providers', path: '/gateway/providers', ready: 'Left alone' },
  { name: 'a provider', path: '/gateway/providers?provider=anthropic', ready: 'overloaded, 3 in a row' },
  { name: 'its models', path: '/gateway/providers?provider=ollama&tab=models', ready: 'Drops the start' },
  {
    name: 'its settings',
    path: '/gateway/providers?provider=openai&tab=settings',
    ready: 'Extra headers',
    async open(page) {
      await page.fill('dialog >> label:text-is("Key") >> xpath=.. >> input', 'sk-a-real-key');
      await page.click('dialog button:text-is("Save")');
      await page.waitForSelector('text=not the secret itself');
    },
  },
  { name: 'routes', path: '/gateway/routes', ready: 'What would happen?' },
  {
    name: 'a route and its trial',
    path: '/gateway/routes?route=0',
    ready: 'Try it before saving',
    async open(page) {
      await page.click('dialog button:has-text("What would happen?")');
      await page.waitForSelector('dialog >> text=It would go to');
      await page.click('dialog summary >> nth=0');
    },
  },
  { name: 'what was learned', path: '/gateway/learned', ready: 'Unpin' },
  {
    name: 'the palette',
    path: '/fleet',
    ready: 'PostgreSQL',
    async open(page) {
      await page.keyboard.press('Control+k');
      await page.waitForSelector('dialog [role="option"]');
    },
  },
  {
    name: 'needs you',
    path: '/incidents',
    ready: 'mcp-browser',
    async open(page) {
      await page.click('[aria-label^="Needs you:"]');
      await page.waitForSelector('dialog >> text=Decline');
    },
  },
  {
    name: 'a plan',
    path: '/fleet?service=gateway',
    ready: 'Restarts',
    async open(page) {
      await page.click('dialog button:text-is("Restart")');
      await page.waitForSelector('dialog:modal >> text=Disruptive');
    },
  },
  {
    name: 'the keys',
    path: '/fleet',
    ready: 'PostgreSQL',
    async open(page) {
      await page.keyboard.press('?');
      await page.waitForSelector('dialog:modal >> text=Single-key shortcuts');
    },
  },
];

let server: Server;
let running: RunningBrowser;

before(async () => {
  server = await startServer();
  running = await startBrowser();
});
after(async () => {
  await running?.close();
  await server?.stop();
});

/** Reduced motion: half-faded text would be measured as it fades. */
async function openPage(
  colorScheme: 'dark' | 'light',
  viewport: { width: number; height: number },
): Promise<Page> {
  const context = await running.browser.newContext({
    colorScheme,
    viewport,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    // Axe is put into the page, which the page's own policy rightly forbids.
    bypassCSP: true,
  });
  await context.addInitScript({ content: axeSource });
  // A change of theme is measured at its end, not on the way there.
  await context.addInitScript(`addEventListener('DOMContentLoaded', () => {
    const still = document.createElement('style');
    still.textContent = '*, *::before, *::after { transition: none !important }';
    document.head.append(still);
  })`);
  context.setDefaultTimeout(10_000);
  return await context.newPage();
}

async function violations(page: Page, runOnly: object = { type: 'tag', values: rules }): Promise<string[]> {
  return await page.evaluate(async (only) => {
    type Axe = { run(root: Document, options: unknown): Promise<{ violations: Violation[] }> };
    type Violation = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] };
    const { axe } = globalThis as unknown as { axe: Axe };
    const { document } = globalThis as unknown as { document: Document };
    const found = await axe.run(document, { runOnly: only });
    return found.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes
          .slice(0, 4)
          .map((node) => `    ${node.html.slice(0, 160)}\n      ${node.failureSummary?.split('\n')[1] ?? ''}`)
          .join('\n')}`,
    );
  }, runOnly);
}

/** In both themes. What is not about colours is the same in the second. */
async function violationsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await violations(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  // Two frames: what is drawn from the theme in code has been drawn again.
  await page.evaluate(
    '(async () => { for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame); })()',
  );
  const light = await violations(page, { type: 'rule', values: ['color-contrast'] });
  return [...dark, ...light.map((one) => `light: ${one}`)];
}

type Document = object;

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Colours depend on the theme and layout on the width: every screen meets both themes and both widths. */
suite('every screen is accessible', { concurrency: 2 }, () => {
  for (const viewport of [wide, phone]) {
    test(`${viewport.width} px`, async (t) => {
      const page = await openPage('dark', viewport);
      await page.goto(`${server.url}/sign-in`);
      await page.waitForSelector('text=Sign in to Vigiles');
      assert.deepEqual(await violationsInBothThemes(page), [], 'sign-in');
      await page.goto(`${server.url}${server.signIn}`);
      await page.waitForSelector('#main');
      for (const screen of screens) {
        await t.test(screen.name, async () => {
          await page.goto(server.url + screen.path);
          await page.waitForSelector(`text=${screen.ready} >> visible=true`);
          await screen.open?.(page);
          assert.deepEqual(await violationsInBothThemes(page), []);
        });
      }
      await page.context().close();
    });
  }
});

test('a person finds a service, opens it and comes back with the keyboard alone', async () => {
  const page = await openPage('dark', { width: 1280, height: 800 });
  await page.goto(`${server.url}${server.signIn}`);
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
  const page = await openPage('light', { width: 1280, height: 800 });
  await page.goto(`${server.url}/sign-in#code=old`);
  await page.waitForSelector('text=used already');
  assert.equal(new URL(page.url()).hash, '');
  await page.context().close();
});
