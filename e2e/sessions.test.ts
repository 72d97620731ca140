import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { RollbackPreview, Session } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { codexPath } from './harness/codex.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';
import { processesOf, watchSession, type WatchedSession } from './harness/watched-session.ts';
import { startMessagesProvider } from './providers/messages-provider.ts';
import { obedientScript } from './providers/obedient-script.ts';
import type { ProviderServer } from './providers/provider-server.ts';
import { startResponsesProvider } from './providers/responses-provider.ts';

/** Real agents under watch: halted in mid-turn, resumed, steered, answered from the browser, and rolled back. */

const key = 'sk-provider-key-for-tests';
const installed = (name: string, ...path: string[]): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), ...path);
const line = (...words: string[]): string => JSON.stringify(words);

let responses: ProviderServer;
let messages: ProviderServer;
let vigiles: Vigiles;
let browser: RunningBrowser;
let page: Page;
let folder: string;
/** What the agents leave behind if a test fails. */
const started = new Set<string>();

before(async () => {
  responses = await startResponsesProvider(obedientScript, key);
  messages = await startMessagesProvider(obedientScript, key);
  folder = mkdtempSync(join(tmpdir(), 'vigiles-agents-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const claude = installed(`@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`, 'claude');
  vigiles = await startVigiles({
    env: { HOME: home, CODEX_HOME: home, CLAUDE_CONFIG_DIR: join(home, 'claude'), PROVIDER_KEY: key },
    config: `
server: { port: 0 }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: openai, type: openai, protocol: openai-responses, base_url: "${responses.url}", api_key: "\${env:PROVIDER_KEY}" }
    - { id: anthropic, type: anthropic, base_url: "${messages.url}", api_key: "\${env:PROVIDER_KEY}" }
  routes:
    - { model: house-model, provider: openai, upstream_model: gpt-5.5 }
    - { model: "claude-*", provider: anthropic, upstream_model: claude-sonnet-4-5 }
# A test looks more often than people do.
limits:
  light: { per_minute: 100000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
  standard: { per_minute: 100000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
agents:
  acp:
    codex: { command: ${line(process.execPath, codexPath())} }
    codex-acp: { command: ${line(process.execPath, installed('@agentclientprotocol/codex-acp', 'dist', 'index.js'))} }
    claude: { command: ${line(claude)} }
`,
  });
  browser = await startBrowser();
  const link = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});
after(async () => {
  // Agents outlive control by design: their sessions are what ends them.
  for (const id of started) await vigiles.api(`/api/v1/sessions/${id}`, { method: 'DELETE' }).catch(() => {});
  await browser?.close();
  await vigiles?.stop();
  await Promise.all([responses?.close(), messages?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an agent as a person does, on the command line, and leaves it to work. */
async function run(agent: string, work: string, prompt: string, model: string) {
  const cli = ['packages/cli/src/vigiles.mjs', 'run', agent, '--home', vigiles.home, '--repo', work];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...cli, '--model', model, '--detach', '--json', '--', ...prompt.split(' ')],
    { env: { ...process.env, NO_COLOR: '1' } },
  );
  const { session_id: id } = JSON.parse(stdout) as Session;
  started.add(id);
  return watchSession(vigiles, id);
}
const workFolder = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'mine.txt'), 'before\n');
  return path;
};
const textOf = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);
const allow = async (session: WatchedSession): Promise<void> => {
  const yes = page
    .getByRole('region', { name: 'Questions of the agent' })
    .getByRole('button', { name: /^(allow|Yes|Allow)/ })
    .first();
  await yes.click().catch(async (thrown: unknown) => {
    const { decisions } = await vigiles.api<{ decisions: unknown[] }>(
      `/api/v1/sessions/${session.id}/decisions`,
    );
    const shown = await page.locator('body').innerText();
    throw new Error(
      `${String(thrown)}\n${shown}\n${JSON.stringify([decisions, await session.now()], null, 1)}`,
    );
  });
};

