import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PortConflict, PortService } from '@vigiles/contract';
import { useState, type ReactNode } from 'react';
import { toast } from 'sonner';
import { reassignPort, releasePort } from '../../data/ports.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Countdown } from '../../ui/time.tsx';
import { ConflictNote } from './conflicts.tsx';
import { portFace } from './port-face.ts';

/** One named port, and what can be done with the name. */
export function PortDrawer({
  row,
  conflict,
  onClose,
}: {
  row: PortService;
  conflict: PortConflict | undefined;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [port, setPort] = useState('');
  const done = () => client.invalidateQueries({ queryKey: ['ports'] });
  const reassign = useMutation({
    mutationFn: (to: number | null) => reassignPort(row.name, to),
    onSuccess: (now) => {
      toast(`${row.name} has port ${now.port ?? ''} now`);
      setPort('');
      return done();
    },
  });
  const release = useMutation({
    mutationFn: () => releasePort(row.name),
    onSuccess: () => {
      toast(`${row.name} was released`);
      onClose();
      return done();
    },
  });
  const error = reassign.error ?? release.error;
  const wanted = Number(port);
  return (
    <Drawer title={row.name} label={`Port ${row.name}`} onClose={onClose}>
      <div className="flex flex-col gap-5 p-4">
        {conflict && <ConflictNote conflict={conflict} />}
        <Facts
          rows={[
            ['Port', row.port ?? 'none'],
            ['State', <StateLabel key="s" face={portFace[row.status]} />],
            ['Pid', row.pid ?? 'none'],
            ['Environment', row.environment],
            ['From', row.source === 'service' ? 'a service in vigiles.yaml' : 'the registry'],
            ...(row.service ? [['Service', row.service] as [string, string]] : []),
            ...(row.owner ? [['For', row.owner] as [string, string]] : []),
            ...(row.folder ? [['Folder', row.folder] as [string, string]] : []),
            ...(row.expires_at
              ? [['Ends in', <Countdown key="e" until={row.expires_at} />] as [string, ReactNode]]
              : []),
          ]}
        />
        {row.source === 'registry' ? (
          <form
            className="flex flex-col gap-3 border-t border-line pt-4"
            onSubmit={(event) => {
              event.preventDefault();
              reassign.mutate(port.trim() === '' ? null : wanted);
            }}
          >
            <TextField
              label="Another port"
              value={port}
              onChange={setPort}
              inputMode="numeric"
              pattern="\d{1,5}"
              placeholder="The next one that is free"
            />
            {error && (
              <p role="alert" className="text-sm break-words text-bad">
                {error.message}
              </p>
            )}
            <div className="flex gap-2">
              <Button size="md" type="submit" disabled={reassign.isPending}>
                Reassign
              </Button>
              <Button
                size="md"
                variant="danger"
                className="ml-auto"
                disabled={release.isPending}
                onClick={() => release.mutate()}
              >
                Release
              </Button>
            </div>
          </form>
        ) : (
          <p className="text-sm text-text-3">Its port is set where the service is: in vigiles.yaml.</p>
        )}
      </div>
    </Drawer>
  );
}
