import { useQuery } from '@tanstack/react-query';
import type { ServiceConfig } from '@vigiles/contract';
import { Plus, Settings2 } from 'lucide-react';
import { useState } from 'react';
import { configSchemaQuery } from '../../../data/checks.ts';
import {
  configQuery,
  problemsBelow,
  problemsOf,
  type ConfigAnswer,
  type ConfigEdit,
} from '../../../data/config.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { FormEnd } from '../../gateway/config-form/form-end.tsx';
import { useChangeConfig } from '../../gateway/config-form/use-change-config.ts';
import { CheckEditor } from './check-editor.tsx';
import { EditsShown } from './edits-shown.tsx';
import { FieldControl } from './field-control.tsx';
import {
  draftOf,
  draftProblems,
  newCheck,
  serviceEdits,
  serviceSchemaOf,
  type ServiceSchema,
} from './service-draft.ts';

/** What is asked first of a service. */
const first = new Set(['name', 'title', 'command', 'port', 'depends_on']);

/** Adds a service, or changes one that stands in vigiles.yaml. `name` null: a new one. */
export function ServiceForm({
  name,
  onDone,
}: {
  name: string | null;
  onDone: (name: string | null) => void;
}) {
  const config = useQuery(configQuery);
  const raw = useQuery(configSchemaQuery);
  const failed = config.error ?? raw.error;
  if (failed) return <ErrorState error={failed} what="The form" retry={() => void config.refetch()} />;
  if (!config.data || !raw.data) return <SkeletonRows rows={8} />;
  const schema = serviceSchemaOf(raw.data);
  const services = config.data.config.watchdog.services;
  const place = name === null ? null : services.findIndex((service) => service.name === name);
  if (!schema || place === -1) {
    return (
      <EmptyState icon={Settings2} title="Nothing to change here">
        Vigiles brings this service along; it does not stand in vigiles.yaml.
      </EmptyState>
    );
  }
  return <Form answer={config.data} schema={schema} place={place} onDone={onDone} />;
}

function Form({
  answer,
  schema,
  place,
  onDone,
}: {
  answer: ConfigAnswer;
  schema: ServiceSchema;
  place: number | null;
  onDone: (name: string | null) => void;
}) {
  // What the form began with, and the file it was read from: later changes of others are not overwritten.
  const [start] = useState(() => {
    const services = answer.config.watchdog.services;
    const service: ServiceConfig | null = place === null ? null : (services[place] ?? null);
    return {
      service,
      before: draftOf(schema, service),
      revision: answer.revision,
      count: services.length,
      config: answer.config,
    };
  });
  const [draft, setDraft] = useState(() =>
    place === null ? { ...start.before, checks: [newCheck(schema, 'http')] } : start.before,
  );
  const [tried, setTried] = useState(false);
  const save = useChangeConfig(place === null ? 'Service added' : 'Service changed', () =>
    onDone(draft.fields['name'] ?? null),
  );
  const remove = useChangeConfig('Service removed', () => onDone(null));
  const problems = draftProblems(schema, draft);
  const told = problemsBelow(problemsOf(save.error), `watchdog.services.${place ?? start.count}`);
  const edits = serviceEdits(schema, draft, start.before, place, start.count);
  const errorOf = (path: string): string | undefined =>
    (tried ? problems.get(path) : undefined) ??
    told.here.get(path) ??
    [...told.here].find(([at]) => at.startsWith(`${path}.`))?.[1];
  const read = (path: ConfigEdit['path']): unknown =>
    place === null
      ? undefined
      : path.reduce<unknown>(
          (value, key) => (value as Record<string | number, unknown> | undefined)?.[key],
          start.config,
        );
  const control = (field: ServiceSchema['fields'][number]) => (
    <FieldControl
      key={field.key}
      field={field}
      value={draft.fields[field.key] ?? ''}
      error={errorOf(field.key)}
      onChange={(value) => setDraft((now) => ({ ...now, fields: { ...now.fields, [field.key]: value } }))}
    />
  );

  return (
    <form
      noValidate
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problems.size === 0 && edits.length > 0) save.mutate({ edits, revision: start.revision });
      }}
    >
      {schema.fields.filter(({ key }) => first.has(key)).map(control)}
      <details>
        <summary className="min-h-6 text-sm text-text-2 hover:text-text">More settings</summary>
        <div className="mt-3 flex flex-col gap-4">
          {schema.fields.filter(({ key }) => !first.has(key)).map(control)}
        </div>
      </details>
      <h3 className="text-sm font-medium text-text-3">Checks</h3>
      {draft.checks.map((check, i) => (
        <CheckEditor
          key={`${check.place ?? 'new'}:${i}:${check.type}`}
          schema={schema}
          draft={check}
          service={start.service?.name ?? null}
          errorOf={(key) => errorOf(`checks.${i}.${key}`)}
          onChange={(next) =>
            setDraft((now) => ({ ...now, checks: now.checks.map((one, at) => (at === i ? next : one)) }))
          }
          onRemove={() => setDraft((now) => ({ ...now, checks: now.checks.filter((_one, at) => at !== i) }))}
        />
      ))}
      <Button
        className="self-start"
        onClick={() => setDraft((now) => ({ ...now, checks: [...now.checks, newCheck(schema, 'http')] }))}
      >
        <Plus aria-hidden size={14} /> Add check
      </Button>
      <EditsShown edits={edits} read={read} />
      <FormEnd
        save={save}
        remove={remove}
        told={told}
        unchanged={edits.length === 0}
        addLabel="Add service"
        entry={place === null ? null : ['watchdog', 'services', place]}
        revision={start.revision}
      />
    </form>
  );
}
