import { PortEnvironment, type EventData } from '@vigiles/contract';
import type { EventLog, EventTransaction } from '../../platform/event-log/index.ts';
import { isUniqueViolation, type Store } from '../../platform/store/index.ts';
import type { NamedPort } from './core/named-port.ts';
import type { PortTables } from './tables.ts';

type Change = EventData<'port.changed'>['change'];
/** `taken`: another name has the port. `full`: there are too many names. `unknown`: there is no such name. `owned`: it is not whose it was thought to be. */
export type Refusal = 'taken' | 'full' | 'unknown' | 'owned';

/** So many names a machine has at most. */
const most = 1000;

const toNamed = (row: PortTables['port_name']): NamedPort => ({
  name: row.name,
  port: row.port,
  environment: PortEnvironment.catch('development').parse(row.environment),
  service: row.service,
  folder: row.folder,
  owner: row.owner,
  expiresAt: row.expires_at,
});

/** The only SQL of named ports. What has expired is as if it were not there. @param machine whose ports they are */
export function createPortStore(store: Store, events: EventLog, machine: string, now: () => number) {
  type Tx = EventTransaction<PortTables>;
  const live = (row: PortTables['port_name']) => row.expires_at === null || row.expires_at > now();

  async function all({ db, append }: Tx): Promise<PortTables['port_name'][]> {
    const rows = await db
      .selectFrom('port_name')
      .selectAll()
      .where('machine', '=', machine)
      .orderBy('name')
      .forUpdate()
      .execute();
    for (const { name, port } of rows.filter((row) => !live(row))) {
      await db.deleteFrom('port_name').where('machine', '=', machine).where('name', '=', name).execute();
      append('port.changed', { actor: 'ports', subject: name, data: { name, port, change: 'expired' } });
    }
    return rows.filter(live);
  }

  async function list(): Promise<NamedPort[]> {
    const rows = await store
      .db<PortTables>()
      .selectFrom('port_name')
      .selectAll()
      .where('machine', '=', machine)
      .orderBy('name')
      .execute();
    return rows.filter(live).map(toNamed);
  }

  return {
    list,
    /**
     * Writes a name, new or known; nothing is changed when another name has its port, or when `may` does not like whose the name
     * is at this moment.
     */
    async put(
      named: NamedPort,
      change: Change,
      actor: string,
      may: (before: NamedPort | null) => boolean,
    ): Promise<Refusal | null> {
      const { name, expiresAt, ...fields } = named;
      const row = { ...fields, expires_at: expiresAt, updated_at: now() };
      try {
        return await events.transaction<PortTables, Refusal | null>(async (tx) => {
          const rows = await all(tx);
          const before = rows.find((one) => one.name === name);
          if (!may(before ? toNamed(before) : null)) return 'owned';
          const others = rows.filter((one) => one.name !== name);
          if (named.port !== null && others.some(({ port }) => port === named.port)) return 'taken';
          if (others.length >= most) return 'full';
          if (before)
            await tx.db
              .updateTable('port_name')
              .set(row)
              .where('machine', '=', machine)
              .where('name', '=', name)
              .execute();
          else
            await tx.db
              .insertInto('port_name')
              .values({ machine, name, ...row })
              .execute();
          tx.append('port.changed', { actor, subject: name, data: { name, port: named.port, change } });
          return null;
        });
      } catch (thrown) {
        // Two processes at the same moment on PostgreSQL: the second one finds the port taken, or the name.
        if (isUniqueViolation(thrown))
          return (await list()).some((one) => one.name === name) ? 'owned' : 'taken';
        throw thrown;
      }
    },
    async remove(name: string, actor: string): Promise<Refusal | null> {
      return events.transaction<PortTables, Refusal | null>(async (tx) => {
        const row = (await all(tx)).find((one) => one.name === name);
        if (!row) return 'unknown';
        await tx.db.deleteFrom('port_name').where('machine', '=', machine).where('name', '=', name).execute();
        tx.append('port.changed', {
          actor,
          subject: name,
          data: { name, port: row.port, change: 'released' },
        });
        return null;
      });
    },
  };
}

export type PortStore = ReturnType<typeof createPortStore>;
