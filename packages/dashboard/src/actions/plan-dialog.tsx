import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RiskClass } from '@vigiles/contract';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { applyCiRun } from '../data/apply-ci.ts';
import { applyRun } from '../data/apply-events.ts';
import { retryCiRun } from '../data/ci-queries.ts';
import { killOnPort } from '../data/ports.ts';
import { actionsQuery, planAction, runAction, usualParams } from '../data/queries.ts';
import { setFrame, type Plan } from '../shell/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { GuardText } from './guard-line.tsx';
import { ParamsForm } from './params-form.tsx';
import { fieldsOf, paramsFrom } from './schema-fields.ts';
import { useSettled } from './use-settled.ts';

const riskText: Record<RiskClass, string> = {
  observe: 'Changes nothing.',
  reversible: 'Can be undone. It starts at once.',
  disruptive: 'Interrupts something. It waits a short while first, so that it can still be cancelled.',
  destructive: 'Cannot be undone. It waits for an approval.',
};

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;

const close = (): void => setFrame({ plan: null });

/** What an action would do, step by step, before the button that does it. */
export function PlanDialog({ action, title, target, ciRun, port }: Plan) {
  const client = useQueryClient();
  const info = useQuery(actionsQuery).data?.find(({ id }) => id === action);
  // Which attempt is meant is known; a person only says why.
  const fields = useMemo(() => (info && !ciRun && !port ? fieldsOf(info.params) : []), [info, ciRun, port]);
  const [values, setValues] = useState<Record<string, string>>({});
  const [why, setWhy] = useState('');
  const usual: Record<string, unknown> = ciRun
    ? { attempt: ciRun.attempt }
    : port
      ? { processes: port.processes }
      : usualParams(action);
  const params = { ...paramsFrom(fields, values) };
  for (const [name, value] of Object.entries(usual)) if (!(name in values)) params[name] = value;
  const settled = useSettled(JSON.stringify(params), 300);
  const plan = useQuery({
    queryKey: ['plan', action, target, settled],
    queryFn: () => planAction(action, target, JSON.parse(settled) as Record<string, unknown>),
    placeholderData: keepPreviousData,
    retry: false,
    // A plan is only true for the moment it was made in.
    gcTime: 0,
    staleTime: 0,
  });
  const run = useMutation({
    async mutationFn() {
      if (port) return killOnPort(port.port, port.processes, 'Asked for on the dashboard');
      if (ciRun === undefined) return runAction(action, target, params, 'Asked for on the dashboard');
      const { run, action: asked } = await retryCiRun(ciRun.id, why.trim());
      applyCiRun(client, run);
      return asked;
    },
    onSuccess(started) {
      applyRun(client, started);
      close();
      if (started.state === 'refused') toast.error(`${title} was refused`, { description: started.message });
      else toast(`${title}: ${ciRun?.workflow ?? target}`, { description: started.message || 'Requested.' });
    },
  });
  const refusal = plan.data?.refusal ?? null;
  const needsWhy = ciRun !== undefined && why.trim() === '';
  const current = settled === JSON.stringify(params) && !plan.isPlaceholderData;
  const shown = Object.fromEntries(
    fields.map(({ name, initial }) => [name, values[name] ?? asText(usual[name]) ?? initial]),
  );

  return (
    <Dialog title={`${title}: ${ciRun?.workflow ?? target}`} onClose={close}>
      {(info || fields.length > 0) && (
        <div className="flex flex-col gap-3 border-b border-line p-4">
          {info && <p className="text-sm text-pretty text-text-2">{info.description}</p>}
          {fields.length > 0 && (
            <ParamsForm
              fields={fields}
              values={shown}
              onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
            />
          )}
        </div>
      )}
      {plan.isPending ? (
        <SkeletonRows rows={3} height={28} />
      ) : plan.isError ? (
        <ErrorState error={plan.error} what="The plan" retry={() => void plan.refetch()} />
      ) : (
        <div className="flex flex-col gap-4 p-4">
          <ol className="flex flex-col">
            {plan.data.steps.map((step, i) => (
              <li key={step} className="flex gap-3 py-1">
                <span className="num w-4 shrink-0 text-right text-text-3">{i + 1}</span>
                <span className="text-pretty">{step}</span>
              </li>
            ))}
          </ol>
          <p className="text-sm text-text-2">
            <span className="font-medium text-text capitalize">{plan.data.risk}</span> —{' '}
            {port ? 'Cannot be undone. It starts as soon as you confirm it here.' : riskText[plan.data.risk]}
            {plan.data.undoable && ' What it changes is kept, so that it can be undone.'}
          </p>
          {plan.data.guards && <GuardText guard={plan.data.guards} />}
          {ciRun !== undefined && (
            <TextField
              label="Why (it is kept with the run)"
              value={why}
              onChange={setWhy}
              maxLength={500}
              autoFocus
              required
            />
          )}
          {refusal && (
            <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
              It would be refused now: {refusal}
            </p>
          )}
          {run.isError && (
            <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
              {run.error.message}
            </p>
          )}
        </div>
      )}
      <div className="flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button size="md" onClick={close}>
          Close
        </Button>
        <Button
          size="md"
          variant="primary"
          disabled={!plan.data || plan.isError || !current || refusal !== null || needsWhy || run.isPending}
          onClick={() => run.mutate()}
        >
          {run.isPending
            ? 'Asking…'
            : plan.data?.risk === 'destructive' && !port
              ? `Request: ${title}`
              : title}
        </Button>
      </div>
    </Dialog>
  );
}
