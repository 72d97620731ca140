import type { TurnDetail } from '@vigiles/contract';
import { formatMicros } from '../../../format/money.ts';
import { formatCount } from '../../../format/number.ts';
import { Money } from '../../../ui/money.tsx';
import { auditOf } from './audit.ts';

const head = 'h-7 px-2 text-right text-sm font-normal text-text-3 first:pl-0 first:text-left last:pr-0';
const cell = 'num h-7 px-2 text-right first:pl-0 first:text-left last:pr-0';

/** The bill: tokens × rate → dollars. */
export function Cost({ turn }: { turn: TurnDetail }) {
  const { lines, rounded } = auditOf(turn);
  if (lines.length === 0) {
    const why =
      turn.cost_micros === 0
        ? 'Nothing was charged: it ran on this machine, or nothing was used.'
        : turn.cost_micros === null
          ? 'No price is known for this model. The cost is unknown, not zero.'
          : `It cost ${formatMicros(turn.cost_micros)}; the rates it was priced with are not kept.`;
    return <p className="text-pretty text-text-3">{why}</p>;
  }
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="border-b border-line">
          <th scope="col" className={head}>
            Part
          </th>
          <th scope="col" className={head}>
            Tokens
          </th>
          <th scope="col" className={head}>
            Rate
          </th>
          <th scope="col" className={head}>
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.name}>
            <th scope="row" className={`${cell} font-normal text-text-2`}>
              {line.name}
            </th>
            <td className={cell}>{line.tokens === null ? '' : formatCount(line.tokens)}</td>
            <td className={`${cell} text-text-2`}>{line.rate}</td>
            <td className={cell}>{formatMicros(line.micros)}</td>
          </tr>
        ))}
        <tr className="border-t border-line">
          <th scope="row" colSpan={3} className={`${cell} font-medium`}>
            Cost
            {rounded > 0.0001 && (
              <span className="font-normal text-text-3"> (rounded up to a whole micro-dollar)</span>
            )}
          </th>
          <td className={`${cell} font-medium`}>
            <Money micros={turn.cost_micros} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}
