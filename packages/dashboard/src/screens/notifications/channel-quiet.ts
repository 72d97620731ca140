import type { QuietHoursConfig } from '@vigiles/contract';
import type { SpanDraft } from './quiet-fields.tsx';

/** Whose quiet hours hold for a channel. */
export interface ChannelQuiet {
  whose: 'everybody' | 'none' | 'own';
  spans: readonly SpanDraft[];
}

/** What the file says. `quiet: ignore` is the older way to say “none”. */
export function channelQuiet(
  channel: { quiet?: string | undefined; quiet_hours?: readonly QuietHoursConfig[] | undefined } | undefined,
): ChannelQuiet {
  const spans = channel?.quiet_hours;
  if (channel?.quiet === 'ignore') return { whose: 'none', spans: [] };
  if (spans === undefined) return { whose: 'everybody', spans: [] };
  return { whose: spans.length === 0 ? 'none' : 'own', spans };
}

/** What is written for it: null takes the key out of the file, absent leaves it as it is. */
export function quietEdits(before: ChannelQuiet, now: ChannelQuiet): { key: string; value: unknown }[] {
  const value = { everybody: null, none: [], own: now.spans }[now.whose];
  const was = { everybody: null, none: [], own: before.spans }[before.whose];
  if (JSON.stringify(value) === JSON.stringify(was)) return [];
  return [
    { key: 'quiet_hours', value },
    // The list says it; an older `ignore` beside it would stand above it.
    ...(before.whose === 'none' ? [{ key: 'quiet', value: null }] : []),
  ];
}
