import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import type { SchemaField } from './schema-fields.ts';

/** The parameters of an action, drawn from its schema. */
export function ParamsForm({
  fields,
  values,
  onChange,
}: {
  fields: readonly SchemaField[];
  values: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">Parameters</legend>
      {fields.map(({ name, label, hint, kind, choices, initial, required }) => {
        const value = values[name] ?? initial;
        const change = (next: string) => onChange(name, next);
        const about = hint === null ? {} : { hint };
        if (kind === 'check')
          return (
            <CheckField
              key={name}
              label={hint === null ? label : `${label}: ${hint}`}
              checked={value === 'true'}
              onChange={(checked) => change(String(checked))}
            />
          );
        if (kind === 'choice')
          return (
            <SelectField
              key={name}
              label={label}
              value={value}
              onChange={change}
              choices={[
                ...(required ? [] : [{ id: '', label: '—' }]),
                ...choices.map((id) => ({ id, label: id.replaceAll('_', ' ') })),
              ]}
              {...about}
            />
          );
        return (
          <TextField
            key={name}
            label={required ? label : `${label} (optional)`}
            value={value}
            onChange={change}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            {...about}
          />
        );
      })}
    </fieldset>
  );
}
