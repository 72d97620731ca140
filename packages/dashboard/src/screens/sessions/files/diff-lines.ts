export interface DiffLine {
  kind: 'add' | 'remove' | 'same' | 'hunk' | 'note';
  text: string;
  /** Line numbers in the old and the new file; null where the line is in only one. */
  before: number | null;
  after: number | null;
}

/** More would only be scrolled past. */
const LINES_SHOWN = 2_000;
const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** A unified diff as numbered lines. What is no diff is shown as it stands: text of others may be anything. */
export function diffLines(diff: string): DiffLine[] {
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let before = 1;
  let after = 1;
  const found: DiffLine[] = [];
  for (const line of lines.slice(0, LINES_SHOWN)) {
    const [, from, to] = hunk.exec(line) ?? [];
    if (from !== undefined) {
      before = Number(from);
      after = Number(to);
      found.push({ kind: 'hunk', text: line, before: null, after: null });
    } else if (/^(\+\+\+ |--- |diff |index |\\ )/.test(line)) {
      found.push({ kind: 'note', text: line, before: null, after: null });
    } else if (line.startsWith('+')) {
      found.push({ kind: 'add', text: line.slice(1), before: null, after });
      after += 1;
    } else if (line.startsWith('-')) {
      found.push({ kind: 'remove', text: line.slice(1), before, after: null });
      before += 1;
    } else {
      found.push({ kind: 'same', text: line.startsWith(' ') ? line.slice(1) : line, before, after });
      before += 1;
      after += 1;
    }
  }
  if (lines.length > LINES_SHOWN) {
    const text = `… ${lines.length - LINES_SHOWN} more lines`;
    found.push({ kind: 'note', text, before: null, after: null });
  }
  return found;
}

/** How many lines a diff adds and takes away; its heads (`+++`, `---`) are no lines of it. */
export function diffCounts(diff: string): { added: number; removed: number } {
  const counts = { added: 0, removed: 0 };
  // Looked at in place: a long session has thousands of them.
  for (let at = 0; at >= 0 && at < diff.length; at = diff.indexOf('\n', at) + 1 || -1) {
    if (diff[at] === '+' && !diff.startsWith('+++ ', at)) counts.added += 1;
    else if (diff[at] === '-' && !diff.startsWith('--- ', at)) counts.removed += 1;
  }
  return counts;
}
