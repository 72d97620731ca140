import { FieldControl } from '../../fleet/service-form/field-control.tsx';
import type { FlatField } from './flat-fields.ts';

/** Fields of one part of a rule; those that are seldom needed stand under “More settings”. */
export function FieldGrid({
  fields,
  values,
  first,
  unsaid = {},
  errorOf,
  onChange,
}: {
  fields: readonly FlatField[];
  values: Readonly<Record<string, string>>;
  /** Keys that are asked first; what is required and what is set stands there too. */
  first: ReadonlySet<string>;
  /** What is written where nothing is said. */
  unsaid?: Readonly<Record<string, string>>;
  errorOf: (key: string) => string | undefined;
  onChange: (values: Record<string, string>) => void;
}) {
  const isFirst = ({ key, required }: FlatField): boolean =>
    required || first.has(key) || errorOf(key) !== undefined;
  const rest = fields.filter((field) => !isFirst(field));
  const changed = rest.filter(({ key, fallback }) => (values[key] ?? '') !== fallback).length;
  const control = (field: FlatField) => {
    const text = unsaid[field.key];
    return (
      <FieldControl
        key={field.key}
        field={text === undefined ? field : { ...field, fallback: text }}
        value={values[field.key] ?? ''}
        error={errorOf(field.key)}
        onChange={(value) => onChange({ ...values, [field.key]: value })}
      />
    );
  };
  return (
    <>
      {fields.filter(isFirst).map(control)}
      {rest.length > 0 && (
        <details>
          <summary className="min-h-6 text-sm text-text-2 hover:text-text">
            More settings{changed > 0 && ` (${changed} set)`}
          </summary>
          <div className="mt-3 flex flex-col gap-3">{rest.map(control)}</div>
        </details>
      )}
    </>
  );
}
