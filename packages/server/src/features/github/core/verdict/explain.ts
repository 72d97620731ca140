import type { Verdict } from '@vigiles/contract';

const longestQuote = 160;

/**
 * A verdict in one line for notices: why, the line that says so, how sure, and what follows from it. The quoted line was written by
 * others: whoever shows it escapes it for where it goes.
 */
export function explain({ reason, line, confidence, retry, rule }: Verdict): string {
  const where = line
    ? ` ${line.number > 0 ? `Line ${line.number}` : 'GitHub'} says: “${quoted(line.text)}”.`
    : '';
  const sure = rule === 'none' ? '' : ` (${rule}, ${Math.round(confidence * 100)} % sure)`;
  const next = retry ? ' A second try is likely to pass.' : '';
  return `${reason.replace(/\.$/, '')}${sure}.${where}${next}`;
}

const quoted = (text: string): string =>
  text.length > longestQuote ? `${text.slice(0, longestQuote - 1)}…` : text;
