import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { clearNotifications } from '../../data/notification-queries.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';

const spans = [
  { id: '30', label: 'Older than 30 days' },
  { id: '7', label: 'Older than 7 days' },
  { id: '1', label: 'Older than a day' },
  { id: '0', label: 'Everything' },
];

/** Forgets the history, after a question: it cannot be undone. */
export function ClearHistory({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [days, setDays] = useState('30');
  const clear = useMutation({
    mutationFn: () => clearNotifications(Number(days)),
    async onSuccess(count) {
      onClose();
      toast(count === 1 ? 'One notification forgotten' : `${count} notifications forgotten`);
      await client.invalidateQueries({ queryKey: ['notifications'] });
    },
  });
  return (
    <Dialog title="Clear the history" onClose={onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          clear.mutate();
        }}
      >
        <SelectField label="What is forgotten" value={days} onChange={setDays} choices={spans} />
        <p className="text-sm text-pretty text-text-2">
          It cannot be undone. What still waits to be sent stays, and is sent.
        </p>
        {clear.isError && (
          <p role="alert" className="text-sm break-words text-bad">
            {clear.error.message}
          </p>
        )}
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" size="md" variant="danger" disabled={clear.isPending}>
            {clear.isPending ? 'Clearing…' : 'Clear history'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
