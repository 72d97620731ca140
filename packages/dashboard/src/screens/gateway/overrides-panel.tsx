import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProviderOverride } from '@vigiles/contract';
import { toast } from 'sonner';
import { endOverride, overridesQuery } from '../../data/overrides.ts';
import { actorName, withNames } from '../../live/actor-names.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Countdown } from '../../ui/time.tsx';
import { overrideText } from './override-text.ts';

function Row({ override }: { override: ProviderOverride }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => endOverride(override.id),
    onError: (error) => toast.error('It was not ended', { description: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: overridesQuery.queryKey }),
  });
  return (
    <li className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="text-pretty break-words">
          <span className="font-medium">{override.provider}</span> {overrideText(override)}
          <span className="text-text-3">
            {' '}
            · ends in <Countdown until={override.until} />
          </span>
        </p>
        <p className="text-sm text-pretty break-words text-text-3">
          By {actorName(override.actor)}: {withNames(override.reason)}
        </p>
      </div>
      <Button
        disabled={end.isPending}
        onClick={() => end.mutate()}
        aria-label={`End now: ${override.provider} ${overrideText(override)}`}
      >
        End now
      </Button>
    </li>
  );
}

/** What actions changed for a while and no file says; nothing is drawn where nothing holds. */
export function OverridesPanel() {
  const { data = [] } = useQuery(overridesQuery);
  if (data.length === 0) return null;
  return (
    <Panel title="In force for now" flush>
      <ul>
        {data.map((override) => (
          <Row key={override.id} override={override} />
        ))}
      </ul>
    </Panel>
  );
}
