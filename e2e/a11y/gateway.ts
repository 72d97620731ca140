import type { Screen } from './walk.ts';

/** The gateway, in their states. */
export const gatewayScreens: readonly Screen[] = [
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
];
