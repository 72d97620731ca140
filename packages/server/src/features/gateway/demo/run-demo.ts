import type { TurnEvent } from '@vigiles/wire';
import { EventStream } from '../turn/event-stream.ts';
import { sendWhole } from '../turn/translate-whole.ts';
import { decodeTurn } from '../turn/translation.ts';
import type { Activity, Turn } from '../turn/turn.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { demoEvents, demoResponse } from './demo-events.ts';

/** Slow enough to be seen, fast enough not to bore. */
const PACE_MS = 20;

/** Answers a turn with the built-in scripted model, in whatever protocol the client speaks. */
export function runDemo(turn: Turn, upstream: Upstream): void {
  const translation = decodeTurn(turn, upstream.id);
  if ('kind' in translation) {
    turn.fail(translation, 'rejected');
    return;
  }
  turn.upstreamProtocol = turn.client;
  turn.attempts = 1;
  const { request, answer } = translation;
  if (!turn.stream) {
    sendWhole(turn, demoResponse(request, answer), answer);
    return;
  }
  const out = new EventStream(turn, answer, (error) => turn.fail(error, 'upstream_error'));
  turn.activity = new DemoStream(turn, out, demoEvents(request, answer));
}

class DemoStream implements Activity {
  readonly #turn: Turn;
  readonly #out: EventStream;
  readonly #groups: TurnEvent[][];
  readonly #timer: NodeJS.Timeout;
  #next = 0;

  constructor(turn: Turn, out: EventStream, groups: TurnEvent[][]) {
    this.#turn = turn;
    this.#out = out;
    this.#groups = groups;
    this.#timer = setInterval(() => this.#step(), PACE_MS);
  }

  abort(): void {
    clearInterval(this.#timer);
  }

  pause(): void {}

  resume(): void {}

  tick(): void {}

  #step(): void {
    if (this.#turn.paused) return;
    const group = this.#groups[this.#next];
    this.#next += 1;
    if (group) this.#out.push(group);
    if (this.#turn.settled || !group) clearInterval(this.#timer);
  }
}
