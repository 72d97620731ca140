import { titled } from '../../../live/describe-event.ts';
import { CheckField, ChoicesField, SelectField, TextAreaField, TextField } from '../../../ui/field.tsx';
import { PredicateRows } from './predicate-rows.tsx';
import type { SchemaField } from './schema-fields.ts';

/** One field of a form that is drawn from a schema. */
export function FieldControl({
  field,
  value,
  error,
  onChange,
}: {
  field: SchemaField;
  value: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}) {
  const { label, hint, kind, fallback, choices } = field;
  const common = { label, hint, value, error, onChange };
  switch (kind) {
    case 'check':
      return (
        <div className="flex flex-col">
          <CheckField label={label} checked={value === 'true'} onChange={(on) => onChange(String(on))} />
          <p className="text-sm text-pretty text-text-3">{hint}</p>
        </div>
      );
    case 'choice':
      return <SelectField {...common} choices={choices.map((id) => ({ id, label: titled(id) }))} />;
    case 'choices':
      return <ChoicesField {...common} choices={choices} />;
    case 'list':
      return <TextAreaField {...common} hint={`${hint} One a line.`} rows={2} />;
    case 'pairs':
      return <TextAreaField {...common} hint={`${hint} One a line: name: value.`} rows={2} />;
    case 'long':
      return <TextAreaField {...common} rows={2} />;
    case 'rows':
      return <PredicateRows {...{ label, hint, value, onChange, choices }} />;
    case 'number':
    case 'text':
      return (
        <TextField
          {...common}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          placeholder={fallback === '' ? undefined : fallback}
        />
      );
  }
}
