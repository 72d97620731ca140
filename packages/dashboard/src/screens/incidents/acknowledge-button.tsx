import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Incident } from '@vigiles/contract';
import { Check } from 'lucide-react';
import { toast } from 'sonner';
import { applyIncident } from '../../data/apply-events.ts';
import { acknowledgeIncident } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';

/** "I have seen it": takes an incident out of everybody's inbox. */
export function AcknowledgeButton({ incident }: { incident: Incident }) {
  const client = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () => acknowledgeIncident(incident.id),
    onSuccess: (next) => applyIncident(client, next),
    onError: (error) => toast.error('Not acknowledged', { description: error.message }),
  });
  if (incident.acknowledged_by !== null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-sm text-text-3">
        <Check aria-hidden size={14} /> Acknowledged
      </span>
    );
  }
  if (incident.state === 'closed') return null;
  return (
    <Button disabled={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
      <Check aria-hidden size={14} /> Acknowledge
    </Button>
  );
}
