import type { LiveTurn } from '@vigiles/contract';
import { cx } from '../../ui/cx.ts';

const phases: Record<LiveTurn['phase'], { label: string; dot: string }> = {
  connecting: { label: 'Connecting', dot: 'border border-edge' },
  waiting: { label: 'Thinking', dot: 'bg-busy-fill pulse' },
  streaming: { label: 'Streaming', dot: 'bg-ok-fill' },
};

/** How far a turn is. */
export function PhaseLabel({ phase }: { phase: LiveTurn['phase'] }) {
  const { label, dot } = phases[phase];
  return (
    <span className="inline-flex items-center gap-2 text-text-2">
      <span aria-hidden className={cx('mx-[3px] size-2 rounded-full', dot)} />
      {label}
    </span>
  );
}
