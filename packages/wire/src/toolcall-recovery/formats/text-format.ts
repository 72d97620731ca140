import type { Cursor, Reading } from '../reading/cursor.ts';
import type { ToolTable } from '../tool-table.ts';
import type { FaultSignal, RawCall } from '../types.ts';

/**
 * How much the markup itself proves. `token`: control tokens nobody writes in prose. `tag`: markup that prose may
 * quote. `bare`: plain JSON or code, a call only as the last thing said.
 */
export type Evidence = 'token' | 'tag' | 'bare';

/** Calls found at a place. */
export interface Found {
  calls: RawCall[];
  /** Siblings inside the same wrapper that could not be read. */
  malformed?: number;
}

export interface FormatContext {
  table: ToolTable;
  signal(fault: FaultSignal): void;
  /** Reads a complete text that ought to be nothing but calls, by every format that is not `bare`. */
  readAll(text: string): Found | undefined;
}

/** One way in which models write calls into text. */
export interface TextFormat {
  readonly name: string;
  readonly evidence: Evidence;
  /** Every argument must be one the tool declares. */
  readonly strict?: true;
  /** The exact words it can begin with. */
  readonly opens: readonly string[];
  /** More of them, where the request's tools decide. */
  opensFor?(table: ToolTable): readonly string[];
  /** Reads from the opener on. Undefined: not a call of this format; the cursor may stand anywhere. */
  read(cursor: Cursor, context: FormatContext): Reading<Found | undefined>;
}
