import { execFile as execFileOf, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Service } from '@vigiles/contract';
import { freePort } from '../../packages/server/src/platform/process/index.ts';
import { startVigiles, type Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import { startSickProviders, type SickProviders } from './sick-provider.ts';

export interface TurnOptions {
  stream?: boolean;
  tools?: boolean;
  /** Model at the provider; `m` unless said otherwise. */
  model?: string;
  /** A route instead of the provider. */
  route?: string;
  session?: string;
  temperature?: number;
}

/** Vigiles as people run it, services it keeps, providers behind its gateway, agents and files of this machine. */
export interface World {
  vigiles: Vigiles;
  sick: SickProviders;
  /** The home folder of whoever runs all this; synthesised calls may read it. */
  folder: string;
  service(name: string): Promise<Service>;
  /** Asks a toy service for something. */
  toy(name: string, path: string): Promise<void>;
  /** So many turns, one after the other; how they end is not looked at. */
  turns(provider: string, times: number, options?: TurnOptions): Promise<void>;
  /** Turns one after the other, until it is told to stop. */
  keepAsking(provider: string, options?: TurnOptions): () => Promise<void>;
  /** One streamed turn whose client leaves in the middle. */
  leave(provider: string): Promise<void>;
  /** kill -9 of control, which is then started again on what it left. */
  restart(): Promise<void>;
  /** `vigiles …` as a person of this machine types it. */
  command(...args: string[]): Promise<void>;
  close(): Promise<void>;
}

const execFile = promisify(execFileOf);

/** Homes of the agents that are made to fail: a person with several keeps them in the settings. */
const agentHomes = ['d1', 'd3', 'd5', 'd6'];

/** Services that are well all the time: whoever touches them is wrong. */
export const bystanders = ['bystander-one', 'bystander-two'];
const toys = ['toy-port', 'toy-leak', 'toy-hang', 'toy-crash', ...bystanders];
const oneToTen = Array.from({ length: 10 }, (_, at) => at + 1);
const patients = [...oneToTen.flatMap((n) => [`b${n}`, `c${n}`]), 'e5', 'e5b', 'spare', 'well'];

const toyPath = fileURLToPath(new URL('toy-service.ts', import.meta.url));
const key = 'sk-provider-key-for-tests';

/** A server with a certificate that nobody signed. */
async function startUntrusted(folder: string): Promise<{ url: string; close(): void }> {
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, '-keyout', keyPath, '-out', certPath], { stdio: 'ignore' });
  const server = createTlsServer({ key: readFileSync(keyPath), cert: readFileSync(certPath) });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}

