import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { replayQuery } from '../../data/knowledge.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

function Answer({ id }: { id: string }) {
  const query = useQuery(replayQuery(id));
  const { data } = query;
  if (query.isError)
    return <ErrorState error={query.error} what="The replay" retry={() => void query.refetch()} />;
  if (!data) return <SkeletonRows rows={3} height={40} />;
  return (
    <div className="flex flex-col gap-4">
      <p className="font-medium text-pretty">{data.decision}</p>
      <ol className="flex flex-col gap-3">
        {data.tiers.map(({ tier, title, why, decides, plans }) => (
          <li key={tier} className={decides ? '' : 'text-text-3'}>
            <p className="flex flex-wrap items-center gap-2">
              <Badge>Tier {tier}</Badge>
              <span className="font-medium">{title}</span>
              {decides && <span className="text-sm text-accent">decides</span>}
            </p>
            <p className="mt-0.5 text-sm text-pretty break-words">{why}</p>
            {plans.map((plan) => (
              <ul key={plan.action} className="mt-1 list-disc pl-5 text-sm text-text-2">
                {plan.steps.map((step) => (
                  <li key={step} className="break-words">
                    {step}
                  </li>
                ))}
                {plan.refusal && <li className="break-words text-text-3">Not now: {plan.refusal}</li>}
              </ul>
            ))}
          </li>
        ))}
      </ol>
      {data.decided_then.length > 0 && (
        <p className="text-sm text-pretty text-text-3">
          Then it was decided: {data.decided_then.join(' → ')}
        </p>
      )}
    </div>
  );
}

/** What would be decided today. Nothing is done, no model is asked. */
export function Replay({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title="Replay"
      aside={
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          <RotateCcw aria-hidden size={13} /> {open ? 'Hide' : 'What would happen today?'}
        </Button>
      }
    >
      {open ? (
        <Answer id={id} />
      ) : (
        <p className="text-sm text-pretty text-text-3">
          Decides again with today’s rules and knowledge. Nothing is done and no model is asked.
        </p>
      )}
    </Panel>
  );
}
