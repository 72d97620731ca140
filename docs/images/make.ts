/**
 * Makes the two pictures of the README from a real Vigiles: turns through the gateway, one gateway killed, one
 * service killed, both healed. Run it from the root after a change of the dashboard's looks:
 * `node docs/images/make.ts` with Node 24 and a built dashboard.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Incident, Service } from '@vigiles/contract';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../e2e/harness/browser.ts';
import { startVigiles, type Vigiles } from '../../e2e/harness/vigiles.ts';
import { waitFor } from '../../e2e/harness/wait-for.ts';

const limitBytes = 200_000;
const viewport = { width: 1280, height: 800 };

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** A service that answers every request; what it does is of no interest. */
const server = (port: number) =>
  `require('node:http').createServer((req, res) => res.end('ok')).listen(${port}, '127.0.0.1')`;

async function configText(): Promise<string> {
  const lines = ['server:', '  port: 0', 'gateway:', '  port: 0', 'watchdog:', '  services:'];
  for (const [name, title] of [
    ['docs-site', 'Documentation site'],
    ['invoice-worker', 'Invoice worker'],
    ['search', 'Search'],
  ] as const) {
    const port = await freePort();
    lines.push(
      `    - name: ${name}`,
      `      title: ${title}`,
      `      command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(server(port))}]`,
      `      port: ${port}`,
      `      checks: [{ type: http, url: 'http://127.0.0.1:${port}/', interval_s: 1 }]`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const allUp = async ({ api }: Vigiles) => {
  const { services } = await api<{ services: Service[] }>('/api/v1/services');
  return services.length === 4 && services.every(({ state }) => state === 'UP');
};

async function turn(vigiles: Vigiles, token: string, content: string, tools?: object[]): Promise<void> {
  const response = await fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'scripted',
      stream: true,
      messages: [{ role: 'user', content }],
      ...(tools ? { tools } : {}),
    }),
  });
  await response.text();
}

/** Kills a service the hard way and waits until Vigiles has healed it and proven it. */
async function killAndHeal(vigiles: Vigiles, name: string): Promise<void> {
  const { pid } = await vigiles.api<Service>(`/api/v1/services/${name}`);
  if (pid) process.kill(pid, 'SIGKILL');
  await waitFor(
    `${name} to be healed`,
    async () => {
      const { incidents } = await vigiles.api<{ incidents: Incident[] }>('/api/v1/incidents');
      return incidents.some(({ service, outcome }) => service === name && outcome === 'fixed');
      // Fixed is what stays away as long as its entry asks.
    },
    180_000,
  );
  await waitFor('everything to be up', () => allUp(vigiles));
}

/** Starts turns until the page shows them under way. The answer is to be awaited after the picture. */
async function catchLiveTurns(
  page: Page,
  start: () => Promise<void>[],
): Promise<{ ended: Promise<unknown> }> {
  for (let tries = 0; tries < 5; tries += 1) {
    const ended = Promise.all(start());
    const seen = await page
      .waitForSelector('text=No agent is working right now', { state: 'detached', timeout: 1000 })
      .then(
        () => true,
        () => false,
      );
    if (seen) return { ended };
    await ended;
  }
  throw new Error('the page never showed a turn under way');
}

const home = mkdtempSync(join(tmpdir(), 'vigiles-pictures-'));
let vigiles: Vigiles | undefined;
const running = await startBrowser();
try {
  writeFileSync(join(home, 'vigiles.yaml'), await configText());
  vigiles = await startVigiles({ home });
  const started = vigiles;
  await waitFor('everything to be up', () => allUp(started));
  const codex = await vigiles.pairDevice('codex', ['gateway']);
  const claude = await vigiles.pairDevice('claude-code', ['gateway']);
  for (const prompt of ['Explain this repository', 'Add a test for the parser', 'Why does the build fail?'])
    await Promise.all([turn(vigiles, codex, prompt), turn(vigiles, claude, `${prompt}, shortly`)]);
  await killAndHeal(vigiles, 'gateway');
  await killAndHeal(vigiles, 'invoice-worker');
  await Promise.all([turn(vigiles, codex, 'And now?'), turn(vigiles, claude, 'Go on')]);
  // Long enough for the rows of beats to fill.
  await delay(75_000);

  for (const colorScheme of ['dark', 'light'] as const) {
    const { url } = await vigiles.api<{ url: string }>('/api/v1/sign-in-links', { method: 'POST' });
    const context = await running.browser.newContext({ colorScheme, viewport, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForSelector('#main >> text=Invoice worker');
    const turns = await catchLiveTurns(page, () => [
      turn(started, codex, 'Write the release notes'),
      turn(started, claude, 'Review this change'),
    ]);
    const path = new URL(`overview-${colorScheme}.png`, import.meta.url).pathname;
    await page.screenshot({ path });
    const { size } = statSync(path);
    await turns.ended;
    if (size > limitBytes) throw new Error(`${path} has ${size} bytes, more than ${limitBytes}`);
    console.log(`${path}: ${size} bytes`);
    await context.close();
  }
} finally {
  await running.close();
  await vigiles?.stop();
  rmSync(home, { recursive: true, force: true });
}
