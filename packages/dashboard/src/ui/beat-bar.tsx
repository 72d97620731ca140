import type { Beat, ServiceState } from '@vigiles/contract';
import { memo } from 'react';
import { formatClock, formatMs } from '../format/duration.ts';
import { serviceFace } from './state.tsx';

const SLOTS = 90;
const fill: Record<ServiceState, string> = {
  UP: 'var(--beat-up)',
  SUSPECT: 'var(--warn-fill)',
  DOWN: 'var(--bad-fill)',
  RECOVERING: 'var(--busy-fill)',
  UNKNOWN: 'var(--idle-fill)',
  MAINTENANCE: 'var(--idle-fill)',
  STOPPED_BY_USER: 'var(--line-strong)',
};
/** Height says the state too, for those who do not see the colour. */
const height: Record<ServiceState, number> = {
  UP: 1,
  RECOVERING: 0.75,
  SUSPECT: 0.75,
  DOWN: 1,
  UNKNOWN: 0.35,
  MAINTENANCE: 0.35,
  STOPPED_BY_USER: 0.2,
};

/** What the bar shows, in words. */
export function summarize(beats: readonly Beat[]): string {
  if (beats.length === 0) return 'No looks yet';
  const counts = new Map<ServiceState, number>();
  for (const { state } of beats) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, n]) => `${n} ${serviceFace[state].label.toLowerCase()}`);
  return `Last ${beats.length} looks: ${parts.join(', ')}`;
}

/** Runs of equal beats become one path per state: a row costs a few nodes, not ninety. */
function paths(beats: readonly Beat[], slots: number, h: number, step: number): [ServiceState, string][] {
  const out = new Map<ServiceState, string>();
  const offset = slots - beats.length;
  const wide = step * 0.68;
  beats.forEach(({ state }, i) => {
    const tall = Math.max(2, Math.round(h * height[state]));
    // DOWN has a notch at the foot: a shape of its own.
    const y = state === 'DOWN' ? 0 : Math.round((h - tall) / 2);
    out.set(state, `${out.get(state) ?? ''}M${(offset + i) * step} ${y}h${wide}v${tall}h-${wide}z`);
  });
  return [...out];
}

/** The last looks, oldest left; empty slots are looks that were not made yet. */
export const BeatBar = memo(function BeatBar({
  beats,
  slots = SLOTS,
  h = 16,
  pitch,
  tips = false,
}: {
  beats: readonly Beat[];
  slots?: number;
  h?: number;
  /** Pixels from one beat to the next; without it the bar fills its box. */
  pitch?: number;
  tips?: boolean;
}) {
  const shown = beats.slice(-slots);
  const step = pitch ?? 3;
  const empty = Array.from(
    { length: slots - shown.length },
    (_, i) => `M${i * step} ${h / 2 - 1}h${step * 0.68}v2h-${step * 0.68}z`,
  ).join('');
  return (
    <svg
      role="img"
      aria-label={summarize(shown)}
      data-tip={tips ? undefined : summarize(shown)}
      viewBox={`0 0 ${slots * step} ${h}`}
      width={pitch ? slots * pitch : undefined}
      preserveAspectRatio="none"
      className={pitch ? 'block' : 'block w-full'}
      style={{ height: h }}
    >
      {empty && <path d={empty} fill="var(--line)" />}
      {paths(shown, slots, h, step).map(([state, d]) => (
        <path key={state} d={d} fill={fill[state]} />
      ))}
      {tips &&
        shown.map((beat, i) => (
          <rect
            key={beat.ts}
            x={(slots - shown.length + i) * step}
            width={step}
            height={h}
            fill="transparent"
            data-tip={`${serviceFace[beat.state].label} · ${formatMs(beat.latency_ms)}\n${formatClock(beat.ts)}${beat.message ? `\n${beat.message}` : ''}`}
          />
        ))}
    </svg>
  );
});
