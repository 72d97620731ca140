import type { NoticePhase, NoticeSeverity } from '@vigiles/contract';
import type { Notice } from './notice.ts';

/** What a channel says. Plain text, free of control characters; each channel escapes it for its own format. */
export interface Message {
  /** The same for every try: whoever can tell repetitions apart does it by this. */
  id: string;
  title: string;
  body: string;
  severity: NoticeSeverity;
  phase: NoticePhase;
  /** Key under which an incident is followed; null for what has no life. */
  incidentId: string | null;
  service: string | null;
  fault: string | null;
  kind: Notice['kind'];
  /** How many notices it stands for. */
  count: number;
  reminder: boolean;
  /** UTC ms of the newest notice. */
  at: number;
  /** Where people can see more; null where the dashboard's address is not known. */
  link: string | null;
}

export interface RenderOptions {
  id: string;
  title?: string | undefined;
  message?: string | undefined;
  reminder: boolean;
  link: string | null;
}

/** Control characters, and those that turn the direction of text around. */
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const unseen = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

/** Text as it may be shown: no control characters but line ends, and no longer than `max` characters. */
export function plain(text: string, max: number): string {
  const clean = text.replaceAll('\r\n', '\n').replace(unseen, '').trim();
  return shorten(clean, max);
}

/** Cut at `max` UTF-16 units, never within a character. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, Math.max(0, max - 1));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Cut so that it takes at most `max` bytes of UTF-8. */
export function shortenBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Buffer.byteLength(shorten(text, middle)) <= max) low = middle;
    else high = middle - 1;
  }
  return shorten(text, low);
}

const oneLine = (text: string, max: number): string => plain(text.replaceAll(/\s+/g, ' '), max);

const heads: Partial<Record<NoticePhase, string>> = {
  needs_person: 'Needs you: ',
  acknowledged: 'Acknowledged: ',
  resolved: 'Resolved: ',
};

const ranks = { info: 0, warning: 1, critical: 2 } as const;

const headOf = ({ phase, title }: Notice, reminder: boolean): string =>
  oneLine(`${reminder ? 'Still open: ' : (heads[phase] ?? '')}${title}`, 200);

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);

/** One message about one notice, or a summary of several. */
export function render(notices: readonly Notice[], options: RenderOptions): Message {
  const sorted = notices.toSorted((a, b) => ranks[b.severity] - ranks[a.severity] || a.at - b.at);
  const [first] = sorted;
  if (!first) throw new Error('a message is about something');
  const open = notices.filter(({ phase }) => phase !== 'resolved' && phase !== 'acknowledged');
  const alone = notices.length === 1;
  const title = alone ? headOf(first, options.reminder) : summaryTitle(notices.length, open.length, notices);
  const body = alone ? plain(first.message, 4000) : listOf(sorted);
  const values = {
    title,
    message: body,
    service: alone ? (first.service ?? '') : '',
    severity: first.severity,
    phase: alone ? first.phase : 'summary',
    fault: alone ? (first.fault ?? '') : '',
    incident: alone ? (first.incidentId ?? '') : '',
    time: new Date(Math.max(...notices.map(({ at }) => at))).toISOString(),
    duration:
      alone && first.phase === 'resolved' ? (/after (\S+ \S+?)\./.exec(first.message)?.[1] ?? '') : '',
    count: String(notices.length),
  };
  return {
    id: options.id,
    title: options.title === undefined ? title : oneLine(fill(options.title, values), 200) || title,
    body: options.message === undefined ? body : plain(fill(options.message, values), 4000),
    severity: first.severity,
    phase: alone ? first.phase : open.length === 0 ? 'resolved' : 'single',
    incidentId: alone ? first.incidentId : null,
    service: alone ? first.service : null,
    fault: alone ? first.fault : null,
    kind: first.kind,
    count: notices.length,
    reminder: options.reminder,
    at: Math.max(...notices.map(({ at }) => at)),
    link: options.link,
  };
}

function summaryTitle(all: number, open: number, notices: readonly Notice[]): string {
  if (open === 0) return `Resolved: ${all} notices`;
  const critical = notices.filter(
    ({ severity, phase }) => severity === 'critical' && phase !== 'resolved',
  ).length;
  const parts = [critical > 0 ? `${critical} critical` : '', all > open ? `${all - open} over` : ''].filter(
    Boolean,
  );
  return `${all} notices${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** The first of them by name, the rest by number. */
function listOf(sorted: readonly Notice[]): string {
  const shown = sorted.slice(0, 20).map((each) => `• ${headOf(each, false)}`);
  const rest = sorted.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}
