/**
 * How fast events are appended: `node packages/server/src/platform/event-log/append.bench.ts [url]`.
 * One process, one writer; `durable` waits for the disk. Without a URL: a SQLite file in the temporary folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLog } from '../../kernel/log.ts';
import { createStore } from '../store/create-store.ts';
import { createEventLog, eventLogMigrations } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-'));
const url = process.argv[2];
const store = await createStore({
  home,
  migrations: eventLogMigrations,
  log: silentLog,
  ...(url ? { url } : {}),
});
const event = { actor: 'system', subject: 'gateway', data: { reason: 'a reason of ordinary length' } };

for (const validate of [false, true]) {
  for (const durable of [false, true]) {
    for (const batch of [1, 100]) {
      const log = createEventLog({ store, log: silentLog, validate });
      let delivered = 0;
      log.subscribe(() => (delivered += 1));
      await log.start();
      const rounds = batch === 1 ? 4_000 : 400;
      const latencies: number[] = [];
      const begun = performance.now();
      for (let round = 0; round < rounds; round += 1) {
        // As in a server: timers and sockets have their turn between two transactions.
        await turn();
        const at = performance.now();
        await log.transaction(
          async (tx) => {
            for (let i = 0; i < batch; i += 1) tx.append('system.stopped', event);
          },
          { durable },
        );
        latencies.push(performance.now() - at);
      }
      const seconds = (performance.now() - begun) / 1_000;
      await log.stop();
      if (delivered !== rounds * batch) throw new Error(`${delivered} of ${rounds * batch} were delivered`);
      latencies.sort((a, b) => a - b);
      const micros = (share: number) =>
        Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 1_000);
      process.stdout.write(
        `${store.dialect} ${durable ? 'durable' : 'relaxed'} batch ${batch}${validate ? ' validated' : ''}: ` +
          `${Math.round((rounds * batch) / seconds)} events/s, ` +
          `per transaction p50 ${micros(0.5)} µs, p99 ${micros(0.99)} µs, max ${micros(0.9999)} µs\n`,
      );
    }
  }
}
await store.close();
rmSync(home, { recursive: true, force: true });
