import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { applyIncident } from '../../data/apply-events.ts';
import { noteOnIncident } from '../../data/knowledge.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

/** A person's own words, added to the story. */
export function AddNote({ id }: { id: string }) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => noteOnIncident(id, text.trim()),
    onSuccess(next) {
      applyIncident(client, next);
      setText('');
    },
    onError: (error) => toast.error('The note was not added', { description: error.message }),
  });
  return (
    <form
      className="mt-5 flex items-end gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') add.mutate();
      }}
    >
      <TextField wrap="flex-1" label="Add a note" value={text} onChange={setText} maxLength={4000} />
      <Button type="submit" size="md" disabled={add.isPending || text.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
