/** Something with a time; `at` is where the heap keeps it, -1 outside. */
export interface Due {
  dueAt: number;
  at: number;
}

/** A binary heap by `dueAt`: adding, taking out and moving cost the logarithm of how many there are. */
export function createDueHeap<Item extends Due>() {
  const items: Item[] = [];

  const place = (item: Item, at: number) => {
    items[at] = item;
    item.at = at;
  };

  function up(item: Item): void {
    let at = item.at;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (!parent || parent.dueAt <= item.dueAt) break;
      place(parent, at);
      at = above;
    }
    place(item, at);
  }

  function down(item: Item): void {
    let at = item.at;
    for (;;) {
      const left = items[2 * at + 1];
      const right = items[2 * at + 2];
      const least = right && left && right.dueAt < left.dueAt ? right : left;
      if (!least || least.dueAt >= item.dueAt) break;
      const below = least.at;
      place(least, at);
      at = below;
    }
    place(item, at);
  }

  return {
    /** The one that is due first. */
    first: (): Item | undefined => items[0],
    size: () => items.length,
    push(item: Item): void {
      place(item, items.length);
      up(item);
    },
    remove(item: Item): void {
      if (item.at < 0) return;
      const hole = item.at;
      const last = items.pop();
      item.at = -1;
      if (!last || last === item) return;
      place(last, hole);
      up(last);
      down(last);
    },
  };
}
