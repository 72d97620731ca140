import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { KnownPattern, Remedy } from '@vigiles/contract';
import { Pin, PinOff, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { forgetPattern, pinPattern, promoteRemedy } from '../../../data/knowledge.ts';
import { words } from '../../../live/describe-event.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Ago } from '../../../ui/time.tsx';

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const count = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

/** Success as an interval: the point is what was seen, the bar what is sure. */
function Interval({ remedy }: { remedy: Remedy }) {
  const { fixed, not_fixed, rate, lower, upper } = remedy;
  if (rate === null) return <span className="text-sm text-text-3">not verified yet</span>;
  return (
    <span className="flex items-center gap-2 text-sm">
      <span
        role="img"
        aria-label={`between ${percent(lower)} and ${percent(upper)}`}
        className="relative inline-block h-2 w-24 rounded-full bg-idle-soft"
      >
        <span
          className="absolute inset-y-0 rounded-full bg-accent-solid/60"
          style={{ left: `${lower * 100}%`, right: `${(1 - upper) * 100}%` }}
        />
        <span
          className="absolute -inset-y-0.5 w-0.5 bg-text"
          style={{ left: `calc(${rate * 100}% - 1px)` }}
        />
      </span>
      <span className="num text-text-2">
        {count(fixed)} of {count(fixed + not_fixed)}, at least {percent(lower)}
      </span>
    </span>
  );
}

/** One pattern: what it looks like, what was tried, how surely it helps. */
export function PatternRow({ pattern }: { pattern: KnownPattern }) {
  const client = useQueryClient();
  const { fingerprint, pinned, self } = pattern;
  const fresh = {
    onSuccess: () => client.invalidateQueries({ queryKey: ['knowledge'] }),
    onError: (error: Error) => void toast.error('It was not changed', { description: error.message }),
  };
  const pin = useMutation({ mutationFn: () => pinPattern(fingerprint, !pinned), ...fresh });
  const forget = useMutation({ mutationFn: () => forgetPattern(fingerprint), ...fresh });
  const promote = useMutation({
    mutationFn: ({ id, promoted }: Remedy) => promoteRemedy(fingerprint, id, !promoted),
    ...fresh,
  });
  const PinIcon = pinned ? PinOff : Pin;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-4">
      <div className="min-w-0 flex-1 basis-80">
        <p className="flex flex-wrap items-center gap-2">
          <Badge>{pattern.fault}</Badge>
          <span className="text-sm text-text-3">
            {pattern.target_class}
            {pattern.version && ` ${pattern.version}`} · seen{' '}
            {pattern.occurrences === 1 ? 'once' : `${pattern.occurrences} times`}, last{' '}
            <Ago ts={pattern.last_at} />
          </span>
        </p>
        <p className="mt-1 font-mono text-xs break-words text-text-2">{pattern.template}</p>
        <ul className="mt-2 flex flex-col gap-2">
          {pattern.remedies.map((remedy) => (
            <li key={remedy.id} className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <span className="font-medium first-letter:uppercase">
                {remedy.steps.map(({ action }) => words(action)).join(', then ')}
              </span>
              <Interval remedy={remedy} />
              <span className="text-sm text-text-3">{remedy.auto ? 'applied by itself' : remedy.why}</span>
              <Button
                variant="ghost"
                disabled={promote.isPending}
                data-tip={remedy.promoted ? 'Let the counts decide again' : 'Apply it by itself from now on'}
                onClick={() => promote.mutate(remedy)}
              >
                {remedy.promoted ? 'Do not vouch' : 'Vouch for it'}
              </Button>
            </li>
          ))}
        </ul>
        {self.rate !== null && (
          <p className="mt-1 text-sm text-text-3">
            Left alone, it was over by itself in {percent(self.rate)} of {count(self.observed)}.
          </p>
        )}
      </div>
      <div className="flex gap-2">
        <Button
          disabled={pin.isPending}
          aria-label={`${pinned ? 'Unpin' : 'Pin'} ${pattern.fault} ${pattern.template}`}
          onClick={() => pin.mutate()}
        >
          <PinIcon aria-hidden size={13} /> {pinned ? 'Unpin' : 'Pin'}
        </Button>
        <Button
          variant="danger"
          disabled={forget.isPending}
          aria-label={`Forget ${pattern.fault} ${pattern.template}`}
          onClick={() => forget.mutate()}
        >
          <Trash2 aria-hidden size={13} /> Forget
        </Button>
      </div>
    </li>
  );
}
