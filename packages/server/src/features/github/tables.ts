/** Rows of CI under watch. `data` and `facts` are JSON text; times are UTC milliseconds. */
export interface GithubTables {
  /** Deliveries as they came in: what is answered is on disk before. */
  github_delivery: {
    delivery_id: string;
    /** What it tells; the same from two hooks is handled once. */
    subject: string | null;
    event: string;
    action: string | null;
    repository: string;
    received_at: number;
    /** waiting, done, ignored, failed */
    state: string;
    attempts: number;
    /** When it is tried next, while it waits. */
    next_at: number;
    error: string | null;
    facts: string;
    /** The control that has taken it, while it waits; its `Presence.id`. */
    owner: string | null;
  };
  github_repository: {
    repository: string;
    /** Since when it is watched: what failed before is only history. */
    first_seen_at: number;
    last_delivery_at: number | null;
    polled_at: number | null;
    etag: string | null;
  };
  ci_run: {
    id: string;
    repository: string;
    workflow: string;
    branch: string;
    head_sha: string;
    run_number: number;
    attempt: number;
    state: string;
    started_at: number;
    finished_at: number | null;
    data: string;
  };
  ci_attempt: {
    run_id: string;
    attempt: number;
    repository: string;
    workflow: string;
    head_sha: string;
    conclusion: string | null;
    /** Kind of its verdict; null: not judged, or it did not fail. */
    kind: string | null;
    /** What was done about it: the kind of the action. */
    answer: string | null;
    /** 1: what was done got it over. */
    healed: number;
    started_at: number;
    finished_at: number | null;
    url: string;
    data: string;
  };
  ci_retry: {
    id: string;
    run_id: string;
    attempt: number;
    /** retry, fix_script */
    kind: string;
    repository: string;
    workflow: string;
    head_sha: string;
    by_actor: string;
    state: string;
    asked_at: number;
    next_at: number;
    settled_at: number | null;
    data: string;
    /** The control that asks for it, while it waits; its `Presence.id`. */
    owner: string | null;
  };
  ci_flaky: {
    repository: string;
    workflow: string;
    job: string;
    test: string;
    flips: number;
    failures: number;
    first_at: number;
    last_at: number;
    data: string;
  };
}
