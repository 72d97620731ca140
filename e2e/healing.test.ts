import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startBrowser, type RunningBrowser } from './harness/browser.ts';
import { startVigiles, type Vigiles } from './harness/vigiles.ts';
import { waitFor } from './harness/wait-for.ts';

let browser: RunningBrowser;
let vigiles: Vigiles | undefined;

before(async () => {
  browser = await startBrowser();
});
afterEach(async () => {
  await vigiles?.stop();
  vigiles = undefined;
});
after(() => browser.close());

const config = `
server: { port: 0 }
gateway: { port: 0, discover_local: false }
watchdog: { stable_s: 0.5 }
`;

const gatewayPid = ({ home }: Vigiles): number =>
  (JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as { pid: number }).pid;

const servingPid = async ({ gatewayUrl }: Vigiles): Promise<number | null> => {
  const health = await fetch(`${gatewayUrl}/health`, { signal: AbortSignal.timeout(1000) }).catch(() => null);
  return health?.ok ? ((await health.json()) as { pid: number }).pid : null;
};

interface Incidents {
  incidents: { fault_code: string; outcome: string | null; state: string; timeline: { kind: string }[] }[];
}

/** Opens a page as a person would: through the one-time link. A mark in the page tells whether it was ever loaded again. */
async function openSignedIn(to: Vigiles, path: string): Promise<Page> {
  const link = await to.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
  const page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${to.url}${path}`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate('window.neverReloaded = true');
  return page;
}

test('a gateway killed in the middle of a session is healed, and the dashboard shows it without a reload', async () => {
  vigiles = await startVigiles({ config });
  const running = vigiles;
  const token = await running.pairDevice('agent', ['gateway']);
  const page = await openSignedIn(running, '/incidents');
  const before = gatewayPid(running);

  const turn = fetch(`${running.gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'demo/scripted',
      stream: true,
      messages: [{ role: 'user', content: 'Tell me more.' }],
    }),
  });
  const reader = (await turn).body?.getReader();
  await reader?.read();
  process.kill(before, 'SIGKILL');
  await assert.rejects(async () => {
    while (!(await reader?.read())?.done);
  }, 'the stream breaks: the client is told, nothing is faked');

  const serving = await waitFor('another gateway to serve on the same port', async () => {
    const pid = await servingPid(running);
    return pid !== null && pid !== before ? pid : null;
  });
  const row = page.getByRole('row').filter({ hasText: 'Model gateway: process died' });
  await row.filter({ hasText: 'Fixed' }).waitFor();
  assert.equal(await page.evaluate('window.neverReloaded'), true);

  await row.getByRole('link').first().click();
  for (const step of ['killed by SIGKILL', 'Tier 1', 'verified'])
    await page.getByText(step).first().waitFor();
  assert.equal(await page.evaluate('window.neverReloaded'), true);
  const { incidents } = await running.api<Incidents>('/api/v1/incidents');
  assert.deepEqual(
    incidents.map(({ fault_code, outcome, state }) => ({ fault_code, outcome, state })),
    [{ fault_code: 'process_dead', outcome: 'fixed', state: 'closed' }],
  );
  assert.notEqual(serving, before);
  await page.close();
});

test('a frozen gateway is found out and replaced', async () => {
  vigiles = await startVigiles({ config });
  const running = vigiles;
  const before = gatewayPid(running);
  await waitFor('the gateway to be known as up: a new process has time to answer', async () => {
    const { state } = await running.api<{ state: string }>('/api/v1/services/gateway');
    return state === 'UP';
  });
  process.kill(before, 'SIGSTOP');
  await waitFor('a new gateway in the place of the frozen one', async () => {
    const pid = await servingPid(running);
    return pid !== null && pid !== before;
  });
  assert.throws(() => process.kill(before, 0), 'the frozen process is gone');
  const incident = await waitFor('the verified outcome', async () => {
    const { incidents } = await running.api<Incidents>('/api/v1/incidents');
    return incidents.find(({ state }) => state === 'closed');
  });
  assert.equal(incident.outcome, 'fixed');
});

test('killing control cuts no stream, and the next control adopts the gateway', async () => {
  vigiles = await startVigiles({ config });
  const token = await vigiles.pairDevice('agent', ['gateway']);
  const pid = gatewayPid(vigiles);
  const answer = await fetch(`${vigiles.gatewayUrl}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo/scripted', stream: true, input: 'Tell me more.' }),
  });
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  const ended = new Promise((resolve) => vigiles?.control.once('exit', resolve));
  vigiles.control.kill('SIGKILL');
  await ended;
  let text = new TextDecoder().decode(first?.value);
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    text += new TextDecoder().decode(part.value);
  assert.match(text, /event: response\.completed/);

  const { home } = vigiles;
  const successor = await startVigiles({ home });
  try {
    assert.equal(await servingPid(successor), pid, 'the same process serves on');
    const { service } = await waitFor('the adopted gateway to be up', async () => {
      const found = await successor.api<{ state: string; kind: string; pid: number }>(
        '/api/v1/services/gateway',
      );
      return found.state === 'UP' ? { service: found } : null;
    });
    assert.equal(service.kind, 'adopted');
    assert.equal(service.pid, pid);
  } finally {
    await successor.stop();
  }
  await assert.rejects(fetch(`${vigiles.gatewayUrl}/health`), 'a clean exit takes the adopted gateway along');
});
