import { cx } from '../../ui/cx.ts';
import { controlClass } from '../../ui/field.tsx';
import type { ControlProps } from './control.tsx';
import { useForm } from './form-context.ts';
import { hiddenMark } from './schema-tree.ts';

/** A secret is chosen by its name. What it is is nowhere shown, and no value is typed here. */
export function SecretControl({ value, onChange, disabled, id, about, invalid }: ControlProps) {
  const { secretNames } = useForm();
  const text = typeof value === 'string' ? value : '';
  const variable = /^\$\{env:([^}]*)\}$/.exec(text)?.[1];
  const references = secretNames.map((name) => `\${secret:${name}}`);
  const chosen = variable === undefined ? text : 'env';
  const known = ['', 'env', hiddenMark, ...references];
  return (
    <div className="flex flex-col gap-2">
      <select
        value={chosen}
        disabled={disabled}
        id={id}
        aria-describedby={about}
        aria-invalid={invalid || undefined}
        onChange={(event) =>
          onChange(
            event.target.value === ''
              ? undefined
              : event.target.value === 'env'
                ? '${env:}'
                : event.target.value,
          )
        }
        className={cx(controlClass, 'h-8 pr-1')}
      >
        <option value="">None</option>
        {text === hiddenMark && <option value={hiddenMark}>As it is: written out in the file</option>}
        {!known.includes(chosen) && <option value={chosen}>{chosen}</option>}
        {secretNames.length > 0 && (
          <optgroup label="Secrets kept by Vigiles">
            {references.map((reference, i) => (
              <option key={reference} value={reference}>
                {secretNames[i]}
              </option>
            ))}
          </optgroup>
        )}
        <option value="env">An environment variable…</option>
      </select>
      {variable !== undefined && (
        <input
          type="text"
          aria-label="Name of the environment variable"
          placeholder="NAME_OF_THE_VARIABLE"
          spellCheck={false}
          autoComplete="off"
          value={variable}
          disabled={disabled}
          onChange={(event) => onChange(`\${env:${event.target.value.replaceAll(/[^A-Za-z0-9_]/g, '')}}`)}
          className={cx(controlClass, 'h-8 font-mono text-xs')}
        />
      )}
    </div>
  );
}
