import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { toast } from 'sonner';
import { registerPort, reservePort } from '../../data/ports.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

const spans = [
  { id: '3600', label: 'An hour' },
  { id: '28800', label: '8 hours' },
  { id: '86400', label: 'A day' },
  { id: '604800', label: 'A week' },
];
const kinds = [
  { id: 'reserve', label: 'A free port for somebody, for a while' },
  { id: 'register', label: 'This port, for good' },
];

/** Names a port: any free one for an agent or a worktree for a while, or a certain one for good. */
export function NameForm({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [values, setValues] = useState({
    kind: 'reserve',
    name: '',
    owner: '',
    port: '9000',
    ttl: '28800',
    folder: '',
  });
  const set = (key: keyof typeof values) => (value: string) =>
    setValues((before) => ({ ...before, [key]: value }));
  const reserve = values.kind === 'reserve';
  const save = useMutation({
    mutationFn: () => {
      const folder = values.folder.trim() || null;
      const name = values.name.trim();
      return reserve
        ? reservePort({
            name,
            folder,
            owner: values.owner,
            from: Number(values.port),
            ttl_s: Number(values.ttl),
          })
        : registerPort({ name, folder, port: Number(values.port) });
    },
    async onSuccess({ name, port }) {
      toast(`${name} has port ${port ?? ''}`);
      await client.invalidateQueries({ queryKey: ['ports'] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title="Name a port" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 p-4">
        <SelectField label="What" value={values.kind} onChange={set('kind')} choices={kinds} />
        <TextField
          label="Name"
          value={values.name}
          onChange={set('name')}
          hint="Lower-case letters, digits, dashes: web-api is the variable WEB_API_PORT."
          required
          autoFocus
        />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={reserve ? 'From port' : 'Port'}
            value={values.port}
            onChange={set('port')}
            inputMode="numeric"
            pattern="\d{1,5}"
            required
          />
          {reserve && <SelectField label="For" value={values.ttl} onChange={set('ttl')} choices={spans} />}
        </div>
        {reserve && (
          <TextField
            label="For whom"
            value={values.owner}
            onChange={set('owner')}
            hint="An agent, a worktree, a person."
            required
          />
        )}
        <TextField
          label="Folder of its worktree (optional)"
          value={values.folder}
          onChange={set('folder')}
          hint="A process that works there is the right one on this port."
        />
        {save.isError && (
          <p role="alert" className="text-sm break-words text-bad">
            {save.error.message}
          </p>
        )}
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" variant="primary" type="submit" disabled={save.isPending}>
            {reserve ? 'Reserve' : 'Register'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
