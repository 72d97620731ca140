import { silentLog } from '../../../kernel/log.ts';
import type { StorePlace } from '../../../testing/stores.ts';
import { createEventLog } from '../../event-log/index.ts';
import { createStore } from '../create-store.ts';
import { fixtureMigrations, type FixtureTables } from './fixture.ts';

/** The program that `startWriter` runs: prints `n` only after entry `n` and its event are committed. */
const { place, writer, count } = JSON.parse(process.argv[2] ?? '') as {
  place: StorePlace;
  writer: string;
  count: number;
};
const store = await createStore({ ...place, migrations: fixtureMigrations, log: silentLog });
const events = createEventLog({ store, log: silentLog });
for (let n = 1; n <= count; n += 1) {
  await events.transaction<FixtureTables, void>(
    async (tx) => {
      await tx.db
        .insertInto('entry')
        .values({ id: `${writer}-${n}`, writer, n, note: null })
        .execute();
      tx.append('system.stopped', { actor: writer, subject: `${writer}-${n}`, data: { reason: String(n) } });
    },
    { durable: true },
  );
  process.stdout.write(`${n}\n`);
}
await store.close();
