import type { ChannelConfig } from '@vigiles/contract';
import type { Notice } from './notice.ts';

const ranks = { info: 0, warning: 1, critical: 2 } as const;

/** `*` stands for any part; no regular expression, so that no pattern can hang it. */
export function fits(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const value = text.toLowerCase();
  const [first = '', ...rest] = parts;
  if (!value.startsWith(first)) return false;
  if (rest.length === 0) return value === first;
  let from = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const at = value.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return value.length - from >= last.length && value.endsWith(last);
}

const anyFits = (patterns: readonly string[], texts: readonly string[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => texts.some((text) => fits(pattern, text)));

/** Whether a channel is told of it. `tags` are those of the notice's service. */
export function isWanted(channel: ChannelConfig, notice: Notice, tags: readonly string[]): boolean {
  if (!channel.enabled || !channel.kinds.includes(notice.kind)) return false;
  if (ranks[notice.severity] < ranks[channel.min_severity]) return false;
  if (channel.tell === 'needs_person' && notice.phase === 'opened') return false;
  return (
    anyFits(channel.services, notice.service === null ? [] : [notice.service]) &&
    anyFits(channel.faults, notice.fault === null ? [] : [notice.fault]) &&
    anyFits(channel.tags, tags)
  );
}
