import type { Screen } from './walk.ts';

/** What is watched, and what is told of it, in their states. */
export const watchdogScreens: readonly Screen[] = [
  { name: 'overview', path: '/', ready: 'Browser MCP server is down' },
  { name: 'fleet', path: '/fleet', ready: 'PostgreSQL' },
  { name: 'a service', path: '/fleet?service=mcp-browser', ready: 'Waits for approval' },
  { name: 'a log', path: '/fleet?service=gateway&tab=logs', ready: 'duration_ms' },
  { name: 'adding a service', path: '/fleet?service=%2B', ready: 'Kind of check' },
  { name: 'figures of a service', path: '/fleet?service=redis&tab=metrics&span=24h', ready: 'Open files' },
  { name: 'history', path: '/history?span=24h', ready: 'Event loop lag' },
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
