import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { syncNotion } from '../../data/integrations.ts';
import { Button } from '../../ui/button.tsx';
import { NotionConflicts } from './notion-conflicts.tsx';

/** Bringing all pages in step, and looking at those that changed in both places. */
export function NotionActions({ conflicts }: { conflicts: number }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const sync = useMutation({
    mutationFn: syncNotion,
    onSuccess({ pages }) {
      const wrong = pages.filter(({ outcome }) => outcome === 'failed' || outcome === 'conflict');
      if (wrong.length === 0)
        toast(pages.length === 1 ? 'The page is in step' : `${pages.length} pages are in step`);
      else
        toast.error(`${wrong.length} of ${pages.length} pages are not in step`, {
          description: wrong[0]?.note,
        });
      return client.invalidateQueries({ queryKey: ['integrations', 'notion'] });
    },
    onError: (error) => void toast.error('Nothing was brought in step', { description: error.message }),
  });
  return (
    <>
      {conflicts > 0 && (
        <Button variant="primary" onClick={() => setOpen(true)}>
          {conflicts === 1 ? 'Look at the conflict' : `Look at ${conflicts} conflicts`}
        </Button>
      )}
      <Button disabled={sync.isPending} onClick={() => sync.mutate()}>
        <RefreshCw aria-hidden size={13} /> {sync.isPending ? 'Bringing in step…' : 'Bring in step'}
      </Button>
      {open && <NotionConflicts onClose={() => setOpen(false)} />}
    </>
  );
}
