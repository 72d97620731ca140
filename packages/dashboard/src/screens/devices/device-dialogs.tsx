import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { revokeDevice, rotateDevice, type ListedDevice } from '../../data/devices.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

const overlaps = [
  { id: '0', label: 'At once' },
  { id: '600', label: 'In ten minutes' },
  { id: '3600', label: 'In an hour' },
  { id: '86400', label: 'In a day' },
];

function Problem({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="text-sm break-words text-bad">
      {error.message}
    </p>
  );
}

/** A new token; it is shown here and never again. */
export function RotateDialog({ device, onClose }: { device: ListedDevice; onClose: () => void }) {
  const client = useQueryClient();
  const [overlap, setOverlap] = useState('0');
  const rotate = useMutation({
    mutationFn: () => rotateDevice(device.id, Number(overlap)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['devices'] }),
  });
  if (rotate.data) {
    const { token } = rotate.data;
    return (
      <Dialog title={`New token of ${device.name}`} onClose={onClose}>
        <div className="flex flex-col gap-3 p-4">
          <p className="text-pretty text-text-2">
            It is shown only now. Put it where {device.name} reads it.
          </p>
          <code className="rounded-md bg-idle-soft p-3 font-mono text-xs break-all">{token}</code>
          <DialogActions bare>
            <Button
              size="md"
              onClick={() => {
                void navigator.clipboard.writeText(token).then(
                  () => toast('Copied'),
                  () =>
                    toast.error('The browser did not allow it', { description: 'Select it and copy it.' }),
                );
              }}
            >
              Copy
            </Button>
            <Button size="md" variant="primary" onClick={onClose}>
              Done
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Rotate the token of ${device.name}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <SelectField
          label="The old token ends"
          value={overlap}
          onChange={setOverlap}
          choices={overlaps}
          hint="Until then both work, so that nothing has to stop."
        />
        <Problem error={rotate.error} />
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" size="md" variant="primary" disabled={rotate.isPending}>
            {rotate.isPending ? 'Making a token…' : 'New token'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Ends a device for good, after its name was typed. */
export function RevokeDialog({ device, onClose }: { device: ListedDevice; onClose: () => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const revoke = useMutation({
    mutationFn: () => revokeDevice(device.id),
    async onSuccess() {
      onClose();
      toast(`${device.name} is revoked`);
      await client.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const same = typed.trim() === device.name.trim();
  return (
    <Dialog title={`Revoke ${device.name}`} onClose={onClose}>
      <form
        className="flex flex-col gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (same) revoke.mutate();
        }}
      >
        <p className="text-pretty text-text-2">
          Its token, its short tokens and its open connections end at once. To come back it has to be paired
          anew.
        </p>
        <TextField label={`Type “${device.name}” to confirm`} value={typed} onChange={setTyped} autoFocus />
        <Problem error={revoke.error} />
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" size="md" variant="danger" disabled={!same || revoke.isPending}>
            {revoke.isPending ? 'Revoking…' : 'Revoke'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
