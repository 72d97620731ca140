import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ActionInfo, FaultChange, FaultView } from '@vigiles/contract';
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { toast } from 'sonner';
import { changeFaults, faultPlanQuery, faultSchemaQuery } from '../../../data/faults.ts';
import { actionsQuery } from '../../../data/queries.ts';
import { titled } from '../../../live/describe-event.ts';
import { Button } from '../../../ui/button.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { DiffShown } from '../../../ui/diff-shown.tsx';
import { ExamplesEditor } from './examples-editor.tsx';
import { FieldGrid } from './field-grid.tsx';
import { PartCard } from './part-card.tsx';
import {
  draftOf,
  newDetector,
  newStep,
  paramFields,
  ruleSchemaOf,
  ruleValue,
  unsaid,
  type RuleDraft,
  type RuleSchema,
} from './rule-draft.ts';
import { ruleProblems } from './rule-problems.ts';
import { TryPanel } from './try-panel.tsx';
import { useSettled } from '../../../actions/use-settled.ts';

/** Adds a rule, changes one, or puts one’s own in the place of a built-in fault. `entry` null: a new one. */
export function RuleForm({
  entry,
  onClose,
  onSaved,
}: {
  entry: FaultView | null;
  onClose: () => void;
  /** It is in force; the list has it. */
  onSaved: (id: string) => void;
}) {
  const raw = useQuery(faultSchemaQuery);
  const actions = useQuery(actionsQuery);
  const title = !entry ? 'Add a rule' : entry.source === 'user' ? `Edit ${entry.id}` : `Override ${entry.id}`;
  const schema = raw.data ? ruleSchemaOf(raw.data) : null;
  const failed = raw.error ?? actions.error;
  return (
    <Drawer title={title} label={title} onClose={onClose} alwaysModal>
      {failed ? (
        <ErrorState
          error={failed}
          what="The form"
          retry={() => void Promise.all([raw.refetch(), actions.refetch()])}
        />
      ) : schema && actions.data ? (
        <Form schema={schema} actions={actions.data} entry={entry} onClose={onClose} onSaved={onSaved} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Drawer>
  );
}

const asked = {
  about: new Set(['severity', 'applies_to.target']),
  seen: new Set([
    'literal',
    'regex',
    'scope.source',
    'event',
    'where',
    'state',
    'is',
    'metric',
    'above',
    'below',
    'file',
    'predicate',
    'within_s',
    'window.count',
    'window.within_s',
  ]),
  none: new Set<string>(),
};

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 text-sm font-medium text-text-2">{title}</legend>
      {children}
    </fieldset>
  );
}

const askedAs: Readonly<Record<string, string>> = {
  'docs.what': 'What it is',
  'docs.seen': 'How it is seen',
  'docs.done': 'What is done',
  'docs.person': 'What you can do',
};
const asAsked = <Field extends { key: string; label: string }>(field: Field): Field => ({
  ...field,
  label: askedAs[field.key] ?? field.label,
});

const aboutKeys = /^(id|title|severity|category|applies_to\..*)$/;

