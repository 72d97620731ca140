import type { GatewayConfig } from '@vigiles/contract';

/** An answer that is kept, or that its provider keeps. */
export interface KeptResponse {
  readonly id: string;
  /** Who may see it: the device, or one connection of it. */
  readonly owner: string;
  /** The provider that keeps it itself; the gateway then knows nothing but this. */
  readonly issuer: string | null;
  /** What it followed; its items come before this one's. */
  readonly parent: KeptResponse | null;
  /** Its own input items: the inside of a JSON array. */
  input: Buffer;
  /** The response object as JSON. */
  response: Buffer;
  /** The inside of the object's `output` array. */
  output: Buffer;
  /** Set while it is still being answered in the background. */
  running: { cancel(): void } | null;
  bytes: number;
  usedAt: number;
  /** Its content is gone: deleted, too old, or pushed out. */
  dropped: boolean;
}

export type NewResponse = Pick<KeptResponse, 'id' | 'owner' | 'parent' | 'input' | 'response' | 'output'>;

/** Keeps answers in this process's memory: for as long as they are used, and never more bytes than allowed. */
export interface ResponseStore {
  /** The answer and everything it follows, now used again; undefined when any of it is gone. */
  find(owner: string, id: string): KeptResponse | undefined;
  /** @returns undefined when nothing may be kept, or it is larger than all that may be */
  keep(made: NewResponse): KeptResponse | undefined;
  /** Replaces the content of a kept answer, once it is there. */
  finish(kept: KeptResponse, response: Buffer, output: Buffer): void;
  /** Remembers that a provider keeps the answer with this id. */
  issued(owner: string, id: string, provider: string): void;
  drop(kept: KeptResponse): void;
  /** What is kept for an owner, newest first. */
  of(owner: string): KeptResponse[];
  /** For the status page and tests. */
  size(): { responses: number; bytes: number };
  close(): void;
}

/** What one entry costs beside its texts: objects, map slot, strings. */
const ENTRY_BYTES = 512;

/** Ids of answers that providers keep; about 3 MB of them. */
const MAX_ISSUED = 10_000;

const NOTHING = Buffer.alloc(0);

/** @param config read at every use: a reload changes the limits at once */
export function createResponseStore(
  config: () => Pick<GatewayConfig, 'response_ttl_s' | 'response_store_mb'>,
  nowMs: () => number,
): ResponseStore {
  /** In order of use: the first is the next to go. */
  const kept = new Set<KeptResponse>();
  const issued = new Set<KeptResponse>();
  /** Some servers give the same id out again: the newer answer has it, the older one lives on in what follows it. */
  const byId = new Map<string, KeptResponse>();
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;

  const keyOf = ({ owner, id }: Pick<KeptResponse, 'owner' | 'id'>): string => `${owner}\n${id}`;
  const maxBytes = (): number => config().response_store_mb * 1024 * 1024;
  const ttlMs = (): number => config().response_ttl_s * 1000;

  function drop(entry: KeptResponse): void {
    if (entry.dropped) return;
    entry.dropped = true;
    if (byId.get(keyOf(entry)) === entry) byId.delete(keyOf(entry));
    if (entry.issuer !== null) issued.delete(entry);
    else if (kept.delete(entry)) bytes -= entry.bytes;
    entry.input = entry.response = entry.output = NOTHING;
  }

  /** Drops what was not used for too long, and the longest unused until `room` bytes fit. */
  function makeRoom(room: number): void {
    const oldest = nowMs() - ttlMs();
    const limit = maxBytes() - room;
    for (const entry of kept) {
      if (entry.running) continue;
      if (entry.usedAt > oldest && bytes <= limit) break;
      drop(entry);
    }
    if (timer || kept.size === 0) return;
    timer = setTimeout(
      () => {
        timer = null;
        makeRoom(0);
      },
      Math.max(1000, ttlMs()),
    );
    timer.unref();
  }

  function use(entry: KeptResponse): void {
    const all = entry.issuer === null ? kept : issued;
    entry.usedAt = nowMs();
    all.delete(entry);
    all.add(entry);
  }

  return {
    find(owner, id) {
      const entry = byId.get(`${owner}\n${id}`);
      if (!entry) return undefined;
      if (entry.issuer === null && !entry.running && nowMs() - entry.usedAt >= ttlMs()) {
        drop(entry);
        return undefined;
      }
      const chain: KeptResponse[] = [];
      for (let at: KeptResponse | null = entry; at; at = at.parent) {
        if (at.dropped) return undefined;
        chain.push(at);
      }
      // What came first is used last, so that it outlives what needs it.
      for (const one of chain) use(one);
      return entry;
    },
    keep(made) {
      const size = ENTRY_BYTES + made.input.length + made.response.length + made.output.length;
      if (size > maxBytes() || ttlMs() === 0) return undefined;
      makeRoom(size);
      const entry: KeptResponse = {
        ...made,
        issuer: null,
        running: null,
        bytes: size,
        usedAt: nowMs(),
        dropped: false,
      };
      bytes += size;
      kept.add(entry);
      byId.set(keyOf(entry), entry);
      return entry;
    },
    finish(entry, response, output) {
      entry.running = null;
      if (entry.dropped) return;
      const size = ENTRY_BYTES + entry.input.length + response.length + output.length;
      bytes += size - entry.bytes;
      entry.bytes = size;
      entry.response = response;
      entry.output = output;
      use(entry);
      makeRoom(0);
    },
    issued(owner, id, provider) {
      const entry: KeptResponse = {
        id,
        owner,
        issuer: provider,
        parent: null,
        input: NOTHING,
        response: NOTHING,
        output: NOTHING,
        running: null,
        bytes: 0,
        usedAt: nowMs(),
        dropped: false,
      };
      const before = byId.get(keyOf(entry));
      if (before?.issuer) drop(before);
      issued.add(entry);
      byId.set(keyOf(entry), entry);
      if (issued.size <= MAX_ISSUED) return;
      const [first] = issued;
      if (first) drop(first);
    },
    drop,
    of: (owner) => [...kept].filter((entry) => entry.owner === owner).toReversed(),
    size: () => ({ responses: kept.size + issued.size, bytes }),
    close() {
      if (timer) clearTimeout(timer);
      for (const entry of kept) entry.running?.cancel();
      kept.clear();
      issued.clear();
      byId.clear();
      bytes = 0;
    },
  };
}
