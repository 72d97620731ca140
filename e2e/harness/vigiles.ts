import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hopeless, waitFor } from './wait-for.ts';

/** A running Vigiles: control and the gateway it supervises, in a home folder of its own. */
export interface Vigiles {
  home: string;
  /** Control's address. */
  url: string;
  gatewayUrl: string;
  /** Admin token of the local command line. */
  token: string;
  control: ChildProcess;
  /** Calls the API with the admin token; a refusal is thrown with its text. */
  api<Answer>(path: string, init?: { method?: string; body?: unknown }): Promise<Answer>;
  /** A new device's token, got the way a person would: pair it by code. */
  pairDevice(name: string, scopes: string[]): Promise<string>;
  /** What control and the gateway wrote to their logs, for a failing test. */
  output(): string;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Text of vigiles.yaml besides the ports, which are chosen by the system. */
  config?: string;
  env?: Record<string, string>;
  home?: string;
}

/** Starts `vigiles start` as a person would and waits until the gateway serves. */
export async function startVigiles({ config = '', env = {}, home }: StartOptions = {}): Promise<Vigiles> {
  const folder = home ?? mkdtempSync(join(tmpdir(), 'vigiles-e2e-'));
  const file = join(folder, 'vigiles.yaml');
  if (!existsSync(file)) writeFileSync(file, config || 'server:\n  port: 0\ngateway:\n  port: 0\n');
  const log = join(folder, 'start.out');
  const control = spawn(
    process.execPath,
    ['packages/cli/src/vigiles.mjs', 'start', '--no-interactive', '--home', folder],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  const sink = createWriteStream(log, { flags: 'a' });
  control.stdout?.pipe(sink, { end: false });
  control.stderr?.pipe(sink, { end: false });
  const output = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');

  const door = await waitFor(
    'control to write its address',
    () => {
      if (control.exitCode !== null)
        throw new Hopeless(`control ended with ${control.exitCode}:\n${output()}`);
      const path = join(folder, 'run', 'control.json');
      if (!existsSync(path)) return null;
      const written = JSON.parse(readFileSync(path, 'utf8')) as { url: string; token: string; pid: number };
      return written.pid === control.pid ? written : null;
    },
    120_000,
  );
  const api: Vigiles['api'] = async (path, init = {}) => {
    const response = await fetch(`${door.url}${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path} → ${response.status}: ${text}`);
    return JSON.parse(text) as never;
  };
  const gatewayUrl = await waitFor('the gateway to serve', async () => {
    const status = await api<{ gateway: { url: string } }>('/api/v1/status');
    const health = await fetch(`${status.gateway.url}/health`).catch(() => null);
    // It serves before it has written down who it is; tests need both.
    return health?.ok && existsSync(join(folder, 'run', 'gateway.json')) ? status.gateway.url : null;
  }).catch((thrown: unknown) => {
    control.kill('SIGKILL');
    throw new Error(`${String(thrown)}\n${output()}`, { cause: thrown });
  });
  return {
    home: folder,
    url: door.url,
    gatewayUrl,
    token: door.token,
    control,
    api,
    output,
    async pairDevice(name, scopes) {
      const pairing = await api<{ code: string }>('/api/v1/devices/pairings', {
        method: 'POST',
        body: { name, scopes },
      });
      const response = await fetch(`${door.url}/auth/pair`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: pairing.code, name }),
      });
      if (!response.ok) throw new Error(`pairing failed: ${await response.text()}`);
      return ((await response.json()) as { token: string }).token;
    },
    async stop() {
      if (control.exitCode === null && control.signalCode === null) {
        const ended = new Promise((resolve) => control.once('exit', resolve));
        control.kill('SIGTERM');
        await ended;
      }
      sink.end();
      if (!home) rmSync(folder, { recursive: true, force: true });
    },
  };
}
