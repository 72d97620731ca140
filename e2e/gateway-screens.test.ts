import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';
import { Refusal, startProviderServer, type ProviderServer } from './providers/provider-server.ts';

let browser: RunningBrowser;
let provider: ProviderServer;
let vigiles: Vigiles;
let page: Page;
let token: string;

/** A provider that refuses `max_tokens` for its models, in OpenAI's own words. */
const strict = (): Promise<ProviderServer> =>
  startProviderServer(
    async ({ url }, body, response) => {
      response.setHeader('content-type', 'application/json');
      if (url?.endsWith('/models')) {
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'big', object: 'model' }] }));
        return;
      }
      if (body['max_tokens'] !== undefined) {
        throw new Refusal(
          400,
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        );
      }
      response.end(
        JSON.stringify({
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 1,
          model: 'big',
          choices: [{ index: 0, message: { role: 'assistant', content: 'ready' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 },
        }),
      );
    },
    ({ message }) => ({
      error: { message, type: 'invalid_request_error', param: 'max_tokens', code: 'unsupported_parameter' },
    }),
  );

const config = (url: string): string => `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
    - id: one
      type: openai-compatible
      base_url: ${url}
      side: cloud
      model_facts:
        big: { price: { input: 2, output: 8 } }
    - id: two   # the spare one
      type: openai-compatible
      base_url: ${url}
      side: cloud
      models: [big]
  routes:
    # what everybody asks for
    - model: coder
      candidates:
        - { provider: one, model: big }   # first
        - { provider: two, model: big }   # second
`;

before(async () => {
  [browser, provider] = await Promise.all([startBrowser(), strict()]);
  vigiles = await startVigiles({ config: config(provider.url) });
  token = await vigiles.pairDevice('agent', ['gateway']);
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(15_000);
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});
after(async () => {
  await vigiles?.stop();
  await provider?.close();
  await browser?.close();
});

const file = (): string => readFileSync(join(vigiles.home, 'vigiles.yaml'), 'utf8');

test('a turn that was adapted is taken apart on its own page, to the last micro-dollar', async () => {
  const answer = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'coder', max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
  await page.goto(`${vigiles.url}/gateway`);
  // For a moment it may still stand among those under way, whose link leads elsewhere.
  await page.getByRole('table', { name: 'Recent turns' }).getByRole('link', { name: 'big' }).click();
  await page.getByRole('link', { name: 'Open as a page' }).click();
  await page.waitForURL(/\/gateway\/turns\//);
  const main = page.getByRole('main');
  await main.getByText('a route matches').waitFor();
  for (const text of [
    'one/big',
    'in reserve',
    'max_tokens>max_completion_tokens',
    '$2.00 / 1M',
    '$8.00 / 1M',
  ]) {
    await main.getByText(text).first().waitFor();
  }
  // 1000 × 2 + 500 × 8 micro-dollars.
  await main.getByRole('row', { name: /^Cost/ }).getByText('$0.0060').waitFor();
});

test('a provider is really asked by its test button', async () => {
  const before = provider.accepted.length;
  await page.goto(`${vigiles.url}/gateway/providers?provider=one`);
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('It answered').waitFor();
  await page.getByText('ready', { exact: true }).waitFor();
  assert.equal(provider.accepted.length, before + 1);
});

test('a route is reordered with the keyboard, tried before it is saved, and written with its comments', async () => {
  await page.goto(`${vigiles.url}/gateway/routes`);
  await page.getByRole('link', { name: 'coder' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Move two up' }).focus();
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: 'What would happen?' }).click();
  await form.getByText('It would go to two/big.').waitFor();
  assert.match(file(), /# first[\s\S]*# second/, 'a trial writes nothing');
  const asked = provider.accepted.length;

  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Route changed').waitFor();
  assert.match(
    file(),
    /# what everybody asks for[\s\S]*provider: two.*# second[\s\S]*provider: one.*# first/,
  );
  assert.match(file(), /id: two +# the spare one/);
  await page.getByRole('textbox', { name: 'Model asked for' }).fill('coder');
  // The gateway takes the new file a moment after it was written.
  await waitFor('the gateway to go by the new order', async () => {
    await page.getByRole('button', { name: 'What would happen?' }).click();
    return page.getByText('It would go to two/big.').isVisible();
  });
  await page.getByLabel('Privacy').selectOption('private');
  await page.getByRole('button', { name: 'What would happen?' }).click();
  await page.getByText('It would go nowhere').waitFor();
  assert.equal(provider.accepted.length, asked, 'nothing was sent');
});

test('routes are put in another order with the keyboard, and the focus goes along', async () => {
  await page.goto(`${vigiles.url}/gateway/routes`);
  await page.getByRole('button', { name: 'Add route' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Model that is asked for').fill('spare*');
  await form.getByLabel('Provider').selectOption('two');
  await form.getByRole('button', { name: 'Add route' }).click();
  await page.getByText('Route added').waitFor();
  await page.getByRole('button', { name: 'Move spare* up' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Routes reordered').waitFor();
  await page.locator('[aria-label="Move spare* up"]:focus').waitFor();
  assert.match(file(), /model: spare\*[\s\S]*# what everybody asks for\n +- model: coder/);
});

test('a mistake in a provider is told at its field and leaves the file alone', async () => {
  const text = file();
  await page.goto(`${vigiles.url}/gateway/providers?provider=one&tab=settings`);
  const form = page.getByRole('dialog');
  await form.getByLabel('Key').fill('sk-a-real-key');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('not the secret itself').waitFor();
  await form.getByLabel('Key').fill('${env:NOBODY_SET_THIS}');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('the environment variable NOBODY_SET_THIS is not set').waitFor();
  assert.equal(await form.getByLabel('Key').getAttribute('aria-invalid'), 'true');
  assert.equal(file(), text);
});

test('what was learned is shown with its evidence, and is gone when it is removed', async () => {
  await page.goto(`${vigiles.url}/gateway/learned`);
  const learned = page.getByRole('listitem').filter({ hasText: 'max_tokens>max_completion_tokens' }).first();
  await learned.getByText("'max_tokens' is not supported with this model").waitFor();
  const all = () => vigiles.api<{ adaptations: { in_force: boolean }[] }>('/api/v1/ai/adaptations');
  const known = (await all()).adaptations.length;
  await learned.getByRole('button', { name: /^Remove/ }).click();
  await page.getByText('Forgotten', { exact: true }).waitFor();
  assert.equal((await all()).adaptations.length, known - 1);
});
