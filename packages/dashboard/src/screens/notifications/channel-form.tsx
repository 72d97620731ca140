import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { problemsBelow, problemsOf, type ConfigAnswer, type ConfigEdit } from '../../data/config.ts';
import { channelTypesQuery } from '../../data/notification-queries.ts';
import { CheckField, SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { FormEnd } from '../gateway/config-form/form-end.tsx';
import { useChangeConfig } from '../gateway/config-form/use-change-config.ts';
import { channelQuiet, quietEdits } from './channel-quiet.ts';
import { ChannelQuietPart } from './channel-quiet-part.tsx';
import { schemaFields, shown, written, type SchemaField } from './schema-fields.ts';

/** How a channel is called and reached comes first; when it is told comes behind a fold. */
const first = new Set(['name', 'enabled', 'min_severity']);
const later = new Set([
  'kinds',
  'services',
  'tags',
  'faults',
  'tell',
  'resolved',
  'repeat_every_s',
  'escalate_after_s',
  'max_per_minute',
  'title',
  'message',
]);

type Values = Record<string, string>;

/** Adds a channel, or changes one, in a form drawn from the schema of its type. */
export function ChannelForm({
  answer,
  place,
  onDone,
}: {
  answer: ConfigAnswer;
  /** In the file’s list; -1: a new one. */
  place: number;
  onDone: () => void;
}) {
  const all = answer.config.notifications.channels;
  const [start] = useState(() => ({ revision: answer.revision, count: all.length, channel: all[place] }));
  const [type, setType] = useState<string>(start.channel?.type ?? '');
  const [values, setValues] = useState<Values>({});
  const types = useQuery(channelTypesQuery).data ?? [];
  // Quiet hours are spans, not texts: they have a part of their own.
  const fields = schemaFields(types.find((one) => one.type === type)?.schema ?? {}).filter(
    ({ name }) => name !== 'quiet',
  );
  const [quietBefore] = useState(() => channelQuiet(start.channel));
  const [quiet, setQuiet] = useState(quietBefore);
  const save = useChangeConfig(place < 0 ? 'Channel added' : 'Channel changed', onDone);
  const remove = useChangeConfig('Channel removed', onDone);
  const base = ['notifications', 'channels', place < 0 ? start.count : place];
  const told = problemsBelow(problemsOf(save.error), base.join('.'));
  const before = (field: SchemaField): string =>
    shown(field, (start.channel as Record<string, unknown> | undefined)?.[field.name]);
  const valueOf = (field: SchemaField): string =>
    values[field.name] ?? (before(field) || (field.kind === 'check' ? field.fallback : ''));
  const changed = fields.filter(
    (field) => values[field.name] !== undefined && values[field.name] !== before(field),
  );
  const quietChanges = quietEdits(quietBefore, quiet);
  const edits: ConfigEdit[] =
    place < 0
      ? type === ''
        ? []
        : [
            {
              path: base,
              value: Object.fromEntries([
                ['type', type],
                ...changed.flatMap(entryOf),
                ...quietChanges.map(({ key, value }) => [key, value]),
              ]),
            },
          ]
      : [
          ...changed.map((field) => ({
            path: [...base, field.name],
            value: written(field, values[field.name] ?? ''),
          })),
          ...quietChanges.map(({ key, value }) => ({ path: [...base, key], value })),
        ];

  function entryOf(field: SchemaField): [string, unknown][] {
    const value = written(field, values[field.name] ?? '');
    return value === null ? [] : [[field.name, value]];
  }
  const set = (name: string, value: string): void => setValues((now) => ({ ...now, [name]: value }));

  const control = (field: SchemaField) => {
    const error =
      told.here.get(field.name) ?? [...told.here].find(([at]) => at.startsWith(`${field.name}.`))?.[1];
    const common = {
      label: `${field.label}${field.required ? ' *' : ''}`,
      value: valueOf(field),
      onChange: (value: string) => set(field.name, value),
      hint: field.hint,
      error,
    };
    if (field.kind === 'check') {
      return (
        <CheckField
          key={field.name}
          label={field.label}
          checked={valueOf(field) === 'true'}
          onChange={(on) => set(field.name, String(on))}
        />
      );
    }
    if (field.kind === 'choice') {
      const none = field.required ? 'Choose…' : field.fallback ? `${field.fallback} (default)` : 'Not set';
      return (
        <SelectField
          key={field.name}
          {...common}
          choices={[
            { id: '', label: none },
            ...field.choices.map((id) => ({ id, label: id.replaceAll('_', ' ') })),
          ]}
        />
      );
    }
    if (field.kind === 'choices') return <Choices key={field.name} field={field} {...common} />;
    if (field.kind === 'list' || field.kind === 'pairs') {
      return <TextAreaField key={field.name} {...common} rows={3} />;
    }
    return (
      <TextField
        key={field.name}
        {...common}
        inputMode={field.kind === 'number' ? 'decimal' : 'text'}
        placeholder={field.secret ? '${secret:name}' : field.fallback}
        {...(field.secret ? { className: 'font-mono text-xs' } : {})}
      />
    );
  };

  return (
    <form
      noValidate
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (edits.length > 0) save.mutate({ edits, revision: start.revision });
      }}
    >
      {place < 0 && (
        <SelectField
          label="Type"
          value={type}
          onChange={setType}
          choices={[
            { id: '', label: 'Choose…' },
            ...types.map((one) => ({ id: one.type, label: one.title })),
          ]}
        />
      )}
      {fields.filter(({ name }) => first.has(name)).map(control)}
      {fields.filter(({ name }) => !first.has(name) && !later.has(name)).map(control)}
      {fields.length > 0 && (
        <details className="rounded-md border border-line">
          <summary className="cursor-pointer px-3 py-2 font-medium">What it is told, and how often</summary>
          <div className="flex flex-col gap-4 border-t border-line p-3">
            {fields.filter(({ name }) => later.has(name)).map(control)}
            <ChannelQuietPart
              value={quiet}
              onChange={setQuiet}
              errorAt={(path) => told.here.get(path === '' ? 'quiet_hours' : `quiet_hours.${path}`)}
            />
          </div>
        </details>
      )}
      <FormEnd
        save={save}
        remove={remove}
        told={told}
        unchanged={edits.length === 0}
        addLabel="Add channel"
        entry={place < 0 ? null : base}
        revision={start.revision}
      />
    </form>
  );
}

/** Several of a few, as boxes. */
function Choices({
  field,
  value,
  onChange,
  label,
  hint,
  error,
}: {
  field: SchemaField;
  value: string;
  onChange: (value: string) => void;
  label: string;
  hint: string;
  error: string | undefined;
}) {
  const on = new Set((value || field.fallback.replaceAll(', ', ',')).split(',').filter(Boolean));
  const toggle = (choice: string, chosen: boolean): void => {
    const next = field.choices.filter((each) => (each === choice ? chosen : on.has(each)));
    onChange(next.join(','));
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="text-sm text-text-2">{label}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {field.choices.map((choice) => (
          <CheckField
            key={choice}
            label={choice.replaceAll('_', ' ')}
            checked={on.has(choice)}
            onChange={(chosen) => toggle(choice, chosen)}
          />
        ))}
      </div>
      <p className={error ? 'text-sm text-bad' : 'text-sm text-text-3'}>{error ?? hint}</p>
    </fieldset>
  );
}
