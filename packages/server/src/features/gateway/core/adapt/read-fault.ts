import type { FieldFault } from './complaint.ts';
import type { Path, Reason } from './reason.ts';

/** What one validator entry means; undefined where nothing can be made of it. */
export function readFault({ type, loc, msg }: FieldFault): Reason | undefined {
  const path: Path = loc[0] === 'body' ? loc.slice(1) : loc;
  const named = path.findLast((part) => typeof part === 'string');
  if (named === undefined) return undefined;
  const said = msg.toLowerCase();
  if (type === 'extra_forbidden' || said.includes('extra inputs are not permitted')) {
    return { type: 'unknown-field', path };
  }
  if (type === 'missing' || said === 'field required') return { type: 'missing-field', path };
  if (said.includes('valid string')) return { type: 'wrong-type', path, expected: 'string' };
  if (said.includes('none is not') || said.includes('must not be null')) {
    return { type: 'wrong-type', path, expected: 'not-null' };
  }
  const most = /less than or equal to (\d+)/.exec(said)?.[1];
  if (most !== undefined) return { type: 'over-limit', path, max: Number(most) };
  const length = /at most (\d+) characters/.exec(said)?.[1];
  if (length !== undefined) return { type: 'too-long', path, max: Number(length) };
  if (type === 'enum' || type === 'literal_error' || said.startsWith('input should be ')) {
    const allowed = quoted(msg);
    if (path.at(-1) === 'role') return undefined;
    return { type: 'unsupported-value', path, ...(allowed.length > 0 && { allowed }) };
  }
  return undefined;
}

/** Words in quotes: `'low', 'medium' or 'high'`. */
export const quoted = (text: string): string[] =>
  [...text.matchAll(/['"`]([\w.-]{1,60})['"`]/g)].map(([, word]) => word ?? '');
