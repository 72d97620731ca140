/** Somebody who wants to be woken now and then. */
export interface Beating {
  /** About once a second. */
  tick(): void;
  /** About every five seconds: what costs more. */
  sample(): void;
}

const beatMs = 100;
const ticksEvery = 10;
const samplesEvery = 50;

/**
 * One timer for the housekeeping of all services: at every beat a tenth of them ticks and a fiftieth is sampled, so
 * that 1,000 services never keep the event loop for long.
 */
export function createPulse(members: () => Iterable<Beating>) {
  let timer: NodeJS.Timeout | null = null;
  let beat = 0;

  function onBeat(): void {
    let at = 0;
    for (const member of members()) {
      if (at % ticksEvery === beat % ticksEvery) member.tick();
      if (at % samplesEvery === beat % samplesEvery) member.sample();
      at += 1;
    }
    beat = (beat + 1) % samplesEvery;
  }

  return {
    start(): void {
      timer ??= setInterval(onBeat, beatMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
