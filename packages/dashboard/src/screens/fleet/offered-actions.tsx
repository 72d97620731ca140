import { useQuery } from '@tanstack/react-query';
import type { Service } from '@vigiles/contract';
import { GuardLine } from '../../actions/guard-line.tsx';
import { MoreActions } from '../../actions/more-actions.tsx';
import { RunCard } from '../../actions/run-card.tsx';
import { runsQuery } from '../../data/queries.ts';
import { openPlan } from '../../shell/ui-store.ts';
import { Button } from '../../ui/button.tsx';

const RECENT = 3;

/** What can be done, why the rest cannot, and what is being done. */
export function OfferedActions({ service }: { service: Service }) {
  const runs = (useQuery(runsQuery).data ?? []).filter((run) => run.target === service.name);
  const active = runs.filter((run) => run.state !== 'finished' && run.state !== 'refused');
  const recent = runs.filter((run) => !active.includes(run)).slice(0, RECENT);
  return (
    <div className="flex flex-col gap-4">
      {service.actions.length > 0 ? (
        <div className="flex flex-wrap gap-2">
          {service.actions.map(({ action, title, enabled, reason }) => (
            <Button
              key={action}
              // Not `disabled`: then nobody could reach the reason with the keyboard.
              aria-disabled={!enabled}
              aria-description={enabled ? undefined : reason}
              data-tip={enabled ? undefined : (reason ?? 'Not possible now')}
              onClick={() => enabled && openPlan(action, title, service.name)}
            >
              {title}
            </Button>
          ))}
          <MoreActions
            target={service.name}
            targetClass="service"
            without={service.actions.map(({ action }) => action)}
          />
        </div>
      ) : (
        <p className="text-text-3">Vigiles only watches this service; it offers no actions.</p>
      )}
      <GuardLine target={service.name} />
      {[...active, ...recent].map((run) => (
        <div key={run.id} className="rounded-md border border-line p-3">
          <RunCard run={run} />
        </div>
      ))}
    </div>
  );
}
