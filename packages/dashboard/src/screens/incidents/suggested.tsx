import { useMutation } from '@tanstack/react-query';
import type { Incident } from '@vigiles/contract';
import { toast } from 'sonner';
import { approveIncident } from '../../data/knowledge.ts';
import { words } from '../../live/describe-event.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';

/** What the AI advised, and the button that does it. */
export function Suggested({ incident }: { incident: Incident }) {
  const approve = useMutation({
    mutationFn: () => approveIncident(incident.id),
    onSuccess: () => toast('Approved', { description: 'It runs now and is verified like any other.' }),
    onError: (error) => toast.error('Not done', { description: error.message }),
  });
  const { suggestion } = incident;
  if (!suggestion || incident.state === 'closed') return null;
  return (
    <Panel
      title="The AI suggests"
      aside={<span>says it is {Math.round(suggestion.confidence * 100)} % sure</span>}
    >
      <p className="font-medium first-letter:uppercase">{words(suggestion.action)}</p>
      <p className="mt-1 text-pretty break-words text-text-2">{suggestion.reason}</p>
      {Object.keys(suggestion.params).length > 0 && (
        <code className="mt-1 block font-mono text-xs break-all text-text-3">
          {JSON.stringify(suggestion.params)}
        </code>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          disabled={approve.isPending || incident.state === 'acting'}
          onClick={() => approve.mutate()}
        >
          Do it
        </Button>
        <span className="text-sm text-text-3">It was told log lines of others. Judge for yourself.</span>
      </div>
    </Panel>
  );
}
