import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PluginStep } from '@vigiles/contract';
import { useState } from 'react';
import { toast } from 'sonner';
import { installPlugin, pluginPlanQuery } from '../../data/plugins.ts';
import { formatBytes } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { PermissionList } from './permission-list.tsx';

function Step({ step }: { step: PluginStep }) {
  const { name, from, to, source, size, permissions } = step;
  const { added, removed } = permissions;
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line px-3 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium wrap-anywhere">{name}</span>
        <span className="num text-text-2">{from === null ? to : `${from} → ${to}`}</span>
        <span className="ml-auto text-sm text-text-3">
          {source}, {formatBytes(size)}
        </span>
      </p>
      {from === null ? (
        <PermissionList permissions={added} />
      ) : permissions.grows ? (
        <>
          <p className="text-sm text-text-3">It asks for more than before:</p>
          <PermissionList permissions={added} sign="added" />
        </>
      ) : (
        <p className="text-sm text-text-3">It asks for no more than before.</p>
      )}
      {from !== null && <PermissionList permissions={removed} sign="removed" />}
    </li>
  );
}

/** What an installation or an update would bring and what it asks for, agreed to before anything is fetched. */
export function ConsentDialog({
  id,
  name,
  newer,
  version,
  onClose,
}: {
  id: string;
  name: string;
  newer: boolean;
  version?: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [agreed, setAgreed] = useState(false);
  const plan = useQuery(pluginPlanQuery(id, newer, version));
  const install = useMutation({
    mutationFn: (consent: string) => installPlugin(id, newer, consent, version),
    async onSuccess({ status, plugin }) {
      toast(`${name}: ${status.replaceAll('_', ' ')}`, {
        description: plugin ? `Version ${plugin.version}.` : '',
      });
      await client.invalidateQueries({ queryKey: ['plugins'] });
      onClose();
    },
    // What can be had may be another now: it is looked at again before anybody agrees again.
    onError: () => {
      setAgreed(false);
      void plan.refetch();
    },
  });
  const verb = newer ? 'Update' : 'Install';
  const needs = plan.data?.needs_consent === true;
  return (
    <Dialog title={`${verb} ${name}`} onClose={onClose}>
      <div className="flex max-h-[62vh] flex-col gap-3 overflow-y-auto p-4">
        {plan.isPending ? (
          <SkeletonRows rows={3} height={28} />
        ) : plan.isError ? (
          <ErrorState error={plan.error} what="The plan" retry={() => void plan.refetch()} />
        ) : plan.data.steps.length === 0 ? (
          <p>There is nothing newer.</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {plan.data.steps.map((step) => (
              <Step key={step.id} step={step} />
            ))}
          </ul>
        )}
        {needs && (
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              checked={agreed}
              onChange={(event) => setAgreed(event.target.checked)}
              className="mt-0.5 size-4 accent-(--accent-solid)"
            />
            I agree to these permissions. It gets no more than that.
          </label>
        )}
        {install.isError && (
          <p role="alert" className="text-sm break-words text-bad">
            {install.error.message}
          </p>
        )}
      </div>
      <DialogActions>
        <Button size="md" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="md"
          variant="primary"
          disabled={!plan.data || plan.data.steps.length === 0 || (needs && !agreed) || install.isPending}
          onClick={() => plan.data && install.mutate(plan.data.consent)}
        >
          {install.isPending ? 'Working…' : verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
