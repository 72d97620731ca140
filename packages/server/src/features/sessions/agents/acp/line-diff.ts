/** Lines of context around what differs. */
const around = 3;

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/**
 * What differs between two texts, as one hunk of a unified diff: from the first line that is another one to the last. What is the
 * same in between is told as taken away and added.
 * @param before null: there was no such file
 */
export function lineDiff(before: string | null, after: string): { diff: string; lines: number } {
  const old = before === null ? [] : linesOf(before);
  const now = linesOf(after);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const removed = old.slice(head, old.length - tail);
  const added = now.slice(head, now.length - tail);
  if (removed.length === 0 && added.length === 0) return { diff: '', lines: 0 };
  const from = Math.max(0, head - around);
  const above = now.slice(from, head);
  const below = now.slice(now.length - tail, now.length - tail + around);
  const span = (changed: readonly string[], all: readonly string[]): string => {
    const count = above.length + changed.length + below.length;
    return `${all.length === 0 ? 0 : from + 1},${count}`;
  };
  const diff = [
    `@@ -${span(removed, old)} +${span(added, now)} @@`,
    ...above.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...below.map((line) => ` ${line}`),
  ].join('\n');
  return { diff: `${diff}\n`, lines: removed.length + added.length };
}
