import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorEnvelope, Scope } from '@vigiles/contract';
import { startControl, type ControlOptions, type RunningControl } from '../app/index.ts';
import { silentLog } from '../kernel/log.ts';
import { loadConfig } from '../platform/config/index.ts';
import { pauses } from './pauses.ts';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** The parsed JSON; the text when it is none. */
  body: T;
}

export interface TestControl {
  control: RunningControl;
  url: string;
  /** Token of a device with every scope. */
  admin: string;
  token(...scopes: Scope[]): Promise<string>;
  /** Token of a device of another tenant. */
  tenantToken(tenant: string, ...scopes: Scope[]): Promise<string>;
  /** Calls as the admin unless `token` says otherwise; null sends none. */
  call<T = ErrorEnvelope>(method: string, path: string, more?: CallOptions): Promise<Answer<T>>;
  /** Appends `count` events about `subject`. */
  appendAlerts(count: number, subject?: string, message?: string): Promise<void>;
  close(): Promise<void>;
}

export interface CallOptions {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A whole control on a free port, in a home folder of its own; in the one given, which stays, as after a restart. */
export async function startTestControl(
  options: Partial<ControlOptions> & { yaml?: string } = {},
): Promise<TestControl> {
  const { yaml = '', ...rest } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'vigiles-control-'));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'vigiles.yaml'), yaml);
  const loaded = await loadConfig({ home, env: {} });
  if (!loaded.ok) throw new Error(loaded.fault.message);
  const control = await startControl({ home, configuration: loaded.value, log: silentLog, port: 0, ...rest });
  const { url } = control.address();
  const token = async (...scopes: Scope[]) =>
    (await control.devices.createDevice({ name: scopes.join(' '), scopes })).token;
  const admin = await token('admin');
  return {
    control,
    url,
    admin,
    token,
    tenantToken: async (tenant, ...scopes) =>
      (await control.devices.createDevice({ name: scopes.join(' '), scopes, tenant })).token,
    async call<T>(method: string, path: string, more: CallOptions = {}): Promise<Answer<T>> {
      const shown = more.token === undefined ? admin : more.token;
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(shown === null ? {} : { authorization: `Bearer ${shown}` }),
          ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more.headers,
        },
        ...(more.body === undefined
          ? {}
          : { body: typeof more.body === 'string' ? more.body : JSON.stringify(more.body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(text) : text) as T,
      };
    },
    async appendAlerts(count, subject = 'test', message = 'm') {
      await control.events.transaction(async (tx) => {
        for (let i = 0; i < count; i += 1) {
          const data = { severity: 'info', title: `${i}`, message, incident_id: null } as const;
          tx.append('alert.raised', { actor: 'test', subject, data });
        }
      });
    },
    async close() {
      await control.stop();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Numbers of the alerts after this one as the log has them: between them others may write what follows from them. */
export async function alertsAfter({ control }: TestControl, afterSeq: number): Promise<number[]> {
  const seqs: number[] = [];
  for (;;) {
    const page = await control.events.read({
      afterSeq: seqs.at(-1) ?? afterSeq,
      limit: 500,
      types: ['alert.raised'],
    });
    if (page.length === 0) return seqs;
    seqs.push(...page.map(({ seq }) => seq));
  }
}

/** Waits until the condition holds; fails with `what` after a minute. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  const pause = pauses();
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await pause();
  }
}
