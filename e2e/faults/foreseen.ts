import { mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { SeriesConfig } from '@vigiles/contract';
import { migrations } from '../../packages/server/src/app/migrations.ts';
import { createSeries } from '../../packages/server/src/features/series/index.ts';
import { makeAuthority } from '../../packages/server/src/features/watchdog/testing/certificates.ts';
import { systemClock } from '../../packages/server/src/kernel/clock.ts';
import { silentLog } from '../../packages/server/src/kernel/log.ts';
import { createStore } from '../../packages/server/src/platform/store/index.ts';
import { startVigiles, type Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { FaultCase } from './fault-case.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const megabyte = 1_048_576;
const toyPath = fileURLToPath(new URL('toy-service.ts', import.meta.url));

const told = (fault: string, how: string, target: string): FaultCase => ({
  fault,
  how,
  target,
  action: 'alert_user',
  ends: 'told',
  withinS: 240,
  happen: async () => undefined,
});

/** P: what is on its way. Its past is written down before Vigiles starts; the present goes on with it. */
export const foreseenCases: readonly FaultCase[] = [
  told('P1', 'memory that rose for three hours towards what its check allows', 'growing'),
  told('P2', 'answers that took longer and longer for three hours', 'slowing'),
  told('P3', 'a disk that filled up for six hours', 'host'),
  told('P4', 'a budget of which each quarter of the last hour took a tenth', 'budget:whole'),
  told('P5', 'a certificate of which ten days are left', 'signed'),
];

/** How much of a disk is in use, percent, as the watchdog reckons it. */
function diskPercent(folder: string): number {
  const { blocks, bfree, bavail } = statfsSync(folder);
  const used = blocks - bfree;
  return (used / (used + bavail)) * 100;
}

/** Figures of the last hours, one a minute. */
async function writePast(home: string): Promise<void> {
  const series = createSeries({ home, clock: systemClock, log: silentLog, config: SeriesConfig.parse({}) });
  const now = Date.now();
  const disk = diskPercent(home);
  const perHour = Math.max(0.3, (98 - disk) / 20);
  for (let ago = 6 * 60; ago >= 2; ago -= 1) {
    const at = now - ago * minuteMs;
    series.add('host.disk', 'host', at, Math.max(0, disk - (perHour * ago) / 60));
    if (ago > 180) continue;
    series.add('memory', 'growing', at, (30 - ago / 12) * megabyte);
    series.add('latency', 'slowing', at, 640 - ago * 2.5);
  }
  await waitFor('the past to be written', () => {
    return series.waiting() === 0;
  });
  await series.ask('series', {});
  await series.stop();
}

/** Turns in each quarter of the last hour. */
async function writeTurns(home: string): Promise<void> {
  const store = await createStore({ home, migrations, log: silentLog });
  const now = Date.now();
  for (let ago = 55; ago > 0; ago -= 5) {
    await store
      .db<{ turn: Record<string, unknown> }>()
      .insertInto('turn')
      .values({
        id: `turn_past_${ago}`,
        ts: now - ago * minuteMs,
        device_id: 'dev_past',
        client_protocol: 'openai-chat',
        provider: 'past',
        provider_protocol: 'openai-chat',
        model_requested: 'm',
        model: 'm',
        stream: 0,
        cost_micros: 300_000,
        counted_micros: 300_000,
        latency_ms: 10,
        outcome: 'ok',
        status: 200,
        attempts: 1,
      })
      .execute();
    await store
      .db<{ usage_hour: Record<string, number | string> }>()
      .insertInto('usage_hour')
      .values({
        hour: Math.floor((now - ago * minuteMs) / hourMs) * hourMs,
        device_id: 'dev_past',
        provider: 'past',
        model: 'm',
        workspace: `w${ago}`,
        session_id: '',
        turns: 1,
        errors: 0,
        unpriced_turns: 0,
        input_tokens: 0,
        cached_input_tokens: 0,
        cache_write_tokens: 0,
        output_tokens: 0,
        reasoning_tokens: 0,
        cost_micros: 300_000,
        counted_micros: 300_000,
      })
      .execute();
  }
  await store.close();
}

export interface Foreseen {
  vigiles: Vigiles;
  folder: string;
  close(): Promise<void>;
}

/** Vigiles on a past in which all five failures are on their way. */
export async function startForeseen(): Promise<Foreseen> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vigiles-foreseen-')));
  const home = join(folder, 'vigiles-home');
  mkdirSync(home);
  const authority = makeAuthority(folder);
  const signed = createTlsServer(authority.issue('app.test', 10));
  signed.on('tlsClientError', () => undefined);
  const slow = createServer((_request, response) => void setTimeout(() => response.end('ok'), 660));
  for (const server of [signed, slow])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const portOf = (server: typeof signed | typeof slow): number => (server.address() as AddressInfo).port;
  await writePast(home);
  await writeTurns(home);
  const toy = JSON.stringify([process.execPath, toyPath, '0']);
  const config = `
server: { port: 0 }
gateway: { port: 0, discover_local: false }
limits: { light: { per_minute: 100000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 } }
budgets: { daily_usd: 4, monthly_usd: none }
watchdog:
  services:
    - { name: growing, command: ${toy}, checks: [{ type: resource, of: process, max_memory_mb: 150, interval_s: 5 }] }
    - { name: slowing, checks: [{ type: http, url: "http://127.0.0.1:${portOf(slow)}/", interval_s: 5, timeout_s: 1 }] }
    - name: signed
      checks: [{ type: tls, host: 127.0.0.1, port: ${portOf(signed)}, server_name: app.test, ca_file: ${JSON.stringify(authority.ca)}, certificate_days: 9, interval_s: 5 }]
`;
  const close = async (): Promise<void> => {
    signed.close();
    slow.close();
    slow.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const vigiles = await startVigiles({ config, home, env: { HOME: folder } });
    return {
      vigiles,
      folder,
      async close() {
        await vigiles.stop();
        await close();
      },
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
