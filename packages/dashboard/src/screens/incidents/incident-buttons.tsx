import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Incident } from '@vigiles/contract';
import { Download, Hand } from 'lucide-react';
import { toast } from 'sonner';
import { applyIncident } from '../../data/apply-events.ts';
import { cancelIncident, exportIncident } from '../../data/knowledge.ts';
import { Button } from '../../ui/button.tsx';

/** Stops whatever Vigiles does about it; from then on a person decides. */
export function TakeOverButton({ incident }: { incident: Incident }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelIncident(incident.id),
    onSuccess(next) {
      applyIncident(client, next);
      toast('It is yours', { description: 'Vigiles does nothing more about it by itself.' });
    },
    onError: (error) => toast.error('Not taken over', { description: error.message }),
  });
  if (incident.state === 'closed') return null;
  return (
    <Button
      disabled={cancel.isPending}
      data-tip="Cancels what is under way and stops automatic answers"
      onClick={() => cancel.mutate()}
    >
      <Hand aria-hidden size={14} /> Take over
    </Button>
  );
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The report, for a bug tracker or a colleague. Secrets are taken out by the server. */
export function ExportButton({ id }: { id: string }) {
  const load = useMutation({
    async mutationFn(as: 'md' | 'json') {
      const report = await exportIncident(id);
      if (as === 'md') save(`${id}.md`, 'text/markdown', report.markdown);
      else save(`${id}.json`, 'application/json', `${JSON.stringify(report, null, 2)}\n`);
    },
    onError: (error) => toast.error('No report', { description: error.message }),
  });
  return (
    <>
      <Button disabled={load.isPending} onClick={() => load.mutate('md')}>
        <Download aria-hidden size={14} /> Report
      </Button>
      <Button disabled={load.isPending} aria-label="Report as JSON" onClick={() => load.mutate('json')}>
        JSON
      </Button>
    </>
  );
}
