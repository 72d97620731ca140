import { useQuery } from '@tanstack/react-query';
import type { Service, ServiceCheck } from '@vigiles/contract';
import { Copy } from 'lucide-react';
import { toast } from 'sonner';
import { checksQuery, heartbeatsQuery } from '../../data/checks.ts';
import { IconButton } from '../../ui/button.tsx';
import { SeenFacts } from './seen-facts.tsx';

/** Where a heartbeat is pushed to, ready to be copied. Only for those who may operate. */
function PushAddress({ service, check }: { service: string; check: string }) {
  const { data } = useQuery(heartbeatsQuery(service));
  const found = data?.find((heartbeat) => heartbeat.check === check);
  if (!found) return null;
  const url = `${window.location.origin}${found.path}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      toast('Address copied', { description: 'Whoever has it can say that this service is well.' });
    } catch {
      toast.error('The browser did not let us copy it.');
    }
  };
  return (
    <div className="flex items-center gap-1 rounded-md bg-hover py-0.5 pr-0.5 pl-2">
      <code className="min-w-0 flex-1 font-mono text-xs break-all">{url}</code>
      <IconButton label="Copy push address" onClick={() => void copy()}>
        <Copy aria-hidden size={14} />
      </IconButton>
    </div>
  );
}

function Check({ service, check }: { service: string; check: ServiceCheck }) {
  return (
    <li className="flex flex-col gap-1 border-b border-line pb-3 last:border-0 last:pb-0">
      <div className="flex items-baseline gap-3">
        <span className="shrink-0 font-medium">{check.title}</span>
        <code className="min-w-0 flex-1 font-mono text-xs leading-5 break-all text-text-2">
          {check.target}
        </code>
        <span className="num shrink-0 text-sm text-text-3">every {check.interval_s} s</span>
      </div>
      {check.seen ? <SeenFacts seen={check.seen} /> : <p className="text-text-3">Not looked at yet.</p>}
      {check.type === 'heartbeat' && <PushAddress service={service} check={check.id} />}
    </li>
  );
}

/** The checks of a service with what each of them saw last. */
export function ServiceChecks({ service }: { service: Service }) {
  const { data } = useQuery(checksQuery(service.name));
  const checks = data ?? service.checks;
  if (checks.length === 0) return <p className="text-text-3">None.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {checks.map((check) => (
        <Check key={check.id} service={service.name} check={check} />
      ))}
    </ul>
  );
}
