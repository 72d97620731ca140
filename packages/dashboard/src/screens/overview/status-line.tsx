import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { faultProblemsQuery } from '../../data/faults.ts';
import { incidentsQuery, servicesQuery, statusQuery } from '../../data/queries.ts';
import { cx } from '../../ui/cx.ts';
import { toneFill } from '../../ui/state.tsx';
import { Span } from '../../ui/time.tsx';
import { statusSentence } from './sentence.ts';

/** One sentence that says how things are, and under it what it was made from. */
export function StatusLine() {
  const services = useQuery(servicesQuery);
  const status = useQuery(statusQuery).data;
  const [refused] = useQuery(faultProblemsQuery).data ?? [];
  const open = useInfiniteQuery(incidentsQuery({ state: 'open' }));
  const incidents = open.data?.pages.reduce((n, page) => n + page.incidents.length, 0) ?? 0;
  if (!services.data) {
    return (
      <div className="flex flex-col gap-2.5 py-1">
        <div className="skeleton h-6 w-80 max-w-full" />
        <div className="skeleton h-3.5 w-56" />
      </div>
    );
  }
  const { tone, text } = statusSentence(services.data, incidents);
  const up = services.data.filter((each) => each.state === 'UP').length;
  return (
    <div>
      <p className="flex items-baseline gap-3 text-xl font-semibold tracking-tight text-balance">
        <span aria-hidden className={cx('size-2.5 shrink-0 -translate-y-px rounded-full', toneFill[tone])} />
        {text}
      </p>
      <p className="num mt-1 pl-[22px] text-text-2">
        {services.data.length > 0 && (
          <>
            {up} of {services.data.length} {services.data.length === 1 ? 'service' : 'services'} up
            <span className="text-text-3"> · </span>
          </>
        )}
        {incidents === 0 ? 'no open incidents' : `${incidents} open incident${incidents === 1 ? '' : 's'}`}
        {status && (
          <>
            <span className="text-text-3"> · </span>running for <Span since={status.server.started_at} />
          </>
        )}
      </p>
      {status && status.config.problems.length > 0 && (
        <p className="mt-3 rounded-md bg-warn-soft px-3 py-2 text-warn">
          The configuration file has {status.config.problems.length} problem
          {status.config.problems.length === 1 ? '' : 's'}; the last good one is in force. Line{' '}
          {status.config.problems[0]?.line}: {status.config.problems[0]?.message}
        </p>
      )}
      {refused && (
        <p className="mt-3 rounded-md bg-warn-soft px-3 py-2 break-words text-warn">
          A file of the{' '}
          <Link to="/incidents/faults" className="underline">
            fault catalogue
          </Link>{' '}
          is refused; the last good one is in force. {refused.file}:{refused.line}: {refused.message}
        </p>
      )}
    </div>
  );
}
