import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive } from 'lucide-react';
import { toast } from 'sonner';
import { runBackup, type BackupFacts } from '../../data/integrations.ts';
import { Button } from '../../ui/button.tsx';

/** One button for each place that is used: a backup to it, now. */
export function BackUpNow({ targets }: { targets: readonly BackupFacts[] }) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: runBackup,
    onSuccess(_run, target) {
      toast(`A backup to ${target} has begun`, { description: 'Its result is shown here and in the audit.' });
      return client.invalidateQueries({ queryKey: ['integrations', 'backups'] });
    },
    onError: (error) => void toast.error('No backup was begun', { description: error.message }),
  });
  const used = targets.filter(({ enabled }) => enabled);
  return used.map(({ name, last }) => {
    const busy = last?.state === 'running' || (run.isPending && run.variables === name);
    return (
      <Button key={name} disabled={busy} onClick={() => run.mutate(name)}>
        <Archive aria-hidden size={13} />
        {busy ? 'Backing up…' : used.length === 1 ? 'Back up now' : `Back up to ${name}`}
      </Button>
    );
  });
}
