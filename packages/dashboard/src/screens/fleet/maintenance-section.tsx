import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Maintenance, Service } from '@vigiles/contract';
import { Wrench } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { beginMaintenance, concerns, endMaintenance, maintenanceQuery } from '../../data/maintenance.ts';
import { refreshService } from '../../data/queries.ts';
import { formatAbsolute } from '../../format/duration.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

const spans = [
  { id: '30', label: '30 minutes' },
  { id: '60', label: '1 hour' },
  { id: '240', label: '4 hours' },
  { id: '1440', label: '1 day' },
];

const sourceText: Record<Maintenance['source'], string> = {
  person: 'set by a person',
  service: 'from the configuration of this service',
  fleet: 'from the configuration',
};

/** Open and planned windows of a service, and the button that puts it into maintenance. */
export function MaintenanceSection({ service }: { service: Service }) {
  const client = useQueryClient();
  const [minutes, setMinutes] = useState('30');
  const [reason, setReason] = useState('');
  const query = useQuery(maintenanceQuery);
  const windows = (query.data ?? []).filter((one) => concerns(one, service.name));
  const done = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: maintenanceQuery.queryKey }),
      refreshService(client, service.name),
    ]);
  const failed = (error: Error) => toast.error('Nothing was changed', { description: error.message });
  const begin = useMutation({
    mutationFn: () => beginMaintenance(service.name, Number(minutes), reason),
    onSuccess: done,
    onError: failed,
  });
  const end = useMutation({ mutationFn: endMaintenance, onSuccess: done, onError: failed });
  const isOpen = windows.some(({ open }) => open);

  return (
    <div className="flex flex-col gap-3">
      {query.isError && !query.data && <p className="text-text-3">Its windows cannot be read now.</p>}
      {windows.map((window) => {
        const { id } = window;
        return (
          <div key={id ?? `${window.source}${window.from}`} className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium break-words">
                {window.open ? 'Now' : 'Next'}
                {window.reason && `: ${window.reason}`}
              </p>
              <p className="num text-sm text-text-3">
                {formatAbsolute(window.from)} to {formatAbsolute(window.to)}, {sourceText[window.source]}
              </p>
            </div>
            {id !== null && (
              <Button disabled={end.isPending} onClick={() => end.mutate(id)}>
                End
              </Button>
            )}
          </div>
        );
      })}
      {!isOpen && (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate();
          }}
        >
          <SelectField label="For" value={minutes} onChange={setMinutes} choices={spans} />
          <div className="min-w-32 flex-1">
            <TextField label="Reason" value={reason} onChange={setReason} />
          </div>
          <Button type="submit" disabled={begin.isPending}>
            <Wrench aria-hidden size={13} /> Begin maintenance
          </Button>
        </form>
      )}
      <p className="text-sm text-text-3">
        While it lasts the service is looked at, but nobody is alerted and nothing is done to it.
      </p>
    </div>
  );
}
