import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GuardState } from '@vigiles/contract';
import { toast } from 'sonner';
import { guardQuery, resetGuard } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Countdown } from '../ui/time.tsx';

/** How the guards stand, in one or two lines. Nothing where nothing was done lately. */
export function GuardText({ guard }: { guard: GuardState }) {
  const { restarts_in_window: done, max_restarts: most, window_s, breaker_open_until: open } = guard;
  const minutes = Math.round(window_s / 60);
  const cooling = guard.cooldowns.filter(({ next_at }) => next_at !== null && next_at > Date.now());
  if (done === 0 && open === null) return null;
  return (
    <div className="flex flex-col gap-0.5 text-sm text-text-2">
      <p>
        <span className="num">
          {done} of {most}
        </span>{' '}
        attempts in {minutes} min
      </p>
      {open === null
        ? cooling.map(({ pattern, next_at }) => (
            <p key={pattern}>
              Next try ({pattern.replaceAll('_', ' ')}) in <Countdown until={next_at ?? 0} />
            </p>
          ))
        : null}
      {open !== null && (
        <p className="text-warn">
          The watchdog does not act by itself; one trial in <Countdown until={open} />
        </p>
      )}
    </div>
  );
}

/** The guards of a target, with the way to close an open breaker. */
export function GuardLine({ target }: { target: string }) {
  const client = useQueryClient();
  const guard = useQuery(guardQuery(target)).data ?? null;
  const reset = useMutation({
    mutationFn: () => resetGuard(target),
    onSuccess: (next) => client.setQueryData(guardQuery(target).queryKey, next),
    onError: (error) => toast.error(error.message),
  });
  if (!guard || (guard.restarts_in_window === 0 && guard.breaker_open_until === null)) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md bg-sunken px-3 py-2">
      <GuardText guard={guard} />
      {guard.breaker_open_until !== null && (
        <Button className="ml-auto" disabled={reset.isPending} onClick={() => reset.mutate()}>
          Let it try now
        </Button>
      )}
    </div>
  );
}
