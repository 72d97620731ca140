import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './cx.ts';

export const controlClass =
  'w-full rounded-md border border-edge bg-surface px-2.5 placeholder:text-text-3 aria-invalid:border-bad-fill disabled:opacity-60';

/** A labelled place of a form; what is wrong with it stands below it and is its description. */
function Field({
  label,
  hint,
  error,
  children,
  className,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string | undefined;
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}) {
  const id = useId();
  const told = error !== undefined || hint !== undefined;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm text-text-2">
        {label}
      </label>
      {children({
        id,
        ...(told ? { 'aria-describedby': `${id}-about` } : {}),
        ...(error === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {told && (
        <p id={`${id}-about`} className={cx('text-sm text-pretty', error ? 'text-bad' : 'text-text-3')}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  wrap?: string;
}

type Rest<Tag extends 'input' | 'select'> = Omit<ComponentProps<Tag>, 'value' | 'onChange' | 'id'>;

export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  wrap,
  className,
  ...rest
}: FieldProps & Rest<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} className={wrap}>
      {(ids) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, 'h-8', className)}
          {...ids}
          {...rest}
        />
      )}
    </Field>
  );
}

export function TextAreaField({
  label,
  value,
  onChange,
  hint,
  error,
  wrap,
  rows,
}: FieldProps & { rows: number }) {
  return (
    <Field label={label} hint={hint} error={error} className={wrap}>
      {(ids) => (
        <textarea
          rows={rows}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, 'py-1.5 font-mono text-xs')}
          {...ids}
        />
      )}
    </Field>
  );
}

interface Choice {
  id: string;
  label: string;
}

export function SelectField({
  label,
  value,
  onChange,
  hint,
  error,
  wrap,
  choices,
  ...rest
}: FieldProps & Rest<'select'> & { choices: readonly Choice[] }) {
  return (
    <Field label={label} hint={hint} error={error} className={wrap}>
      {(ids) => (
        <select
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, 'h-8 pr-1')}
          {...ids}
          {...rest}
        >
          {/* What the file says is shown even where it is no known choice. */}
          {!choices.some(({ id }) => id === value) && <option value={value}>{value}</option>}
          {choices.map(({ id, label: text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="inline-flex min-h-6 items-center gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 accent-(--accent-solid)"
      />
      {label}
    </label>
  );
}

/** Some of a few words; they are kept one a line. */
export function ChoicesField({
  label,
  value,
  onChange,
  hint,
  error,
  choices,
}: FieldProps & { choices: readonly string[] }) {
  const id = useId();
  const chosen = new Set(value.split('\n').filter((one) => one !== ''));
  const told = error ?? hint;
  return (
    <fieldset className="flex min-w-0 flex-col gap-1" {...(told ? { 'aria-describedby': id } : {})}>
      <legend className="text-sm text-text-2">{label}</legend>
      <div className="flex flex-wrap gap-x-4">
        {choices.map((choice) => (
          <CheckField
            key={choice}
            label={choice}
            checked={chosen.has(choice)}
            onChange={(on) =>
              onChange(choices.filter((one) => (one === choice ? on : chosen.has(one))).join('\n'))
            }
          />
        ))}
      </div>
      {told && (
        <p id={id} className={cx('text-sm text-pretty', error ? 'text-bad' : 'text-text-3')}>
          {told}
        </p>
      )}
    </fieldset>
  );
}
