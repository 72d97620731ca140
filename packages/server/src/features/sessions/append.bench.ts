/**
 * How fast one session's log grows: `node packages/server/src/features/sessions/append.bench.ts [url]`. One process,
 * every event on disk before it is acknowledged; `producers` append batches beside each other. Without a URL: a SQLite file in the temporary folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VigilesConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { createStore } from '../../platform/store/create-store.ts';
import { createSessions } from './index.ts';
import { sessionMigrations } from './migrations.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-'));
const url = process.argv[2];
const store = await createStore({
  home,
  log: silentLog,
  migrations: { ...eventLogMigrations, ...sessionMigrations },
  ...(url ? { url } : {}),
});
const config = VigilesConfig.parse({});
const events = createEventLog({ store, log: silentLog });
await events.start();
const sessions = createSessions({
  store,
  events,
  clock: systemClock,
  newId,
  log: silentLog,
  config: () => config,
  clean: (json) => json,
});
await sessions.start();
const data = {
  skill_name: 'plan',
  message: 'a line of ordinary length that an agent says about what it does',
};

for (const [producers, batch] of [
  [1, 1],
  [16, 1],
  [1, 100],
  [4, 100],
  [16, 100],
] as const) {
  const { session_id } = await sessions.create({}, { actor: 'bench', deviceId: 'bench', tenant: 'main' });
  let delivered = 0;
  const leave = sessions.subscribe(session_id, () => (delivered += 1));
  const rounds = batch === 1 ? 400 : 100;
  const waits: number[] = [];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: producers }, async (_, p) => {
      for (let round = 0; round < rounds; round += 1) {
        const list = Array.from({ length: batch }, (__, i) => ({
          type: 'skill:progress',
          data,
          local_id: `${p}-${round}-${i}`,
        }));
        const at = performance.now();
        await sessions.append(session_id, list, { actor: 'bench', producer: 'bench' });
        waits.push(performance.now() - at);
      }
    }),
  );
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  leave();
  const total = producers * rounds * batch;
  if (delivered < total) throw new Error(`${delivered} of ${total} were delivered`);
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
  process.stdout.write(
    `${store.dialect} ${producers} producers × ${batch}: ${Math.round((total / ms) * 1000)} events/s, ` +
      `${((user + system) / total).toFixed(1)} µs CPU an event, ` +
      `acknowledged p50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`,
  );
}
await sessions.stop();
await events.stop();
await store.close();
rmSync(home, { recursive: true, force: true });
