import type { Block } from './block.ts';
import { writeMarkdown } from './write-markdown.ts';

/** A block at the top of a page. */
export interface Unit {
  id: string;
  block: Block;
}

type Known = Exclude<Block, { type: 'foreign' }>;

/** First all that is inserted, in this order, then all that is removed: a page that is cut off in between lost nothing. */
export interface PushPlan {
  inserts: { after: string | null; blocks: Known[] }[];
  removes: string[];
}

const keyOf = (block: Block): string => writeMarkdown([block]);

/** The longest list of pairs that are equal and in the same order. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;)
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  return pairs;
}

/**
 * How a page becomes what a file says, touching as little as it can: what is alike stays the same block, with its comments and
 * its place. Foreign blocks are never made anew; one goes only when its line is gone from the file.
 */
export function planPush(remote: readonly Unit[], wanted: readonly Block[]): PushPlan {
  const pairs = common(
    remote.map(({ block }) => keyOf(block)),
    wanted.map(keyOf),
  );
  const kept = new Set(pairs.map(([at]) => at));
  const staying = new Set(wanted.flatMap((block) => (block.type === 'foreign' ? [block.id] : [])));
  const removes = remote
    .filter(({ block }, at) => !kept.has(at) && !(block.type === 'foreign' && staying.has(block.id)))
    .map(({ id }) => id);
  const inserts: PushPlan['inserts'] = [];
  const matched = new Map(pairs.map(([there, here]) => [here, remote[there]]));
  let after: string | null = null;
  let fresh: Known[] = [];
  const flush = (): void => {
    if (fresh.length > 0) inserts.push({ after, blocks: fresh });
    fresh = [];
  };
  for (const [at, block] of wanted.entries()) {
    const there = matched.get(at);
    if (!there) {
      if (block.type !== 'foreign') fresh.push(block);
      continue;
    }
    // There is no way to put something before the first block: it is put behind it, with a copy of it, and it goes.
    if (after === null && fresh.length > 0 && there.block.type !== 'foreign') {
      fresh.push(there.block);
      removes.push(there.id);
      after = there.id;
      continue;
    }
    if (after !== null) flush();
    after = there.id;
  }
  // With nothing kept the first of the old blocks is what the new ones stand behind until it goes.
  after ??= remote[0]?.id ?? null;
  flush();
  return { inserts, removes };
}
