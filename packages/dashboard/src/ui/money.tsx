import { formatMicros } from '../format/money.ts';

/** A cost; without a price it says so instead of looking free. */
export function Money({ micros }: { micros: number | null }) {
  if (micros === null) {
    return (
      <span className="text-text-3" data-tip="No price is known for this model. The cost is not zero.">
        unpriced
      </span>
    );
  }
  return <span className="num">{formatMicros(micros)}</span>;
}
