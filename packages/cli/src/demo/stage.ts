import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { createApi, type Api } from '../client/api.ts';
import { launchControl } from '../launcher/control.ts';

/** A Vigiles of its own in a temporary home, with the demo's service on its list. */
export interface Stage {
  api: Api;
  link: string;
  servicePort: number;
  /** A folder for the agent to look around in. */
  workFolder: string;
  /** Stops everything and takes the folder away. */
  close(): Promise<void>;
}

export const demoService = 'invoice-worker';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const configText = (port: number, gatewayPort: number, servicePort: number) => `server:
  port: ${port}
gateway:
  port: ${gatewayPort}
  discover_local: false
watchdog:
  veto_s: 2
  stable_s: 2
  cooldown_s: [1, 5, 30]
  services:
    - name: ${demoService}
      title: Invoice worker
      command: ${JSON.stringify([process.execPath, fileURLToPath(new URL('./service.ts', import.meta.url)), String(servicePort)])}
      port: ${servicePort}
      failures_to_down: 2
      successes_to_up: 2
      checks:
        - { type: http, url: "http://127.0.0.1:${servicePort}/health", interval_s: 0.5, timeout_s: 1 }
`;

export async function openStage(port: number): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-demo-'));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    const [gatewayPort, servicePort] = [await freePort(), await freePort()];
    writeFileSync(join(home, 'vigiles.yaml'), configText(port, gatewayPort, servicePort), { mode: 0o600 });
    const workFolder = mkdtempSync(join(home, 'work-'));
    for (const name of ['invoices.csv', 'README.md', 'totals.py']) writeFileSync(join(workFolder, name), '');
    // Settings of the person's own Vigiles must not reach the demo.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('VIGILES_')),
    );
    const served = await launchControl({ home, env });
    return {
      api: createApi(served.url, served.token, home),
      link: await served.signInLink(),
      servicePort,
      workFolder,
      async close() {
        await served.stop().catch(() => undefined);
        remove();
      },
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}
