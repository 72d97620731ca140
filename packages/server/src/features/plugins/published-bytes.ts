import { sql } from 'kysely';
import type { Store } from '../../platform/store/index.ts';

/** Bytes of the packages that each device has published, by device id. */
export async function readPublishedBytes(store: Store): Promise<Map<string, number>> {
  const size =
    store.dialect === 'sqlite'
      ? sql`json_extract(entry, '$.size')`
      : sql`cast(entry::json->>'size' as bigint)`;
  const query = sql`select publisher, sum(${size}) as bytes from plugin_package group by publisher`.compile(
    store.db<unknown>(),
  );
  const rows = await store.report<{ publisher: string; bytes: number | string }>(query.sql, query.parameters);
  return new Map(rows.map(({ publisher, bytes }) => [publisher.replace(/^device:/, ''), Number(bytes)]));
}
