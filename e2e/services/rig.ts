import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVigiles } from '../harness/vigiles.ts';
import type { ServiceRig } from './service-row.ts';

const ports = 'server: { port: 0 }\ngateway: { port: 0 }\n';
const many = '{ per_minute: 6000, per_hour: 60000, per_day: 600000, cooldown_s: 0 }';
const limits = `limits: { light: ${many}, standard: ${many}, heavy: ${many}, expensive: ${many} }\n`;

/** The rig of one row, and what closes all that the row opened. */
export function openServiceRig(): { rig: ServiceRig; close(): Promise<void> } {
  const closing: (() => unknown)[] = [];
  const later = (close: () => unknown): void => void closing.push(close);
  const rig: ServiceRig = {
    async start({ config = '', ...options } = {}) {
      const own = (name: string) => new RegExp(`^${name}:`, 'm').test(config);
      const text = (own('server') ? '' : ports) + (own('limits') ? '' : limits) + config;
      const vigiles = await startVigiles({ ...options, config: text });
      later(() => vigiles.stop());
      return vigiles;
    },
    async call(vigiles, method, path, { body, token = vigiles.token, headers = {} } = {}) {
      const response = await fetch(vigiles.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as never };
    },
    cli: ({ home }, ...words) =>
      new Promise((settle) => {
        execFile(
          process.execPath,
          ['packages/cli/src/vigiles.mjs', ...words, '--home', home],
          { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, timeout: 60_000 },
          (error, stdout, stderr) =>
            settle({ code: error ? Number(error.code ?? 1) || 1 : 0, out: stdout + stderr }),
        );
      }),
    folder() {
      const made = mkdtempSync(join(tmpdir(), 'vigiles-service-'));
      later(() => rmSync(made, { recursive: true, force: true }));
      return made;
    },
    later,
  };
  return {
    rig,
    async close() {
      for (const close of closing.toReversed()) await close();
    },
  };
}
