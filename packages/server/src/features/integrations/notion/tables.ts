/** Rows of the Notion integration. Times are UTC milliseconds. */
export interface NotionTables {
  notion_page: {
    page: string;
    file: string;
    state: string;
    synced_at: number | null;
    note: string;
  };
  /** Hashes of what stood in both places when they were last in step. Each folder has its own: another one may be older. */
  notion_base: {
    page: string;
    folder: string;
    file: string;
    local_hash: string;
    remote_hash: string;
  };
  notion_conflict: {
    page: string;
    id: string;
    file: string;
    local_text: string;
    remote_text: string;
    found_at: number;
  };
  notion_event: { id: string; received_at: number };
}
