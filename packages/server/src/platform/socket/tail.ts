/** One line of a log on its way to one client. */
export interface Line {
  readonly seq: number;
}

/** What was read of a log. */
interface Page<L extends Line> {
  lines: readonly L[];
  /** The last `seq` that was looked at; what is below it and not among the lines is not wanted. */
  readTo: number;
  /** There may be more. */
  more: boolean;
}

export interface TailDeps<L extends Line> {
  /** Lines with a higher `seq`, in order; `readTo` is `afterSeq` when there are none. */
  read(afterSeq: number): Promise<Page<L>>;
  /** @returns false when the client is gone */
  send(lines: readonly L[]): boolean;
  /** Bytes of a line as the client gets it. */
  bytesOf(line: L): number;
  /** Resolves when the client has read most of what it was sent; false when it is gone. */
  drained(): Promise<boolean>;
}

/** Follows a log for one client: what was there before it came, then what comes, with no gap and none twice. */
export interface Tail<L extends Line> {
  /** From now on what is committed is held back; nothing at or below `cursor` will be sent. */
  open(cursor: number): void;
  /** Lines that were just committed, in order. Ignored before `open`. */
  take(lines: readonly L[]): void;
  /** Sends what the log has above the cursor, then what was held back, leaving out what was sent already. */
  catchUp(): Promise<void>;
  end(): void;
  readonly ended: boolean;
}

/** Lines that may come in while a page is read; more are forgotten and read from the log instead. */
const maxHeld = 5000;
/** Of a replay, sent before it is asked whether the client keeps up. */
const maxBytesTogether = 64 * 1024;
const maxLinesTogether = 200;

/** Joins first, reads then: see {@link Tail}. */
export function createTail<L extends Line>({ read, send, bytesOf, drained }: TailDeps<L>): Tail<L> {
  let ended = false;
  /** The highest `seq` this client was given; nothing at or below it is sent again. */
  let cursor = 0;
  /** Null: nothing is held back. */
  let held: L[] | null = null;
  let opened = false;
  let forgot = false;

  const give = (lines: readonly L[]): void => {
    const first = lines[0];
    if (ended || !first) return;
    // As a rule all of them are new; then the array stays the one that others are given too.
    const fresh = first.seq > cursor ? lines : lines.filter(({ seq }) => seq > cursor);
    const last = fresh.at(-1);
    if (!last) return;
    cursor = last.seq;
    if (!send(fresh)) ended = true;
  };
  /** Sends piece by piece, each when the client has read most of those before. */
  const giveSlowly = async (lines: readonly L[]): Promise<void> => {
    for (let from = 0; from < lines.length && !ended;) {
      if (!(await drained())) ended = true;
      let bytes = 0;
      let to = from;
      for (; to < lines.length && to - from < maxLinesTogether && bytes < maxBytesTogether; to += 1)
        bytes += bytesOf(lines[to] as L);
      give(lines.slice(from, to));
      from = to;
    }
  };
  /** Reads and sends until there is no more: then the log has nothing but what is held. */
  const replay = async (): Promise<void> => {
    for (;;) {
      const page = await read(cursor);
      await giveSlowly(page.lines);
      cursor = Math.max(cursor, page.readTo);
      // Held lines that the replay has overtaken are not needed any more.
      held = held?.filter(({ seq }) => seq > cursor) ?? null;
      if (!page.more || ended) return;
    }
  };
  return {
    open(at) {
      cursor = at;
      held = [];
      opened = true;
    },
    take(lines) {
      if (!opened || ended) return;
      if (!held) give(lines);
      else if (held.length + lines.length <= maxHeld) held.push(...lines);
      else {
        held = [];
        forgot = true;
      }
    },
    async catchUp() {
      for (;;) {
        forgot = false;
        await replay();
        if (ended) return;
        if (!forgot) break;
      }
      const waiting = held ?? [];
      held = null;
      give(waiting);
    },
    end() {
      ended = true;
      held = null;
    },
    get ended() {
      return ended;
    },
  };
}
