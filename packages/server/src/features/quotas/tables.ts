/** Rows of quotas. `…_mb` are counted in bytes; times are UTC milliseconds. */
export interface QuotaTables {
  quota_use: {
    device_id: string;
    quota: string;
    /** daily or monthly. */
    period: string;
    starts_at: number;
    used: number;
  };
  /** Steps that were told. */
  quota_alert: {
    device_id: string;
    quota: string;
    period: string;
    starts_at: number;
    threshold_percent: number;
  };
}
