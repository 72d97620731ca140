import type { Delivery } from '@vigiles/contract';
import { cx } from '../../ui/cx.ts';
import { toneText } from '../../ui/state.tsx';
import { deliveryFace } from './faces.ts';

/** Of each channel only the last: a repetition stands for what came before it. */
const latest = (deliveries: readonly Delivery[]): Delivery[] => [
  ...new Map(deliveries.map((delivery) => [delivery.channel, delivery])).values(),
];

/** What became of a notification on each channel, in a line. */
export function DeliveryMarks({ deliveries }: { deliveries: readonly Delivery[] }) {
  if (deliveries.length === 0) return <span className="text-text-3">dashboard only</span>;
  return (
    <span className="flex min-w-0 items-center gap-3 overflow-hidden">
      {latest(deliveries).map(({ id, channel, state }) => {
        const { icon: Icon, label, tone } = deliveryFace[state];
        return (
          <span key={id} className="inline-flex min-w-0 items-center gap-1">
            <Icon
              aria-hidden
              size={13}
              strokeWidth={2.2}
              className={cx('shrink-0', toneText[tone], state === 'sending' && 'spin')}
            />
            <span className="truncate text-text-2">{channel}</span>
            <span className="sr-only">{label}</span>
          </span>
        );
      })}
    </span>
  );
}
