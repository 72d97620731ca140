import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { tryCheck } from '../../../data/checks.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { SeenFacts } from '../seen-facts.tsx';
import { FieldControl } from './field-control.tsx';
import type { SchemaField } from './schema-fields.ts';
import { checkValue, newCheck, type CheckDraft, type ServiceSchema } from './service-draft.ts';

/** What is asked first; the rest stands under “More settings”. */
const first = new Set([
  'url',
  'host',
  'port',
  'name',
  'record',
  'file',
  'contains',
  'matches',
  'json',
  'container',
  'unit',
  'script',
  'query',
  'expect',
  'model',
  'period_s',
  'grace_s',
  'of',
  'certificate_days',
  'command_contains',
  'count',
  'within_s',
  'interval_s',
]);

const shownFirst = ({ key, required, fallback }: SchemaField, value: string): boolean =>
  required || first.has(key) || value !== fallback;

/** One check of a service: its kind, its settings, and a look with it before it is saved. */
export function CheckEditor({
  schema,
  draft,
  service,
  errorOf,
  onChange,
  onRemove,
}: {
  schema: ServiceSchema;
  draft: CheckDraft;
  /** Whose process is looked at; null for a service that does not exist yet. */
  service: string | null;
  errorOf: (key: string) => string | undefined;
  onChange: (draft: CheckDraft) => void;
  onRemove: () => void;
}) {
  const kind = schema.checks.find(({ type }) => type === draft.type);
  const trial = useMutation({ mutationFn: () => tryCheck(checkValue(schema, draft), service) });
  // What stands above stays there while it is written.
  const [above] = useState(
    () =>
      new Set(
        (kind?.fields ?? [])
          .filter((field) => shownFirst(field, draft.fields[field.key] ?? ''))
          .map(({ key }) => key),
      ),
  );
  const fields = kind?.fields ?? [];
  const isAbove = ({ key, required }: SchemaField) => required || first.has(key) || above.has(key);
  const control = (field: SchemaField) => (
    <FieldControl
      key={field.key}
      field={field}
      value={draft.fields[field.key] ?? ''}
      error={errorOf(field.key)}
      onChange={(value) => onChange({ ...draft, fields: { ...draft.fields, [field.key]: value } })}
    />
  );
  const rest = fields.filter((field) => !isAbove(field));
  return (
    <div className="flex flex-col gap-3 rounded-lg border border-line p-3">
      <div className="flex items-end gap-2">
        <SelectField
          wrap="flex-1"
          label="Kind of check"
          value={draft.type}
          onChange={(type) => {
            trial.reset();
            onChange({ ...newCheck(schema, type), place: draft.place });
          }}
          choices={schema.checks.map(({ type, title }) => ({ id: type, label: title }))}
        />
        <IconButton label="Remove this check" onClick={onRemove}>
          <X aria-hidden size={16} />
        </IconButton>
      </div>
      {kind?.description && <p className="text-sm text-pretty text-text-3">{kind.description}</p>}
      {fields.filter(isAbove).map(control)}
      {rest.length > 0 && (
        <details>
          <summary className="min-h-6 text-sm text-text-2 hover:text-text">More settings</summary>
          <div className="mt-3 flex flex-col gap-3">{rest.map(control)}</div>
        </details>
      )}
      <div className="flex flex-col gap-2" aria-live="polite">
        <Button className="self-start" disabled={trial.isPending} onClick={() => trial.mutate()}>
          {trial.isPending ? 'Looking…' : 'Try it'}
        </Button>
        {trial.data && <SeenFacts seen={trial.data} />}
        {trial.error && <p className="text-pretty break-words text-bad">{trial.error.message}</p>}
      </div>
    </div>
  );
}
