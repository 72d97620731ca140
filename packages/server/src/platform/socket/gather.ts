/** Puts together what comes close together, in its order. */
export interface Gather<Item> {
  put(item: Item): void;
  /** Hands on now what waits. */
  flush(): void;
}

/** Handed on together at most: a flood is not one message. */
const maxTogether = 200;

/**
 * After a pause the first goes at the end of this turn, with whatever came in the same one; what follows goes at most every
 * `everyMs`. A quiet log is as quick as ever; a busy one costs a write per client and interval, not per event.
 */
export function createGather<Item>(everyMs: number, handOn: (items: readonly Item[]) => void): Gather<Item> {
  let items: Item[] = [];
  let timer: NodeJS.Timeout | null = null;
  let awaited = false;
  let lastMs = -Infinity;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    awaited = false;
    if (items.length === 0) return;
    const together = items;
    items = [];
    lastMs = performance.now();
    handOn(together);
  };
  const arrange = (): void => {
    awaited = true;
    const waitMs = lastMs + everyMs - performance.now();
    if (waitMs > 0) timer = setTimeout(flush, waitMs);
    else queueMicrotask(() => awaited && !timer && flush());
  };
  return {
    put(item) {
      items.push(item);
      if (items.length >= maxTogether) flush();
      else if (!awaited) arrange();
    },
    flush,
  };
}
