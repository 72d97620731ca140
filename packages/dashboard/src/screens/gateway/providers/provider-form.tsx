import { useQuery } from '@tanstack/react-query';
import type { ProviderConfig } from '@vigiles/contract';
import { useState } from 'react';
import { problemsBelow, problemsOf, type ConfigAnswer } from '../../../data/config.ts';
import { providerTypesQuery } from '../../../data/gateway-queries.ts';
import { CheckField, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { FormEnd } from '../config-form/form-end.tsx';
import { draftOf, draftProblems, fieldsOf, providerEdits, type ProviderField } from './provider-draft.ts';
import { useChangeConfig } from '../config-form/use-change-config.ts';

/** Adds a provider, or changes one. What is wrong is told at its field; nothing is written until all of it holds. */
export function ProviderForm({
  answer,
  provider,
  place,
  onDone,
}: {
  answer: ConfigAnswer;
  /** Null: a new one. */
  provider: ProviderConfig | null;
  /** In the file's list. */
  place: number;
  onDone: (id: string | null) => void;
}) {
  const all = answer.config.gateway.providers;
  // What the form began with, and the file it was read from: later changes of others are not overwritten.
  const [start] = useState(() => ({
    before: draftOf(provider),
    revision: answer.revision,
    count: all.length,
  }));
  const [draft, setDraft] = useState(start.before);
  const [tried, setTried] = useState(false);
  const types = useQuery(providerTypesQuery).data ?? [];
  const type = types.find((one) => one.type === draft.type);
  const save = useChangeConfig(provider ? 'Provider changed' : 'Provider added', () => onDone(draft.id));
  const remove = useChangeConfig('Provider removed', () => onDone(null));
  const problems = draftProblems(
    draft,
    start.before,
    all.map(({ id }) => id),
  );
  const base = `gateway.providers.${provider ? place : start.count}`;
  const told = problemsBelow(problemsOf(save.error), base);
  const errorOf = (path: string): string | undefined =>
    (tried ? problems.get(path) : undefined) ??
    told.here.get(path) ??
    [...told.here].find(([at]) => at.startsWith(`${path}.`))?.[1];
  const set = (path: string, value: string): void =>
    setDraft((now) => ({ ...now, fields: { ...now.fields, [path]: value } }));
  const edits = providerEdits(draft, provider ? start.before : null, place, start.count);

  const control = (field: ProviderField) => {
    const common = {
      label: field.label,
      value: draft.fields[field.path] ?? '',
      onChange: (value: string) => set(field.path, value),
      hint: field.hint,
      error: errorOf(field.path),
    };
    if (field.kind === 'choice')
      return <SelectField key={field.path} {...common} choices={field.choices ?? []} />;
    if (field.kind === 'list' || field.kind === 'headers') {
      return <TextAreaField key={field.path} {...common} rows={3} />;
    }
    const placeholder = field.path === 'base_url' ? (type?.base_url ?? 'https://…') : undefined;
    return (
      <TextField
        key={field.path}
        {...common}
        {...(placeholder ? { placeholder } : {})}
        {...(field.kind === 'reference'
          ? { className: 'font-mono text-xs', placeholder: '${secret:name}' }
          : {})}
      />
    );
  };

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
      <TextField
        label="Name"
        value={draft.id}
        onChange={(id) => setDraft((now) => ({ ...now, id }))}
        error={errorOf('id')}
        hint="Models are called name/model."
      />
      <SelectField
        label="Type"
        value={draft.type}
        onChange={(next) => setDraft((now) => ({ ...now, type: next }))}
        error={errorOf('type')}
        choices={[{ id: '', label: 'Choose…' }, ...types.map((one) => ({ id: one.type, label: one.name }))]}
      />
      {fieldsOf(type, draft).map(control)}
      <CheckField
        label="Enabled"
        checked={draft.enabled}
        onChange={(enabled) => setDraft((now) => ({ ...now, enabled }))}
      />
      <FormEnd
        save={save}
        remove={remove}
        told={told}
        unchanged={edits.length === 0}
        addLabel="Add provider"
        entry={provider && ['gateway', 'providers', place]}
        revision={start.revision}
      />
    </form>
  );
}