function Form({
  schema,
  actions,
  entry,
  onClose,
  onSaved,
}: {
  schema: RuleSchema;
  actions: readonly ActionInfo[];
  entry: FaultView | null;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const client = useQueryClient();
  const [start] = useState(() => draftOf(schema, actions, entry));
  const [draft, setDraft] = useState<RuleDraft>(start);
  const [submitted, setSubmitted] = useState(false);
  const change = <Key extends keyof RuleDraft>(key: Key, value: RuleDraft[Key]): void =>
    setDraft((now) => ({ ...now, [key]: value }));
  const yaml = JSON.stringify(ruleValue(schema, actions, draft));
  const settled = useSettled(yaml, 400);
  const asChange = (text: string): FaultChange => ({
    yaml: text,
    ...(entry?.source === 'user' ? { replaces: entry.id } : {}),
  });
  const begun = JSON.stringify(draft) !== JSON.stringify(start) || entry?.source === 'built-in';
  const plan = useQuery({
    ...faultPlanQuery(asChange(settled)),
    enabled: begun,
    placeholderData: (before) => before,
  });
  const save = useMutation({
    mutationFn: () =>
      changeFaults({ ...asChange(yaml), ...(plan.data ? { revision: plan.data.revision } : {}) }),
    async onSuccess({ file }) {
      toast(entry ? 'Rule saved' : 'Rule added', { description: `Written to ${file}; it is in force.` });
      await client.invalidateQueries({ queryKey: ['faults'] });
      onClose();
      onSaved(draft.fields['id'] ?? '');
    },
    onError: () => void plan.refetch(),
  });
  const fresh = settled === yaml && !plan.isPlaceholderData && !plan.isFetching;
  const { here, elsewhere } = ruleProblems(begun && fresh ? plan.data : undefined, draft.fields['id'] ?? '');
  /** What is not filled in yet is told once saving was tried. */
  const errorAt = (path: string, text: string | undefined): string | undefined =>
    submitted || (text ?? '') !== '' ? here.get(path) : undefined;
  const below = (path: string): string | undefined =>
    here.get(path) ?? [...here].find(([at]) => at.startsWith(`${path}.`))?.[1];
  const grid = (fields: RuleSchema['fields'], first: ReadonlySet<string>) => (
    <FieldGrid
      fields={fields}
      values={draft.fields}
      first={first}
      unsaid={unsaid(draft)}
      errorOf={(key) => errorAt(key, draft.fields[key]) ?? (submitted ? below(key) : undefined)}
      onChange={(fields) => change('fields', fields)}
    />
  );
  const among = (test: RegExp) => schema.fields.filter(({ key }) => test.test(key));
  const signalName = (): string => {
    const taken = new Set(draft.detectors.map(({ fields }) => fields['signal']));
    for (let n = 1; ; n += 1) if (!taken.has(`seen${n === 1 ? '' : n}`)) return `seen${n === 1 ? '' : n}`;
  };
  const whole = begun && fresh && plan.data ? plan.data : null;

  return (
    <form
      noValidate
      className="flex flex-col gap-6 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        setSubmitted(true);
        if (whole && whole.problems.length === 0) save.mutate();
      }}
    >
      <Part title="The fault">{grid(among(aboutKeys), asked.about)}</Part>
      <Part title="How it is seen">
        {draft.detectors.map((one, at) => {
          const kind = schema.detectors.find(({ type }) => type === one.type);
          return (
            <PartCard
              // oxlint-disable-next-line react/no-array-index-key -- its place is what it is
              key={`${at}:${one.type}`}
              label="Detector"
              kind={one.type}
              kinds={schema.detectors.map(({ type }) => ({ id: type, label: titled(type) }))}
              error={submitted || whole ? here.get(`detectors.${at}`) : undefined}
              removeLabel="Remove this detector"
              onKind={(type) =>
                change(
                  'detectors',
                  draft.detectors.map((each, place) =>
                    place === at ? newDetector(schema, type, one.fields['signal'] ?? '') : each,
                  ),
                )
              }
              onRemove={
                draft.detectors.length > 1
                  ? () =>
                      change(
                        'detectors',
                        draft.detectors.filter((_one, place) => place !== at),
                      )
                  : null
              }
            >
              <FieldGrid
                fields={kind?.fields ?? []}
                values={one.fields}
                first={asked.seen}
                errorOf={(key) => errorAt(`detectors.${at}.${key}`, one.fields[key])}
                onChange={(fields) =>
                  change(
                    'detectors',
                    draft.detectors.map((each, place) => (place === at ? { ...each, fields } : each)),
                  )
                }
              />
            </PartCard>
          );
        })}
        <Button
          className="self-start"
          onClick={() => change('detectors', [...draft.detectors, newDetector(schema, 'log', signalName())])}
        >
          <Plus aria-hidden size={14} /> Add detector
        </Button>
        {grid(among(/^(when|mild_when|clear_after_s)$/), new Set(['when']))}
      </Part>
      <Part title="Try it">
        <TryPanel
          yaml={yaml}
          detectors={draft.detectors}
          onKeep={(text, kind) =>
            change(kind, [...draft[kind].filter((one) => one.text.trim() !== ''), { text, kept: {} }])
          }
        />
      </Part>
      <Part title="What is done first">
        {draft.steps.map((one, at) => {
          const action = actions.find(({ id }) => id === one.action);
          const replace = (step: RuleDraft['steps'][number]) =>
            change(
              'steps',
              draft.steps.map((each, place) => (place === at ? step : each)),
            );
          return (
            <PartCard
              // oxlint-disable-next-line react/no-array-index-key -- its place is what it is
              key={`${at}:${one.action}`}
              label={`Step ${at + 1}`}
              kind={one.action}
              kinds={actions.map(({ id, title }) => ({ id, label: `${title} (${id})` }))}
              about={action && `${action.description} Risk: ${action.risk}.`}
              error={
                here.get(`tier1.${at}.action`) ?? here.get(`tier1.${at}.params`) ?? here.get(`tier1.${at}`)
              }
              removeLabel="Remove this step"
              onKind={(id) => replace(newStep(schema, actions, id))}
              onRemove={() =>
                change(
                  'steps',
                  draft.steps.filter((_one, place) => place !== at),
                )
              }
            >
              <FieldGrid
                fields={paramFields(actions, one.action)}
                values={one.params}
                first={new Set(['kind', 'message', 'script'])}
                errorOf={(key) => errorAt(`tier1.${at}.params.${key}`, one.params[key])}
                onChange={(params) => replace({ ...one, params })}
              />
              <FieldGrid
                fields={schema.step}
                values={one.fields}
                first={asked.none}
                errorOf={(key) => errorAt(`tier1.${at}.${key}`, one.fields[key])}
                onChange={(fields) => replace({ ...one, fields })}
              />
            </PartCard>
          );
        })}
        <Button
          className="self-start"
          onClick={() => change('steps', [...draft.steps, newStep(schema, actions, 'alert_user')])}
        >
          <Plus aria-hidden size={14} /> Add step
        </Button>
      </Part>
      <Part title="When it does not help">
        {grid(among(/^escalate\./), new Set(['escalate.after', 'escalate.to']))}
      </Part>
      <Part title="When it counts as fixed">{grid(among(/^verify\./), new Set(['verify.by']))}</Part>
      <Part title="What people read">{grid(among(/^docs\./).map(asAsked), asked.none)}</Part>
      <Part title="Examples: tests of the rule">
        <ExamplesEditor
          label="Must match"
          addLabel="Add example"
          drafts={draft.match}
          errorOf={(at) => (submitted || whole ? below(`examples.match.${at}`) : undefined)}
          onChange={(drafts) => change('match', drafts)}
        />
        <ExamplesEditor
          label="Must not match"
          addLabel="Add one that must not match"
          drafts={draft.nomatch}
          errorOf={(at) => below(`examples.nomatch.${at}`)}
          onChange={(drafts) => change('nomatch', drafts)}
        />
        {submitted && here.get('examples.match') && (
          <p className="text-sm text-bad">At least one example must match: {here.get('examples.match')}</p>
        )}
      </Part>
      {plan.data && begun && plan.data.problems.length === 0 && (
        <DiffShown file={plan.data.file} before={plan.data.before} after={plan.data.after} />
      )}
      <div aria-live="polite" className="flex flex-col gap-2">
        {elsewhere.map(({ file, line, column, message }) => (
          <p key={`${file}${line}${column}${message}`} className="break-words text-bad">
            <span className="font-mono text-xs">
              {file}:{line}:{column}
            </span>{' '}
            {message}
          </p>
        ))}
        {submitted && here.size > 0 && (
          <p className="text-bad">
            Nothing was written: {here.size === 1 ? 'one field is' : `${here.size} fields are`} refused.
          </p>
        )}
        {(save.error ?? plan.error) && (
          <p className="break-words text-bad">{(save.error ?? plan.error)?.message}</p>
        )}
      </div>
      <div className="flex gap-2">
        <Button
          type="submit"
          variant="primary"
          size="md"
          disabled={
            save.isPending ||
            !begun ||
            !fresh ||
            (whole?.before === whole?.after && whole?.problems.length === 0)
          }
        >
          {save.isPending ? 'Saving…' : begun && !fresh ? 'Checking…' : 'Save rule'}
        </Button>
        <Button size="md" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
