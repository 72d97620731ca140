import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PluginProcess } from '@vigiles/contract';
import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { applyProcess, pluginOutputQuery, restartPlugin } from '../../data/plugins.ts';
import { formatBytes, formatCount } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Ago, Countdown } from '../../ui/time.tsx';

function Output({ id }: { id: string }) {
  const query = useQuery(pluginOutputQuery(id));
  const text = query.data?.join('\n') ?? (query.isError ? query.error.message : '');
  return (
    <pre
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard has to reach it
      tabIndex={0}
      role="region"
      aria-label="What it printed"
      className="mt-2 max-h-60 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      {query.isPending ? 'Loading…' : text || 'Nothing so far.'}
    </pre>
  );
}

/** The process of a plugin as it is now: why, how much memory, and what it printed. */
export function ProcessPanel({ process }: { process: PluginProcess }) {
  const client = useQueryClient();
  const restart = useMutation({
    mutationFn: () => restartPlugin(process.id),
    onSuccess: (now) => applyProcess(client, now),
    onError: (error) => toast.error('Not restarted', { description: error.message }),
  });
  const { state, next_start_at: next, network_fence: fence } = process;
  return (
    <section aria-label="Its process" className="flex flex-col gap-3 border-t border-line pt-4">
      <div className="flex items-center">
        <h3 className="font-medium">Its process</h3>
        <Button className="ml-auto" disabled={restart.isPending} onClick={() => restart.mutate()}>
          <RotateCw aria-hidden size={13} /> Restart
        </Button>
      </div>
      {/* Why it does not run stands at the top. */}
      {process.reason !== '' && state !== 'refused' && state !== 'crashed' && (
        <p className="text-pretty break-words text-text-2">{process.reason}</p>
      )}
      <Facts
        rows={[
          ['Since', <Ago key="s" ts={process.since} />],
          ...(next === null
            ? []
            : [['Starts again in', <Countdown key="n" until={next} />] as [string, ReactNode]]),
          ['Pid', process.pid ?? 'none'],
          ['Memory', `${formatBytes(process.memory_bytes)} of ${formatBytes(process.memory_limit_bytes)}`],
          ['Starts', `${formatCount(process.starts)}, ${formatCount(process.crashes)} crashes`],
          ['Calls', `${formatCount(process.calls)}, ${formatCount(process.failed_calls)} failed`],
          [
            'Kept off the network by',
            fence === 'kernel'
              ? 'the kernel'
              : fence === 'node'
                ? 'what Node lets it load'
                : 'nothing: it does not run',
          ],
        ]}
      />
      <Disclosure summary="What it printed" className="min-h-6 cursor-pointer rounded-sm text-sm text-text-2">
        <Output id={process.id} />
      </Disclosure>
    </section>
  );
}
