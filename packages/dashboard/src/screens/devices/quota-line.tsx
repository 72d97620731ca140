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

/** What a device used of what it may, where it has a limit. */
export function QuotaLine({ quotas }: { quotas: readonly QuotaState[] }) {
  const limited = quotas.filter(({ limit }) => limit !== null);
  if (limited.length === 0) return null;
  return (
    <ul aria-label="Quotas" className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-text-3">
      {limited.map(({ quota, period, used, limit, percent, resets_at: resetsAt }) => (
        <li
          key={`${quota} ${period}`}
          title={resetsAt === null ? undefined : `begins anew ${formatAbsolute(resetsAt)}`}
        >
          <span className={`num ${toneOf(percent ?? 0)}`}>
            {number.format(used)} of {number.format(limit ?? 0)}
          </span>{' '}
          {words[quota]} {spans[period]}
          {percent !== null && percent >= 100 && <span className="text-bad">, used up</span>}
        </li>
      ))}
    </ul>
  );
}
