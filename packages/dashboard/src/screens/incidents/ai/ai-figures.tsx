import type { DiagnosisStatus } from '@vigiles/contract';
import { formatMicros } from '../../../format/money.ts';
import { Panel } from '../../../ui/panel.tsx';
import { Stat } from '../../../ui/stat.tsx';

/** What tier 3 may still do and what it has cost. */
export function AiFigures({ status }: { status: DiagnosisStatus }) {
  const { month_micros, limits, month_tokens_in, month_tokens_out, month_calls, month_unpriced } = status;
  const share = limits.monthly_micros > 0 ? Math.min(1, month_micros / limits.monthly_micros) : 1;
  return (
    <Panel
      title="AI diagnosis"
      aside={
        <span className="text-text-2">{status.ready ? 'Ready' : status.enabled ? 'Waiting' : 'Off'}</span>
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 @xl:grid-cols-4">
        <Stat
          label="Cost this month"
          tip="By the gateway’s ledger, with what is set aside for questions under way"
        >
          {formatMicros(month_micros)}
        </Stat>
        <Stat label="Budget">{formatMicros(limits.monthly_micros)}</Stat>
        <Stat label="Tokens in / out">
          {month_tokens_in.toLocaleString('en')} / {month_tokens_out.toLocaleString('en')}
        </Stat>
        <Stat label="Left today">
          {status.calls_left_today} of {limits.per_day}
        </Stat>
      </dl>
      <div
        role="meter"
        aria-label="Share of this month’s budget"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="mt-4 h-1.5 overflow-hidden rounded-full bg-idle-soft"
      >
        <div className="h-full bg-accent-solid" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="mt-3 text-sm text-pretty text-text-3">
        {month_calls === 1 ? '1 question' : `${month_calls} questions`} this month
        {month_unpriced > 0 && `, ${month_unpriced} of them unpriced`}. Asks{' '}
        <span className="break-words text-text-2">{status.model ?? 'no model: none is named'}</span>.
        {status.why !== null && ` ${status.why}.`}
      </p>
    </Panel>
  );
}
