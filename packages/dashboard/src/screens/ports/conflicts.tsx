import { useQuery } from '@tanstack/react-query';
import type { PortConflict } from '@vigiles/contract';
import { TriangleAlert } from 'lucide-react';
import { listenersQuery } from '../../data/ports.ts';
import { Button } from '../../ui/button.tsx';
import { endable, openEnd } from './port-face.ts';

/** Who is where somebody else belongs, and what can be done about it. */
export function ConflictNote({ conflict }: { conflict: PortConflict }) {
  const listener = useQuery(listenersQuery).data?.find(({ port }) => port === conflict.service_port);
  const mine = listener ? endable(listener) : [];
  const why = listener?.processes.find((one) => one.protected !== null)?.protected;
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md bg-warn-soft px-3 py-2">
      <TriangleAlert aria-hidden size={14} className="mt-1 shrink-0 text-warn" />
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-warn">
          <span className="font-medium">{conflict.service_name}</span> belongs on port{' '}
          <span className="num">{conflict.service_port}</span>, but{' '}
          <code className="font-mono text-xs break-all">{conflict.occupying_process}</code>
          {conflict.occupying_pid !== null && <span className="num"> (pid {conflict.occupying_pid})</span>} is
          there
        </p>
        <p className="text-sm text-text-2">{conflict.suggested_action}</p>
        {why && <p className="text-sm text-text-2">It is not ended: {why}</p>}
      </div>
      {mine.length > 0 && (
        <Button variant="danger" onClick={() => openEnd(conflict.service_port, mine)}>
          End it…
        </Button>
      )}
    </div>
  );
}

export function Conflicts({ conflicts }: { conflicts: readonly PortConflict[] }) {
  if (conflicts.length === 0) return null;
  return (
    <section
      aria-label="Conflicts"
      className="flex max-h-56 shrink-0 flex-col gap-2 overflow-y-auto border-b border-line px-(--gutter) py-3"
    >
      {conflicts.map((one) => (
        <ConflictNote key={`${one.service_name}:${one.service_port}`} conflict={one} />
      ))}
    </section>
  );
}
