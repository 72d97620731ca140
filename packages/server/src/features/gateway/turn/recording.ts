import type { UpstreamCall } from './attempt.ts';
import type { Turn } from './turn.ts';

const DAY_MS = 86_400_000;

/** Bytes up to a limit; what comes after is counted out. */
class Copy {
  #chunks: Buffer[] = [];
  #bytes = 0;
  cut = false;

  add(piece: Uint8Array | string, max: number): void {
    if (this.cut) return;
    const bytes = Buffer.from(piece as Uint8Array);
    const room = max - this.#bytes;
    this.cut = bytes.length > room;
    this.#chunks.push(this.cut ? bytes.subarray(0, room) : bytes);
    this.#bytes += Math.min(bytes.length, room);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** A copy of what a turn says, handed to the ledger's thread at its end. */
export class Recording {
  readonly #max: number;
  #answered = new Copy();
  #received = new Copy();
  #status = 0;
  #call: UpstreamCall | null = null;

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  sent(call: UpstreamCall): void {
    this.#call = call;
    this.#received = new Copy();
  }

  received(status: number, chunk: Buffer): void {
    this.#status = status;
    this.#received.add(chunk, this.#max);
  }

  answered(piece: Uint8Array | string): void {
    this.#answered.add(piece, this.#max);
  }

  /** The turn has ended. */
  keep(turn: Turn): void {
    const { core } = turn;
    const { store_prompts: mode, prompts_keep_days, prompts_total_mb } = core.config;
    if (mode === 'off') return;
    const call = this.#call;
    const limited = (body: Buffer): string => body.toString('utf8', 0, Math.min(body.length, this.#max));
    core.ledger.store({
      id: turn.id,
      ts: turn.startedAt,
      mode,
      secrets: core.knownSecrets(),
      maxTotalBytes: prompts_total_mb * 1024 * 1024,
      keepFrom: core.clock.now() - prompts_keep_days * DAY_MS,
      content: {
        request: limited(turn.body),
        sent: call && call.body !== turn.body ? limited(call.body) : null,
        path: call?.path ?? '',
        received: call ? { status: this.#status, body: this.#received.text() } : null,
        answered: this.#answered.text(),
        cut: this.#answered.cut || this.#received.cut || turn.body.length > this.#max,
      },
    });
  }
}

/** From now on the turn's words are copied. */
export function startRecording(turn: Turn): void {
  turn.recording = turn.res.recording = new Recording(turn.core.config.prompts_max_kb * 1024);
}
