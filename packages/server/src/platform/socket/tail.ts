import type { Frame } from './outlet.ts';

/** One line of a log on its way to one client. */
export interface Line {
  seq: number;
  frame: Frame;
}

/** What was read of a log. */
export interface Page {
  lines: readonly Line[];
  /** The last `seq` that was looked at; what is below it and not among the lines is not wanted. */
  readTo: number;
  /** There may be more. */
  more: boolean;
}

export interface TailDeps {
  /** Lines with a higher `seq`, in order; `readTo` is `afterSeq` when there are none. */
  read(afterSeq: number): Promise<Page>;
  /** @returns false when the client is gone */
  send(frame: Frame): boolean;
  /** Resolves when the client has read most of what it was sent; false when it is gone. */
  drained(): Promise<boolean>;
}

/** Follows a log for one client: what was there before it came, then what comes, with no gap and none twice. */
export interface Tail {
  /** From now on what is committed is held back; nothing at or below `cursor` will be sent. */
  open(cursor: number): void;
  /** A line that was just committed. Ignored before `open`. */
  take(seq: number, frame: Frame): void;
  /** Sends what the log has above the cursor, then what was held back, leaving out what was sent already. */
  catchUp(): Promise<void>;
  end(): void;
  readonly ended: boolean;
}

/** Lines that may come in while a page is read; more are forgotten and read from the log instead. */
const maxHeld = 5000;

/** Joins first, reads then: see {@link Tail}. */
export function createTail({ read, send, drained }: TailDeps): Tail {
  let ended = false;
  /** The highest `seq` this client was given; nothing at or below it is sent again. */
  let cursor = 0;
  /** Null: nothing is held back. */
  let held: Line[] | null = null;
  let opened = false;
  let forgot = false;

  const give = (seq: number, frame: Frame): void => {
    if (ended || seq <= cursor) return;
    cursor = seq;
    if (!send(frame)) ended = true;
  };
  /** Reads and sends until there is no more: then the log has nothing but what is held. */
  const replay = async (): Promise<void> => {
    for (let more = true; more && !ended;) {
      const page = await read(cursor);
      for (const { seq, frame } of page.lines) {
        if (!(await drained())) ended = true;
        if (ended) return;
        give(seq, frame);
      }
      cursor = Math.max(cursor, page.readTo);
      // Held lines that the replay has overtaken are not needed any more.
      held = held?.filter(({ seq }) => seq > cursor) ?? null;
      more = page.more;
    }
  };
  return {
    open(at) {
      cursor = at;
      held = [];
      opened = true;
    },
    take(seq, frame) {
      if (!opened || ended) return;
      if (!held) give(seq, frame);
      else if (held.length < maxHeld) held.push({ seq, frame });
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
      for (const { seq, frame } of waiting) give(seq, frame);
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