const tools = [
  {
    type: 'function',
    function: {
      name: 'bash',
      parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  },
  {
    type: 'function',
    function: {
      name: 'read',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
  },
];

export interface WorldOptions {
  /** Lines of vigiles.yaml under `watchdog`. */
  watchdog?: string;
  /** Actions on all services together in one window; so many that it never matters unless said otherwise. */
  stormLimit?: number;
}

/** Starts everything and waits until all of it is up. */
export async function startWorld({ watchdog = '', stormLimit = 200 }: WorldOptions = {}): Promise<World> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vigiles-faults-')));
  writeFileSync(join(folder, 'a.ts'), 'export const a = 1;\n');
  const sick = await startSickProviders();
  const untrusted = await startUntrusted(folder);
  const ports = new Map<string, number>();
  for (const name of toys) ports.set(name, await freePort());
  const provider = (id: string, url: string, more = '') =>
    `    - { id: ${id}, type: openai-compatible, base_url: "${url}", api_key: "\${env:PROVIDER_KEY}"${more} }`;
  const serviceLines = toys.map((name) => {
    const port = ports.get(name) ?? 0;
    const check = `{ type: http, url: "http://127.0.0.1:${port}/health", interval_s: 1, timeout_s: 1 }`;
    const command = JSON.stringify([process.execPath, toyPath, String(port)]);
    return `    - { name: ${name}, command: ${command}, port: ${port}, checks: [${check}] }`;
  });
  // The suite looks often; what is limited is not its subject.
  const limit = '{ per_minute: 100000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }';
  const config = `
server: { port: 0 }
limits: { light: ${limit}, standard: ${limit} }
gateway:
  port: 0
  discover_local: false
  connect_timeout_s: 2
  idle_timeout_s: 1.5
  retry_wait_max_s: 0
  synthesis_workspaces: [${JSON.stringify(folder)}]
  providers:
${patients.map((id) => provider(id, sick.url(id))).join('\n')}
${provider('a6', untrusted.url)}
${provider('a7', 'http://no-such-provider.invalid')}
  routes:
    - { model: shy, provider: c10, upstream_model: m, synthesis: safe }
    - { model: only-e5, candidates: [{ provider: e5, model: m }, { provider: e5b, model: m }] }
${patients
  .filter((id) => id.startsWith('b'))
  .map(
    (id) =>
      `    - { model: via-${id}, candidates: [{ provider: ${id}, model: m }, { provider: spare, model: m }] }`,
  )
  .join('\n')}
backups:
  targets:
    - { name: drive, type: folder, path: ${JSON.stringify(join(folder, 'not-mounted'))}, passphrase: '\${env:PROVIDER_KEY}' }
watchdog:
  stable_s: 2
  storm_limit: ${stormLimit}
  agents:
    interval_s: 1
    codex_home: ${JSON.stringify(agentHomes.map((name) => join(folder, name)))}
${watchdog}
  services:
${serviceLines.join('\n')}
`;
  const closeOutside = async () => {
    untrusted.close();
    await sick.close();
    rmSync(folder, { recursive: true, force: true });
  };
  let vigiles: Vigiles;
  const env = { PROVIDER_KEY: key, HOME: folder };
  const home = join(folder, 'vigiles-home');
  mkdirSync(home);
  try {
    vigiles = await startVigiles({ env, config, home });
  } catch (thrown) {
    await closeOutside();
    throw thrown;
  }
  const token = await vigiles.pairDevice('agent', ['gateway']);
  const service = (name: string) => vigiles.api<Service>(`/api/v1/services/${name}`);
  const ask = (model: string, options: TurnOptions, signal?: AbortSignal) =>
    fetch(`${vigiles.gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(options.session ? { 'session-id': options.session } : {}),
      },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content: 'Look into it.' }],
        ...(options.stream ? { stream: true } : {}),
        ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
        ...(options.tools ? { tools } : {}),
      }),
      signal: signal ?? AbortSignal.timeout(20_000),
    });

  for (const name of ['gateway', ...toys])
    await waitFor(`${name} to be up`, async () => (await service(name)).state === 'UP', 60_000);
  const turns: World['turns'] = async (provider, times, options = {}) => {
    const model = options.route ?? `${provider}/${options.model ?? 'm'}`;
    for (let turn = 0; turn < times; turn += 1) {
      await ask(model, options)
        .then((answer) => answer.text())
        .catch(() => '');
    }
  };
  return {
    get vigiles() {
      return vigiles;
    },
    sick,
    folder,
    service,
    turns,
    async toy(name, path) {
      await (await fetch(`http://127.0.0.1:${ports.get(name) ?? 0}${path}`, { method: 'POST' })).text();
    },
    keepAsking(provider, options) {
      const stop = new AbortController();
      const asking = (async () => {
        while (!stop.signal.aborted) {
          await turns(provider, 1, options);
          await sleep(500, undefined, { signal: stop.signal }).catch(() => undefined);
        }
      })();
      return () => (stop.abort(), asking);
    },
    async restart() {
      const ended = new Promise((resolve) => vigiles.control.once('exit', resolve));
      vigiles.control.kill('SIGKILL');
      await ended;
      vigiles = await startVigiles({ env, home });
    },
    async command(...args) {
      const program = ['packages/cli/src/vigiles.mjs', ...args, '--home', vigiles.home];
      await execFile(process.execPath, program, { env: { ...process.env, HOME: folder }, timeout: 60_000 });
    },
    async leave(provider) {
      const gone = new AbortController();
      const answer = await ask(`${provider}/m`, { stream: true }, gone.signal);
      await answer.body?.getReader().read();
      gone.abort();
    },
    async close() {
      await vigiles.stop();
      await closeOutside();
    },
  };
}
