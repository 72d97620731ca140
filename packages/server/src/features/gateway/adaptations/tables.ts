/** One adaptation, as it is stored. */
export interface AdaptationRow {
  id: string;
  provider: string;
  model: string;
  protocol: string;
  /** JSON of the edit. */
  edit: string;
  reason: string;
  evidence: string;
  status: number;
  count: number;
  first_seen: number;
  last_seen: number;
  expires_at: number;
  /** 0 or 1. */
  pinned: number;
}

export interface AdaptationTables {
  adaptation: AdaptationRow;
}