const agents = [
  { agent: 'codex', seconds: '471101', model: 'house-model', provider: () => responses },
  { agent: 'codex-acp', seconds: '471102', model: 'house-model', provider: () => responses },
  { agent: 'claude', seconds: '471103', model: 'claude-sonnet-4-5', provider: () => messages },
];
for (const { agent, seconds, model, provider } of agents) {
  test(`${agent}, answered from the browser, is halted in mid-turn, resumed, steered and rolled back`, async () => {
    const work = workFolder(agent);
    const first = `ASK echo changed > mine.txt; echo made > made.txt; sleep ${seconds}`;
    const session = await run(agent, work, first, model);
    await page.goto(`${vigiles.url}/sessions/${session.id}`);
    await session.question();
    assert.equal((await session.now()).phase, 'waiting');
    assert.equal(textOf(join(work, 'made.txt')), null, 'nothing happens before the answer');
    await allow(session);
    await session.until('the command to run', () => processesOf('sleep', seconds).length > 0);
    assert.equal(textOf(join(work, 'mine.txt')), 'changed\n');

    const halted = await session.apply('HALT', { reason: 'enough' });
    assert.equal(halted.evidence?.['child_tree_gone'], true);
    assert.deepEqual(processesOf('sleep', seconds), []);
    assert.equal((await session.now()).status, 'halted');
    await session.has('execution:halted');
    await page.getByText('Halted').first().waitFor();

    // A RESUME really begins a turn: its words reach the model, and what the model wants is asked about.
    const gate = join(folder, `${agent}-gate`);
    await session.apply('RESUME', {
      message: `ASK until [ -e ${gate} ]; do sleep 0.1; done; echo open > gate.txt`,
    });
    await session.question();
    await allow(session);
    await session.has('decision:made', 2);
    const steered = await session.apply('REDIRECT', { message: 'and say it in French' });
    assert.equal(steered.evidence?.['mode'], 'steered');
    const injected = await session.give('INJECT', { message: 'then count to three', position: 'end' });
    const asked = provider().accepted.length;
    writeFileSync(gate, '');
    assert.equal((await injected.settled()).state, 'applied');
    await session.until('the turns to end', async () => (await session.now()).status === 'completed');
    assert.equal(textOf(join(work, 'gate.txt')), 'open\n');
    const [next, last] = provider()
      .accepted.slice(asked)
      .map((body) => JSON.stringify(body['input'] ?? body['messages']));
    assert.match(next ?? '', /and say it in French/, 'the model’s next request has it');
    assert.match(last ?? '', /then count to three/);
    const done = await session.now();
    assert.ok(done.tokens.input > 0 && done.cost_microusd > 0, JSON.stringify(done));
    await page
      .getByText(/ · \$0\.0/)
      .first()
      .waitFor();

    const checkpoint = (await session.checkpoints()).at(-1);
    assert.ok(checkpoint);
    const preview = await vigiles.api<RollbackPreview>(
      `/api/v1/sessions/${session.id}/checkpoints/${checkpoint.checkpoint_id}/preview`,
    );
    assert.deepEqual(preview.changes.map(({ path, kind }) => `${kind} ${path}`).toSorted(), [
      'delete gate.txt',
      'delete made.txt',
      'restore mine.txt',
    ]);
    await page.goto(`${vigiles.url}/sessions/${session.id}?tab=checkpoints`);
    await page.locator('#checkpoint').press('Home');
    await page.getByRole('button', { name: 'See what going back would change' }).click();
    const files = page.getByRole('list', { name: 'Files that would change' });
    await files.getByText('made.txt').waitFor();
    assert.equal(await files.getByRole('listitem').count(), 3);
    await page.getByRole('button', { name: 'Leave it' }).click();
    assert.equal(textOf(join(work, 'mine.txt')), 'changed\n', 'a preview touches nothing');
    const back = await session.apply('ROLLBACK', { checkpoint_id: checkpoint.checkpoint_id });
    assert.equal(back.evidence?.['files_verified'], true);
    assert.equal(textOf(join(work, 'mine.txt')), 'before\n');
    assert.deepEqual([textOf(join(work, 'made.txt')), textOf(join(work, 'gate.txt'))], [null, null]);

    // The conversation is as it was then: it begins anew.
    await session.apply('REDIRECT', { message: 'are you there?' });
    await session.until('an answer', async () => (await session.now()).status === 'completed');
    const anew = JSON.stringify(provider().accepted.at(-1));
    assert.ok(anew.includes('are you there?') && !anew.includes('French'), 'as it was then');

    assert.deepEqual(provider().refused, []);
    const { agent: ended } = await session.now();
    await session.delete();
    started.delete(session.id);
    await waitFor('the agent to end with its session', () => !existsSync(`/proc/${ended?.pid}`), 60_000);
  });
}
