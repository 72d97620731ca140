import { useEffect, useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { controlClass } from '../../ui/field.tsx';
import { asText } from './as-text.ts';
import { PairsControl } from './pairs-control.tsx';
import { hiddenMark, isSecret, kindOf, unitOf, type Node, type Path } from './schema-tree.ts';
import { SecretControl } from './secret-control.tsx';

export interface ControlProps {
  node: Node;
  path: Path;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled: boolean;
  /** Its own id, for its label; and those of what names and describes it. */
  id: string;
  label: string;
  about: string;
  invalid: boolean;
}

const numberOrText = (text: string): unknown => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text);

/** What is typed stays as it is typed; what comes from elsewhere takes its place. */
function useTyped(value: unknown, read: (text: string) => unknown, tell: (value: unknown) => void) {
  const [text, setText] = useState(() => asText(value));
  const told = asText(value);
  useEffect(() => {
    setText((typed) => (asText(read(typed)) === told ? typed : told));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `read` is made anew each time and always the same
  }, [told]);
  return {
    value: text,
    onChange(event: { target: { value: string } }) {
      setText(event.target.value);
      tell(read(event.target.value));
    },
  };
}

function Typed({ node, path, value, onChange, ...rest }: ControlProps) {
  const kind = kindOf(node);
  const unit = unitOf(String(path.at(-1)));
  const typed = useTyped(
    value,
    (text) => (text.trim() === '' ? undefined : kind === 'text' ? text : numberOrText(text.trim())),
    onChange,
  );
  return (
    <div className="flex items-center gap-2">
      <input
        type="text"
        inputMode={kind === 'number' ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
        id={rest.id}
        aria-describedby={rest.about}
        aria-invalid={rest.invalid || undefined}
        disabled={rest.disabled}
        placeholder={node.default === undefined ? '' : asText(node.default)}
        className={cx(controlClass, 'num h-8', kind === 'number' && 'max-w-36')}
        {...typed}
      />
      {unit && kind !== 'text' && <span className="shrink-0 text-sm text-text-3">{unit}</span>}
    </div>
  );
}

/** Entries one a line, or anything as JSON. */
function Long({ node, value, onChange, ...rest }: ControlProps) {
  const list = kindOf(node) === 'texts';
  const numbers = node.items?.type === 'number' || node.items?.type === 'integer';
  const typed = useTyped(
    value,
    (text) => {
      if (list) {
        const lines = text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '');
        return numbers ? lines.map(numberOrText) : lines;
      }
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    },
    onChange,
  );
  return (
    <textarea
      rows={Math.min(8, Math.max(2, typed.value.split('\n').length))}
      spellCheck={false}
      id={rest.id}
      aria-describedby={rest.about}
      aria-invalid={rest.invalid || undefined}
      disabled={rest.disabled}
      placeholder={list ? 'One a line' : 'JSON'}
      className={cx(controlClass, 'py-1.5 font-mono text-xs')}
      {...typed}
    />
  );
}

function Choices({ node, value, onChange, ...rest }: ControlProps) {
  const chosen = new Set(Array.isArray(value) ? value.map(String) : []);
  const all = (node.items?.enum ?? []).map(String);
  return (
    <div
      role="group"
      aria-labelledby={rest.label}
      aria-describedby={rest.about}
      className="flex flex-wrap gap-x-4"
    >
      {all.map((choice) => (
        <label key={choice} className="inline-flex min-h-7 items-center gap-2">
          <input
            type="checkbox"
            disabled={rest.disabled}
            checked={chosen.has(choice)}
            onChange={(event) =>
              onChange(all.filter((one) => (one === choice ? event.target.checked : chosen.has(one))))
            }
            className="size-4 accent-(--accent-solid)"
          />
          {choice}
        </label>
      ))}
    </div>
  );
}

/** The control of one setting, drawn from its schema. */
export function Control(props: ControlProps) {
  const { node, path, value, onChange } = props;
  const kind = kindOf(node);
  const common = {
    id: props.id,
    'aria-describedby': props.about,
    'aria-invalid': props.invalid || undefined,
    disabled: props.disabled,
  };
  if ((kind === 'text' || kind === 'number_or_text') && isSecret(path.at(-1) ?? '', value))
    return <SecretControl {...props} />;
  switch (kind) {
    case 'check':
      return (
        <input
          type="checkbox"
          role="switch"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
          className="switch"
          {...common}
        />
      );
    case 'choice': {
      const known = (node.enum ?? []).map(String);
      const chosen = asText(value);
      return (
        <select
          value={chosen}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, 'h-8 max-w-64 pr-1')}
          {...common}
        >
          {!known.includes(chosen) && <option value={chosen}>{chosen}</option>}
          {known.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      );
    }
    case 'choices':
      return <Choices {...props} />;
    case 'texts':
    case 'other':
      return <Long {...props} />;
    case 'pairs':
      return <PairsControl {...props} />;
    default:
      return value === hiddenMark ? <SecretControl {...props} /> : <Typed {...props} />;
  }
}
