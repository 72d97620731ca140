import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ActionInfo, FaultSeverity, TargetClass } from '@vigiles/contract';
import { useDeferredValue, useState } from 'react';
import { api } from '../../data/api.ts';
import { planFault, saveFault, testFault } from '../../data/faults.ts';
import { titled } from '../../live/describe-event.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { ruleText, type RuleDraft } from './rule-text.ts';

const empty: RuleDraft = {
  id: '',
  title: '',
  severity: 'warning',
  class: 'service',
  source: 'service:*',
  kind: 'literal',
  pattern: '',
  count: '1',
  withinS: '60',
  action: '',
  what: '',
  person: '',
  example: '',
};

const severities: readonly FaultSeverity[] = ['critical', 'warning', 'info'];
const classes: readonly TargetClass[] = ['service', 'agent', 'file', 'host'];

const choicesOf = (values: readonly string[]) => values.map((value) => ({ id: value, label: titled(value) }));

/** A fault of one’s own: written while its lines are tried, shown as it will stand in the file, then saved. */
export function RuleForm({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(empty);
  const set = (key: keyof RuleDraft) => (value: string) => setDraft((now) => ({ ...now, [key]: value }));
  const yaml = useDeferredValue(ruleText(draft));
  const lines = useDeferredValue(draft.example);
  const client = useQueryClient();
  const actions = useQuery({
    queryKey: ['action-catalog'],
    queryFn: ({ signal }) => api.get<{ actions: ActionInfo[] }>('/api/v1/actions/catalog', {}, signal),
  });
  const plan = useQuery({
    queryKey: ['fault-plan', yaml],
    queryFn: () => planFault(yaml),
    enabled: draft.id !== '' && draft.pattern !== '',
    placeholderData: (before) => before,
  });
  const ready = plan.data !== undefined && plan.data.problems.length === 0;
  const tried = useQuery({
    queryKey: ['fault-test', yaml, lines],
    queryFn: () => testFault(lines, yaml),
    enabled: ready && lines.trim() !== '',
  });
  const save = useMutation({
    mutationFn: () => saveFault(yaml),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['faults'] });
      onClose();
    },
  });
  const match = tried.data?.matches[0];
  return (
    <Drawer title="Add a rule" label="Add a rule" onClose={onClose} alwaysModal>
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-3 overflow-y-auto p-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField label="Id" value={draft.id} onChange={set('id')} hint="Such as OURS-1" />
          <TextField label="Title" value={draft.title} onChange={set('title')} />
          <SelectField
            label="Severity"
            value={draft.severity}
            onChange={set('severity')}
            choices={choicesOf(severities)}
          />
          <SelectField
            label="A fault of"
            value={draft.class}
            onChange={set('class')}
            choices={choicesOf(classes)}
          />
          <TextField
            label="Lines from"
            value={draft.source}
            onChange={set('source')}
            hint="service:*, agent:*"
          />
          <SelectField
            label="Pattern is"
            value={draft.kind}
            onChange={set('kind')}
            choices={choicesOf(['literal', 'regex'])}
          />
        </div>
        <TextField label="Pattern" value={draft.pattern} onChange={set('pattern')} className="font-mono" />
        <div className="grid gap-3 sm:grid-cols-3">
          <TextField label="Times" value={draft.count} onChange={set('count')} inputMode="numeric" />
          <TextField
            label="Within seconds"
            value={draft.withinS}
            onChange={set('withinS')}
            inputMode="numeric"
          />
          <SelectField
            label="First answer"
            value={draft.action}
            onChange={set('action')}
            choices={[
              { id: '', label: 'Call a person' },
              ...(actions.data?.actions ?? []).map(({ id }) => ({ id, label: titled(id) })),
            ]}
          />
        </div>
        <TextField label="What it is" value={draft.what} onChange={set('what')} />
        <TextField label="What a person can do" value={draft.person} onChange={set('person')} />
        <TextAreaField
          label="Lines to try it on"
          value={draft.example}
          onChange={set('example')}
          rows={4}
          hint="The first becomes its example."
        />
        <div role="status" className="grid gap-1 text-sm">
          {plan.data?.problems.slice(0, 5).map((problem) => (
            <p key={problem.message} className="text-bad">
              {problem.message}
            </p>
          ))}
          {ready && tried.data && (
            <p className={match?.fires ? 'text-ok' : 'text-text-2'}>
              {match
                ? match.fires
                  ? 'These lines would be seen.'
                  : match.missing.join('; ')
                : 'It does not know these lines.'}
            </p>
          )}
          {save.isError && <p className="text-bad">{save.error.message}</p>}
        </div>
        {ready && plan.data && (
          <details open>
            <summary className="text-sm text-text-2">What is added to {plan.data.file}</summary>
            <pre
              tabIndex={0}
              aria-label="What is added"
              className="mt-1 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs"
            >
              {addedLines(plan.data.before, plan.data.after)}
            </pre>
          </details>
        )}
        <div className="flex gap-2">
          <Button type="submit" variant="primary" disabled={!ready || save.isPending}>
            {save.isPending ? 'Saving…' : 'Save rule'}
          </Button>
          <Button type="button" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Drawer>
  );
}

/** The lines that were not there before. */
function addedLines(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => line.trim() !== '' && !known.has(line))
    .map((line) => `+ ${line}`)
    .join('\n');
}
