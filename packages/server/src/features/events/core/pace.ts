/** Subscriptions one connection may make in a minute: each of them reads from the store. */
export const maxSubscriptions = 60;
const spanMs = 60_000;

/** Counts what one connection asks for. Answers how long it has to wait, 0 when it may go on. */
export function createPace(max = maxSubscriptions): (nowMs: number) => number {
  let startMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (nowMs) => {
    if (nowMs - startMs >= spanMs) {
      startMs = nowMs;
      count = 0;
    }
    if (count >= max) return startMs + spanMs - nowMs;
    count += 1;
    return 0;
  };
}
