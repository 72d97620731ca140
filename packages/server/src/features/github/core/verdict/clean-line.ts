/** Longer lines are cut: minified code and encoded files are no evidence. */
const longestLine = 1_000;

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?/;
/** CSI (colours, cursor) and OSC (titles, links) sequences. */
// oxlint-disable-next-line no-control-regex -- these are the characters that are taken out
const escapes = /\u001b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/** Also those that turn the direction of text or have no width: they make a line look like another one. */
// oxlint-disable-next-line no-control-regex -- these are the characters that are taken out
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const marker = /^##\[(group|endgroup|error|warning|notice|debug|command|section)\]/;

export type Marker = 'group' | 'endgroup' | 'error' | 'warning' | 'notice' | 'debug' | 'command' | 'section';

/** One line of a log, without what GitHub, terminals and hostile programs put around its words. */
export interface LogLine {
  /** In the log as it was served, from 1. */
  number: number;
  text: string;
  marker: Marker | null;
  /** UTC ms; null without a timestamp. */
  at: number | null;
}

/** Whoever rewrites a line with carriage returns leaves its last state. */
function lastState(raw: string): string {
  if (!raw.includes('\r')) return raw;
  const states = raw.split('\r').filter((state) => state.trim() !== '');
  return states.at(-1) ?? '';
}

export function cleanLine(raw: string, number: number): LogLine {
  let text = raw.length > longestLine * 4 ? raw.slice(0, longestLine * 4) : raw;
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  const stamp = timestamp.exec(text)?.[0];
  const at = stamp === undefined ? null : Date.parse(stamp.trimEnd());
  if (stamp !== undefined) text = text.slice(stamp.length);
  text = lastState(text);
  if (text.includes('\u001b')) text = text.replace(escapes, '');
  text = text.replace(unseen, '');
  const found = marker.exec(text);
  if (found) text = text.slice(found[0].length);
  return {
    number,
    text: text.trimEnd().slice(0, longestLine),
    marker: (found?.[1] as Marker | undefined) ?? null,
    at: at === null || Number.isNaN(at) ? null : at,
  };
}
