/** Rows of the Notion integration. Times are UTC milliseconds. */
export interface NotionTables {
  notion_page: {
    page: string;
    file: string;
    state: string;
    /** Hashes of what stood in both places when they were last in step; null: never. */
    local_hash: string | null;
    remote_hash: string | null;
    synced_at: number | null;
    note: string;
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
