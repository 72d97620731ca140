/** The log's rows. `data` is JSON text; `ts` UTC milliseconds. */
export interface EventLogTables {
  event: { seq: number; id: string; type: string; ts: number; actor: string; subject: string; data: string };
  /** One row (`id` 1): the highest `seq` given out. Survives pruning, so that no `seq` is ever given twice. */
  event_head: { id: number; seq: number };
}
