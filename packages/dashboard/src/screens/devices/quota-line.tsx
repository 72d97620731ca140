import type { QuotaState } from '@vigiles/contract';
import { formatAbsolute } from '../../format/duration.ts';

const words: Record<QuotaState['quota'], string> = {
  ai_tokens: 'tokens',
  ai_requests: 'turns',
  email_quota: 'mail recipients',
  web_requests: 'web pages',
  bandwidth_mb: 'MB of traffic',
  storage_mb: 'MB stored',
};
const spans: Record<QuotaState['period'], string> = { daily: 'a day', monthly: 'a month', total: '' };

const toneOf = (percent: number): string =>
  percent >= 100 ? 'text-bad' : percent >= 75 ? 'text-warn' : 'text-text-2';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** What a device used of what it may, where it has a limit; those of which nothing is used are a number only. */
export function QuotaLine({ quotas }: { quotas: readonly QuotaState[] }) {
  const limited = quotas.filter(({ limit }) => limit !== null);
  const used = limited.filter((state) => state.used > 0 || state.limit === 0);
  const untouched = limited.length - used.length;
  if (limited.length === 0) return null;
  return (
    <ul aria-label="Quotas" className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-text-3">
      {used.map(({ quota, period, used: count, limit, percent, resets_at: resetsAt }) => (
        <li
          key={`${quota} ${period}`}
          title={resetsAt === null ? undefined : `begins anew ${formatAbsolute(resetsAt)}`}
        >
          <span className={`num ${toneOf(percent ?? 0)}`}>
            {number.format(count)} of {number.format(limit ?? 0)}
          </span>{' '}
          {words[quota]} {spans[period]}
          {percent !== null && percent >= 100 && <span className="text-bad">, used up</span>}
        </li>
      ))}
      {untouched > 0 && (
        <li className="num">{untouched === 1 ? '1 quota' : `${untouched} quotas`} not touched</li>
      )}
    </ul>
  );
}
