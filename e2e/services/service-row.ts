import type { StartOptions, Vigiles } from '../harness/vigiles.ts';

/** One thing that was seen; `ok` says whether it is what it must be. */
export interface Seen {
  ok: boolean;
  seen: string;
}

/** What a service's row works with. Whatever it opens is closed when the row is done. */
export interface ServiceRig {
  /** A whole Vigiles as a person starts it: its own process, gateway and home. Limits are wide unless `config` sets them. */
  start(options?: StartOptions): Promise<Vigiles>;
  /** Calls the API and takes any answer as a value. @param token of a device; absent: the administrator's */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the row knows the form of the answer
  call<Body = Record<string, unknown>>(
    vigiles: Vigiles,
    method: string,
    path: string,
    options?: { body?: unknown; token?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; body: Body }>;
  /** Runs `vigiles …` against it as a person would, and gives what it wrote. */
  cli(vigiles: Vigiles, ...words: string[]): Promise<{ code: number; out: string }>;
  /** An empty folder of its own. */
  folder(): string;
  /** Closes something when the row is done; the last comes first. */
  later(close: () => unknown): void;
}

/** One service of `npm run e2e:services`: a file of this folder that exports `row`. */
export interface ServiceRow {
  service: string;
  /** What stands on the other side. */
  peer: string;
  run(rig: ServiceRig): Promise<Seen[]>;
}
