import type { WireError } from '@vigiles/wire';

/** A request as it is about to be sent. */
export interface OutgoingRequest {
  method: string;
  origin: string;
  /** With its query, encoded as it stands on the wire. */
  path: string;
  /** Names in lower case and values in turn. */
  headers: readonly string[];
  body: Buffer;
}

/** Headers to add, names and values in turn; or why there are none. */
export type Authorised = { ok: true; headers: readonly string[] } | { ok: false; error: WireError };

/** Authorises requests one by one, where a key in the configuration is not enough. */
export interface Credential {
  /** At once where what is needed is at hand; otherwise within a bounded time. Never rejects. */
  authorise(request: OutgoingRequest): Authorised | Promise<Authorised>;
  /** The provider answered 401. True: what it refused is forgotten, and another try may help. */
  refused(): boolean;
}
